// Inputs that are no plain files, cannot be read, or change while they are read.

import Foundation
import TestSupport
import Testing

struct InputFaultTests {
  @Test func foldersAndMissingFiles() throws {
    let folder = try FaultFolder()
    // A folder means the scripts below it, and there is none.
    let run = try folder.check("mkdir -p none && eval none")
    #expect(run.status != 0, "\(run.output)\(run.errors)")
    let missing = try folder.check("eval boot.map gone.map")
    #expect(missing.status == 2 && missing.output.isEmpty)
    #expect(missing.errors.hasPrefix("gone.map: error: cannot open: no such file or folder"))
    #expect(try folder.check("eval boot.map/x").status == 2)
    #expect(try folder.shell("ln -s loop loop; exec \"$LDS_CHECK\" eval loop").status == 2)
  }

  @Test(
    .enabled(if: ExternalTool.has("setpriv") || geteuid() != 0, "needs setpriv"),
    .enabled(if: !Sanitizer.countsRuns))
  func unreadableFiles() throws {
    let folder = try FaultFolder()
    // Root may read anything.
    let drop = geteuid() == 0 ? "setpriv --reuid 65534 --clear-groups" : ""
    let run = try folder.shell(
      "chmod 0 boot.map; exec \(drop) \"$LDS_CHECK\" eval boot.map")
    #expect(run.status == 2)
    #expect(run.errors == "boot.map: error: cannot open: permission denied [unreadable-file]\n")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mem")))
  func readingFails() throws {
    // Offset 0 of a process's memory is never mapped.
    let run = try ProgramRun.run(["eval", "/proc/self/mem"])
    #expect(run.status == 2)
    #expect(run.errors.contains("cannot read: input/output error"))
  }

  @Test func pipesGiveAFewBytesAtATime() throws {
    let folder = try FaultFolder()
    let whole = try folder.check("eval boot.map")
    let slow = "dd if=boot.map bs=61 2>/dev/null"
    for line in [
      "mkfifo p; \(slow) >p & \"$LDS_CHECK\" eval p", "\(slow) | \"$LDS_CHECK\" eval -",
      "\"$LDS_CHECK\" eval <(\(slow))",
    ] {
      let run = try folder.shell(line)
      #expect(run.status == 1 && run.output.hasSuffix(FaultFolder.summary), "\(line)")
      #expect(run.output.count { $0 == "\n" } == whole.output.count { $0 == "\n" })
    }
  }

  @Test(.enabled(if: ExternalTool.has("python3"), "needs python3"))
  func nonBlockingPipesAreWaitedFor() throws {
    let folder = try FaultFolder()
    try folder.folder.write(
      "nonblock.py",
      """
      import os, subprocess, sys, time
      i, o = os.pipe(), os.pipe()
      os.set_blocking(i[0], False); os.set_blocking(o[1], False)
      p = subprocess.Popen([os.environ["LDS_CHECK"], "parse", "-"], stdin=i[0], stdout=o[1])
      os.close(i[0]); os.close(o[1])
      for _ in range(3):
          time.sleep(0.1); os.write(i[1], b"a = 1;\\n" * 3000)
      os.close(i[1]); time.sleep(0.3)
      n = 0
      while chunk := os.read(o[0], 65536): n += len(chunk)
      print(p.wait(), n > 1000000)
      """)
    let run = try folder.shell("python3 nonblock.py")
    #expect(run.output == "0 True\n" && run.errors.isEmpty)
  }

  @Test func includesOpenFilesOnly() throws {
    let folder = try FaultFolder()
    for name in ["/dev/zero", "pipe"] {
      let run = try folder.shell(
        "mkfifo pipe; echo 'INCLUDE \(name)' >a.lds; exec timeout 20 \"$LDS_CHECK\" lint a.lds")
      #expect(run.status == 1)
      #expect(run.output.contains("not a file"), "\(run.output)")
      let header = try folder.shell(
        "printf '#include \"\(name)\"\\na = 1;\\n' >a.lds; exec timeout 20 \"$LDS_CHECK\" parse a.lds"
      )
      #expect(header.status == 2 && header.errors.contains("not a file"), "\(header.errors)")
    }
    let given = try folder.shell(
      "echo 'a = A;' >a.lds; \"$LDS_CHECK\" parse --expand -include /dev/null "
        + "-include <(echo '#define A 7') a.lds")
    #expect(given.status == 0 && given.output.contains("a = 7;"))
  }

  @Test func aPlantedPipeBesideAScriptIsNotOpened() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      "mkfifo .a.lds.cmd .lds-check.json; printf '#define A 1\\na = A;\\n' >a.lds;"
        + "exec timeout 20 \"$LDS_CHECK\" lint a.lds")
    #expect(run.status == 0 && run.errors.isEmpty)
  }

  /// A large map is mapped into memory: whoever cuts it short meanwhile must not kill the program.
  @Test func filesThatShrinkGrowAndVanish() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      awk '{ print } /^\\.text / { for (i = 0; i < 90000; i++)
        printf " .text.f%d 0x%016x 0x10 f%d.o\\n", i, 4096 + 16 * i, i }' boot.map > big
      (while :; do cp big m.new; mv m.new m; : > m; cat big > m; truncate -s 2M m;
        tail -c 999999 big >> m; rm m; done) 2>/dev/null & writer=$!
      for i in 1 2 3 4 5 6 7 8; do "$LDS_CHECK" symbols m >/dev/null 2>err; echo $?; cat err; done
      kill -9 $writer; wait $writer 2>/dev/null; stat -c %s big >&2
      """)
    let lines = run.output.split(separator: "\n")
    let statuses = lines.compactMap { Int($0) }
    #expect(statuses.count == 8 && statuses.allSatisfy { $0 == 0 || $0 == 2 }, "\(run.output)")
    #expect(Int(run.errors.split(separator: "\n").last ?? "") ?? 0 > 4 << 20)
  }

  @Test func closedStandardInput() throws {
    let folder = try FaultFolder()
    let run = try folder.check("eval - <&-")
    #expect(
      run.status == 2
        && run.errors == "<stdin>: error: cannot read: it is closed [unreadable-file]\n")
    #expect(try folder.check("eval boot.map <&-").output.hasSuffix(FaultFolder.summary))
  }

  @Test func inputsAreNeverWrittenOver() throws {
    let folder = try FaultFolder()
    let before = folder.folder.text("boot.map")
    for words in [
      "eval boot.map -o boot.map", "eval boot.map -o ./boot.map", "eval boot.map -o json=boot.map",
      "eval --symbols=boot.map -o link", "symbols hard -o boot.map",
      "eval boot.nm --script boot.lds -o boot.lds",
      "eval - -o boot.map <boot.map", "eval boot.map --history boot.map",
      "eval boot.map --write-baseline ../${PWD##*/}/boot.map",
      "lint boot.lds --config c.json -o c.json",
      "lint boot.lds --baseline boot.map -o boot.map",
      "lint boot.lds -include boot.map -o boot.map",
    ] {
      let run = try folder.shell(
        "ln -sf boot.map link; ln -f boot.map hard; echo '{}' >c.json; exec \"$LDS_CHECK\" " + words
      )
      #expect(run.status == 2 && run.output.isEmpty, "\(words)")
      #expect(run.errors.contains("inputs are never changed"), "\(words): \(run.errors)")
    }
    #expect(folder.folder.text("boot.map") == before)
    #expect(try folder.newNames() == ["c.json", "hard", "link"])
    // A baseline is read and written anew.
    let renewed = try folder.shell(
      "\"$LDS_CHECK\" lint boot.lds --write-baseline b >/dev/null; "
        + "exec \"$LDS_CHECK\" lint boot.lds --baseline b --write-baseline b >/dev/null")
    #expect(renewed.status == 0 && renewed.errors.isEmpty)
  }
}
