// `lds-check format` as people and editors run it.

import Foundation
import TestSupport
import Testing

@Suite struct FormatCommandTests {
  private let loose = "SECTIONS { . = 1 ;\n.text :{ *(.text) *(.text.*) } }\n"
  private let tidy = """
    SECTIONS
    {
      . = 1;
      .text : {
        *(.text)
        *(.text.*)
      }
    }

    """

  @Test func formattedTextIsPrinted() throws {
    let folder = try TemporaryFolder()
    // `.text :{` is what ld refuses without the blank.
    let text = loose.replacingOccurrences(of: ":{", with: ": {")
    try folder.write("a.lds", text)
    let run = try ProgramRun.run(["format", "a.lds"], folder: folder.path)
    #expect(run.status == 0 && run.output == tidy && run.errors.isEmpty, "\(run)")
    #expect(folder.text("a.lds") == text)
    let piped = try ProgramRun.run(
      ["format", "-", "--stdin-filename", "b/a.lds"], input: text, folder: folder.path)
    #expect(piped.status == 0 && piped.output == tidy)
  }

  @Test func checkNamesWhatIsNotFormatted() throws {
    let folder = try TemporaryFolder()
    try folder.write("tidy.lds", tidy)
    try folder.write("loose.lds", "a  =  1;\n")
    let run = try ProgramRun.run(
      ["format", "--check", "tidy.lds", "loose.lds"], folder: folder.path)
    #expect(run.status == 1 && run.output == "loose.lds is not formatted\n")
    #expect(try ProgramRun.run(["format", "--check", "tidy.lds"], folder: folder.path).status == 0)
    let diff = try ProgramRun.run(["format", "--diff", "loose.lds"], folder: folder.path)
    #expect(diff.status == 0 && diff.output.contains("-a  =  1;\n+a = 1;\n"))
    let both = try ProgramRun.run(
      ["format", "--check", "--diff", "loose.lds"], folder: folder.path)
    #expect(both.status == 1 && both.output == diff.output)
  }

  @Test func filesAreChangedInPlaceOnlyIfThatIsAsked() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.lds", "a  =  1;\n")
    let run = try ProgramRun.run(["format", "--in-place", "a.lds"], folder: folder.path)
    #expect(run.status == 0 && run.output.isEmpty && folder.text("a.lds") == "a = 1;\n")
    let clash = try ProgramRun.run(
      ["format", "--in-place", "--check", "a.lds"], folder: folder.path)
    #expect(clash.status == 2)
    let stream = try ProgramRun.run(
      ["format", "--in-place", "-"], input: "a = 1;\n", folder: folder.path)
    #expect(stream.status == 2)
  }

  @Test func whatCannotBeReadIsLeftWithAPlace() throws {
    let folder = try TemporaryFolder()
    for (name, text, place) in [
      ("a.lds", "SECTIONS {\n  .a : { *(.a }\n}\n", "a.lds:2:15"),
      ("b.lds", "x  =  ;\n", "b.lds:1:7"),
    ] {
      try folder.write(name, text)
      let run = try ProgramRun.run(["format", "--in-place", name], folder: folder.path)
      #expect(run.status == 2 && folder.text(name) == text)
      #expect(run.errors.contains("\(place): error:"), "\(run.errors)")
    }
  }

  @Test func macrosOfTheRunDecideWhatIsRead() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.lds.S", "#ifdef A\nx  =  (1+2);\n#endif\nNAME( a-b )\n")
    let run = try ProgramRun.run(
      ["format", "-D", "A", "-D", "NAME(x)=y = x;", "a.lds.S"], folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "#ifdef A\nx = (1 + 2);\n#endif\nNAME(a-b)\n")
  }
}
