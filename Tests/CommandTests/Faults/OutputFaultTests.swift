// Output that cannot be written: full disks, closed streams, readers that went away, planted links.

import Foundation
import TestSupport
import Testing

struct OutputFaultTests {
  // MARK: Files

  @Test(.enabled(if: !Sanitizer.writesFiles)) func aFullDiskLeavesTheOldFile() throws {
    let folder = try FaultFolder()
    // SIGXFSZ would kill; the limit is one block, less than the JSON takes.
    let run = try folder.shell(
      "echo old >out; (ulimit -f 1; exec \"$LDS_CHECK\" symbols boot.map --format json -o out 2>&1) | cat"
    )
    #expect(run.output == "lds-check: error: out: cannot write: File too large\n")
    #expect(folder.folder.text("out") == "old\n")
    #expect(try folder.newNames() == ["out"])
    let full = try folder.check("eval boot.map -o /dev/full")
    #expect(full.status == 2)
    #expect(full.errors == "lds-check: error: /dev/full: cannot write: No space left on device\n")
  }

  @Test(.enabled(if: OutputFaultTests.canMount)) func aFullFileSystemLeavesTheOldFile() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      exec unshare -m bash -c 'mkdir t && mount -t tmpfs -o size=8k none t && echo old >t/out; cat /dev/zero >t/fill 2>/dev/null
      "$LDS_CHECK" symbols boot.map --format json -o t/out; echo $?; cat t/out; ls -A t'
      """)
    #expect(run.output == "2\nold\nfill\nout\n")
    #expect(run.errors == "lds-check: error: t/out: cannot write: No space left on device\n")
  }

  private static let canMount =
    (try? ProgramRun.tool(
      "unshare", ["-m", "sh", "-c", "mount -t tmpfs none /mnt"]))?.status == 0

  @Test func everyOtherReportStaysToo() throws {
    let folder = try FaultFolder()
    let run = try folder.check("eval boot.map -o sarif=a.sarif -o json=none/b.json -o junit=c.xml")
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(
      run.errors == "lds-check: error: none/b.json: cannot write: No such file or directory\n")
    #expect(try folder.newNames() == [])
  }

  @Test func aFaultOfTheInputLeavesTheOldFile() throws {
    let folder = try FaultFolder()
    let run = try folder.shell("echo old >out; exec \"$LDS_CHECK\" symbols boot.map . -o out")
    #expect(run.status == 2)
    #expect(folder.folder.text("out") == "old\n")
    #expect(try folder.newNames() == ["out"])
  }

  @Test(arguments: [
    "-o out --write-baseline out", "-o json=out -o sarif=./out", "-o out --history ./out",
    "-o link/out --write-baseline out",
  ])
  func oneFileIsWrittenOnce(_ words: String) throws {
    let folder = try FaultFolder()
    let run = try folder.shell("ln -s . link; exec \"$LDS_CHECK\" eval boot.map " + words)
    #expect(run.status == 2 && run.errors.contains("is already taken by '--output'"))
    #expect(try folder.newNames() == ["link"])
  }

  @Test func plantedLinksAreReplacedWhereverTheyLead() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      mkdir in out; echo secret >in/victim; mkfifo in/pipe
      ln -s ../in/victim out/a; ln -s ../in/pipe out/b; ln -s /dev/full out/c; ln -s none out/d
      ln -s ../in/victim out/e
      for f in a b c d; do timeout 20 "$LDS_CHECK" eval boot.map -o out/$f; echo $?; done
      "$LDS_CHECK" lint boot.lds --write-baseline out/e >/dev/null; echo $?
      find out -type l | wc -l; cat in/victim; ls -A out
      """)
    #expect(run.output == "1\n1\n1\n1\n0\n0\nsecret\na\nb\nc\nd\ne\n")
    #expect(run.errors.isEmpty)
  }

  @Test func rightsOfFiles() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      echo old >a; chmod 640 a; umask 027
      for f in a b; do "$LDS_CHECK" eval boot.map -o $f; stat -c %a $f; done
      """)
    #expect(run.output == "640\n640\n")
    let fixed = try folder.shell(
      "echo 'ASSERT(1, \"x\")' >s.lds; chmod 755 s.lds; \"$LDS_CHECK\" lint --fix s.lds >/dev/null; stat -c %a s.lds"
    )
    #expect(fixed.output == "755\n")
  }

  @Test func devicesAndPipesAreWrittenTo() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      "$LDS_CHECK" eval boot.map -o /dev/stdout | tail -1
      "$LDS_CHECK" eval boot.map -o /dev/null; echo $?
      mkfifo p; tail -1 p & "$LDS_CHECK" eval boot.map -o p; wait
      """)
    #expect(run.output == FaultFolder.summary + "1\n" + FaultFolder.summary)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"))) func readOnlyFolders()
    throws
  {
    // /proc lets nobody make files, not even root.
    let map = Checkout.path("samples/grown/boot.map")
    let run = try ProgramRun.run(["eval", map], folder: "/proc")
    #expect(run.status == 1 && run.output.hasSuffix(FaultFolder.summary))
    let refused = try ProgramRun.run(["eval", map, "-o", "out.json"], folder: "/proc")
    #expect(
      refused.status == 2 && refused.errors.hasPrefix("lds-check: error: out.json: cannot write"))
  }

  // MARK: Streams

  @Test func readersThatGoAwayAreNoError() throws {
    let folder = try FaultFolder()
    // More than a pipe holds, so that the program meets the closed end while writing.
    let script = (0..<4000).map { "symbol_\($0) = \($0);\n" }.joined()
    try folder.folder.write("long.lds", script)
    for command in ["parse long.lds", "symbols boot.map", "rules --format markdown"] {
      let run = try folder.shell(
        "\"$LDS_CHECK\" \(command) | head -c 10 >/dev/null; echo ${PIPESTATUS[0]}")
      #expect(run.output == "0\n" && run.errors.isEmpty, "\(command)")
    }
    let failing = try folder.shell("\"$LDS_CHECK\" eval boot.map | true; echo ${PIPESTATUS[0]}")
    #expect(failing.output == "1\n")
  }

  @Test func closedStreams() throws {
    let folder = try FaultFolder()
    let closed = try folder.check("eval boot.map >&-")
    #expect(closed.status == 2)
    #expect(
      closed.errors == "lds-check: error: standard output: cannot write: Bad file descriptor\n")
    #expect(try folder.check("eval boot.map >/dev/null 2>&-").status == 1)
    #expect(try folder.check("eval gone.map 2>&-").status == 2)
    #expect(try folder.check("eval boot.map <&- >&- 2>&-").status == 2)
    // The files opened first must not take the place of a closed stream.
    #expect(try folder.check("eval gone.map -o out <&- >&- 2>&-").status == 2)
    #expect(try folder.check("eval boot.map -o out <&- >&- 2>&-").status == 1)
    #expect(folder.folder.text("out")?.hasSuffix(FaultFolder.summary) == true)
  }
}
