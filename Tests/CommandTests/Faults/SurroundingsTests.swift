// Poor surroundings: no environment, no working folder, few descriptors, many neighbours, many arguments.

import Foundation
import TestSupport
import Testing

struct SurroundingsTests {
  @Test func noEnvironmentAndNoHome() throws {
    let folder = try FaultFolder()
    let run = try folder.shell("exec env -i \"$LDS_CHECK\" eval boot.map")
    #expect(run.status == 1 && run.output.hasSuffix(FaultFolder.summary))
    let home = try folder.shell(
      "HOME=/nonexistent XDG_CONFIG_HOME=/dev/zero exec \"$LDS_CHECK\" lint boot.lds")
    #expect(home.status == 0 && home.errors.isEmpty)
  }

  @Test func theWorkingFolderIsGone() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      here=$PWD; mkdir d; cd d; rmdir ../d
      "$LDS_CHECK" eval "$here/boot.map" | tail -1
      "$LDS_CHECK" lint "$here/boot.lds" --format sarif >/dev/null; echo $?
      "$LDS_CHECK" eval boot.map; echo $?
      """)
    #expect(run.output == FaultFolder.summary + "0\n2\n")
    #expect(run.errors.hasPrefix("boot.map: error: cannot open: no such file or folder"))
  }

  @Test func fewDescriptors() throws {
    let folder = try FaultFolder()
    // The loader of dynamic libraries needs the fourth.
    let run = try folder.shell("(ulimit -n 4; exec \"$LDS_CHECK\" eval boot.map boot.lds)")
    #expect(run.status == 1)
    #expect(run.output.contains("ASSERTs hold"))
    let none = try folder.shell(
      "(ulimit -n 4; exec \"$LDS_CHECK\" eval boot.map -o json=a -o sarif=b)")
    #expect(none.status == 2)
    #expect(none.errors == "lds-check: error: b: cannot write: Too many open files\n")
    #expect(try folder.newNames() == [])
  }

  @Test func manyRunsAtOnce() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      for i in $(seq 40); do
        "$LDS_CHECK" eval boot.map -o text=all.txt -o json=$i.json >$i.out; echo $? >$i.status
      done & for i in $(seq 41 80); do
        { "$LDS_CHECK" eval boot.map -o text=all.txt -o json=$i.json >$i.out; echo $? >$i.status; } &
      done; wait; wait
      cat *.status | sort | uniq -c; cat *.json | md5sum | wc -l; md5sum *.json | cut -c1-32 | sort -u | wc -l
      tail -1 all.txt; ls -A | grep -c tmp
      """)
    #expect(run.output == "     80 1\n1\n1\n" + FaultFolder.summary + "0\n")
  }

  @Test func manyAndLongArguments() throws {
    let folder = try FaultFolder()
    let missing = try folder.check("eval $(seq -f x%.0f 100000)")
    #expect(missing.status == 2 && missing.errors.hasPrefix("x1: error: cannot open"))
    let macros = try folder.check("lint boot.lds $(seq -f -DA%.0f=1 50000)")
    #expect(macros.status == 0 && macros.errors.isEmpty)
    let long = "$(head -c 130000 /dev/zero | tr '\\0' a)"
    for words in [
      "eval \(long)", "\(long)", "eval --\(long)", "eval --format=\(long) boot.map",
      "explain --assert \(long) boot.map", "eval -o \(long) boot.map",
      "lint -I \(long) -D\(long) boot.lds",
    ] {
      let run = try folder.check(words)
      #expect((0...2).contains(run.status), "\(words)")
    }
    let empty = try folder.check("eval ''")
    #expect(empty.status == 2 && !empty.errors.isEmpty)
  }

  /// Signals that a program without handlers shrugs off: reading and writing go on after each.
  @Test func stopsAndResizesInterruptNothing() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      """
      (for i in $(seq 60); do sed -n "${i}p" boot.map; sleep 0.005; done; sed -n '61,$p' boot.map) |
        "$LDS_CHECK" eval - >out & pid=$!
      for i in $(seq 20); do kill -STOP $pid; kill -WINCH $pid; kill -URG $pid; kill -CONT $pid; sleep 0.01; done
      wait $pid; echo $?; tail -1 out
      """)
    #expect(run.output == "1\n" + FaultFolder.summary)
  }
}
