// The built program as a user meets it: help, wrong usage, exit status, closed pipes.

import TestSupport
import Testing

struct ProgramTests {
  @Test func noCommandShowsTheOverviewAndFails() throws {
    let bare = try ProgramRun.run([])
    let asked = try ProgramRun.run(["--help"])
    #expect(bare.status == 2 && bare.output == "")
    #expect(asked.status == 0 && asked.errors == "")
    #expect(bare.errors == asked.output)
    #expect(try ProgramRun.run(["help"]).output == asked.output)
    #expect(try ProgramRun.run(["-h"]).output == asked.output)
    expectSnapshot(asked.output, named: "help.txt")
  }

  @Test func version() throws {
    let run = try ProgramRun.run(["--version"])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("lds-check ") && run.output.hasSuffix("\n"))
  }

  @Test func unknownCommandsAndOptions() throws {
    let command = try ProgramRun.run(["complektion"])
    #expect(command.status == 2 && command.output == "")
    expectSnapshot(command.errors, named: "unknown-command.txt")
    let option = try ProgramRun.run(["--versoin"])
    #expect(option.status == 2)
    expectSnapshot(option.errors, named: "unknown-option.txt")
  }

  @Test func hostileArgumentsDoNotReachTheTerminal() throws {
    let run = try ProgramRun.run(["\u{1B}[31m\u{7}"])
    #expect(run.status == 2)
    #expect(!run.errors.utf8.contains(0x1B) && !run.errors.utf8.contains(7))
  }

  @Test func closedPipeIsNoError() throws {
    // The reader is gone before the first byte comes.
    let run = try ProgramRun.shell("{ sleep 0.2; \"$LDS_CHECK\" --help; echo $? >&2; } | true")
    #expect(run.errors == "0\n")
  }

  @Test func fullDiskAndClosedOutputAreErrors() throws {
    let full = try ProgramRun.shell("\"$LDS_CHECK\" --help >/dev/full")
    #expect(full.status == 2)
    #expect(
      full.errors == "lds-check: error: standard output: cannot write: No space left on device\n")
    let closed = try ProgramRun.shell("\"$LDS_CHECK\" --help >&-")
    #expect(closed.status == 2)
    #expect(closed.errors.contains("Bad file descriptor"))
    #expect(try ProgramRun.shell("\"$LDS_CHECK\" --help 2>&- <&-").status == 0)
  }
}
