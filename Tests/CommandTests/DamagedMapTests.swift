// Maps as they come out of tickets, logs, editors and other shells: read right, or refused with a reason.

import Foundation
import TestSupport
import Testing

struct DamagedMapTests {
  /// A way in which a map is changed between the linker and the check.
  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// A line of bash that writes the map `boot.map` to standard output as it arrives.
    let command: String
    /// What the program says of it; nil if it reads the map all the same.
    let refusal: String?

    init(_ name: String, _ command: String, _ refusal: String?) {
      testDescription = name
      self.command = command
      self.refusal = refusal
    }
  }

  static let changes = [
    Change("CRLF", "sed 's/$/\\r/' boot.map", nil),
    Change("byte order mark", "printf '\\xef\\xbb\\xbf'; cat boot.map", nil),
    Change("gzip", "gzip -c boot.map", nil),
    Change("blank lines in front", "printf '\\n'; cat boot.map", nil),
    Change("nothing", "true", "the file is empty"),
    Change("blanks", "printf '  \\n\\n'", "the file holds nothing but blanks"),
    Change(
      "headings", "sed '/^Linker script and memory map/q' boot.map",
      "the map lists no section and no symbol"),
    Change(
      "the first heading", "printf '\\nMemory Configuration\\n'",
      "the map ends before its memory map begins"),
    Change("indentation lost", "sed 's/^ *//' boot.map", "holds an ASSERT that cannot be read"),
    Change(
      "indentation lost, no ASSERT", "sed 's/^ *//' boot.map | grep -v ASSERT",
      "are in no form that a linker writes: its blanks were lost"),
    Change(
      "runs of blanks lost", "sed 's/  */ /g' boot.map", "holds an ASSERT that cannot be read"),
    Change("tabs", "unexpand -a boot.map", "holds an ASSERT that cannot be read"),
    Change(
      "one ASSERT moved", "sed 's/^ *\\(0x.*ASSERT.*__init_end\\)/   \\1/' boot.map",
      "holds an ASSERT that cannot be read"),
    Change(
      "start lost", "sed '1,/^Linker script/d' boot.map",
      "rows like those of a map, without its beginning"),
    Change(
      "start and indentation lost", "sed '1,/^Linker script/d; s/^ *//' boot.map",
      "rows like those of a map, without its beginning"),
    Change(
      "end lost", "head -c 3000 boot.map", "the map has no OUTPUT line at its end"),
    Change(
      "time stamps", "sed 's/^/2026-11-22T10:11:12.1234567Z /' boot.map",
      "the lines of a map, each behind what a log or a quotation puts before it"),
    Change(
      "quoted", "sed 's/^/> /' boot.map",
      "the lines of a map, each behind what a log or a quotation puts before it"),
    Change(
      "in a log", "printf 'make: x\\nld -M\\n\\n\\n'; cat boot.map",
      "other text stands before a map, which begins at line"),
    Change(
      "UTF-16", "printf '\\xff\\xfe'; sed 's/./&\\x00/g; s/$/\\n/' boot.map | head -c 4000",
      "UTF-16 text"),
  ]

  @Test(arguments: changes) func isReadRightOrRefused(_ change: Change) throws {
    let folder = try FaultFolder()
    let sound = try folder.check("eval boot.map")
    #expect(
      try folder.shell("{ \(change.command); } >changed 2>/dev/null; mv changed boot.map").status
        == 0)
    let run = try folder.check("eval boot.map")
    guard let refusal = change.refusal else {
      #expect(run.status == 1 && run.output.hasSuffix(FaultFolder.summary), "\(run)")
      #expect(run.output.count { $0 == "\n" } == sound.output.count { $0 == "\n" })
      return
    }
    for command in ["eval boot.map", "lint boot.map", "explain boot.map", "symbols boot.map"] {
      let run = try folder.check(command)
      #expect(run.status == 2 && run.output.isEmpty, "\(run)")
      #expect(run.errors.hasPrefix("boot.map: ") && run.errors.contains(refusal), "\(run)")
    }
    // The older map of a comparison is held to the same.
    try folder.folder.write("new.map", try Checkout.bytes("samples/grown/boot.map"))
    #expect(try folder.check("explain new.map --against boot.map").status == 2)
  }

  @Test func aGapIsNotPassedOverInSilence() throws {
    let folder = try FaultFolder()
    let elide = "sed -i '60,62c[... 3 lines ...]' boot.map"
    for command in ["eval boot.map", "eval --quiet boot.map", "explain boot.map"] {
      let run = try folder.check(command)
      #expect(run.errors.isEmpty, "\(run)")
    }
    #expect(try folder.shell(elide).status == 0)
    for command in ["eval boot.map", "eval --quiet boot.map", "explain boot.map"] {
      let run = try folder.check(command)
      #expect(run.errors.contains("boot.map: 1 line is in no known form"), "\(run)")
      #expect(run.errors.contains("the first of them line 60; an ASSERT"), "\(run)")
    }
  }

  @Test func utf16WithoutAMark() throws {
    let folder = try TemporaryFolder()
    let text = try #require(
      String(bytes: try Checkout.bytes("samples/grown/boot.map"), encoding: .utf8))
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      let wide = try #require(text.data(using: encoding))
      try folder.write("x.map", Array(wide))
      let run = try ProgramRun.run(["eval", "x.map"], folder: folder.path)
      #expect(run.status == 2 && run.errors.contains("UTF-16 text"), "\(run)")
    }
  }

  /// Everything that blanks in a linker's own map mean is still read: no real map may be refused.
  @Test(arguments: ["grown", "sound", "unaligned"]) func realMapsAreRead(_ sample: String) throws {
    let run = try ProgramRun.run(
      ["lint", "\(sample)/boot.map"], folder: Checkout.path("samples"))
    #expect(run.status != 2 && run.errors.isEmpty, "\(run)")
  }
}
