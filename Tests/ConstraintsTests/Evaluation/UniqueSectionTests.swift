// `--unique`: sections of the image that an input section has to itself, beside that of the script with the same name. What
// the script's own came to is told where something tells, and nothing else is claimed.

import LdsParser
import TestSupport
import Testing

struct UniqueSectionTests {
  private static let objects = [(2, 3), (5, 2)].map { first, second in
    """
    .text
    .globl t\(first)
    t\(first): .skip \(first)
    .section .text.a,"ax"
    .skip \(second)
    .section .more,"aw"
    .skip \(first + second)
    .section .more.x,"aw"
    .skip \(first + 1)

    """
  }

  private static let scripts = [
    ".text 0x1000 : { *(.text .text.*) } .more : { *(.more) }",
    ".text 0x1000 : { s = .; *(.text .text.*) } .more : { *(.more) e = .; }",
    ".text 0x1000 : { s = .; *(.text .text.*) e = .; } .more : { *(.more.*) }",
    ".text 0x1000 : { *(.text .text.*) BYTE(1) } .more : { m = .; *(.more.*) }",
    ".text 0x1000 : { s = .; *(.text.*) e = .; } .more : { m = .; *(.more.*) n = .; }",
  ]

  private static let options = [
    [], ["--unique"], ["--unique=.text"], ["--unique=.t*"], ["--unique=.text.a"],
    ["--unique=.more*", "--unique"],
  ]

  private static let sections = [".text", ".more"]

  /// The script with an ASSERT for what each section came to, and for the contrary.
  private func asserted(_ script: String, _ link: JudgedLink, _ options: [String]) throws -> String?
  {
    let queries = Self.sections.flatMap { section in
      ["SIZEOF", "ADDR", "LOADADDR", "ALIGNOF"].map { "\($0)(\(section))" }
    }
    let text = "SECTIONS { \(script) b = .; }\n"
    let probes = queries.enumerated().map { "q\($0) = ABSOLUTE(\($1));\n" }.joined()
    guard try link.link(text + probes, options) != nil else { return nil }
    let image = try ImageReader.read(link.folder.buffer("x"))
    return text
      + (try queries.enumerated().map { index, query in
        let record = try #require(
          image.symbols.records.first { image.symbols.name($0) == "q\(index)" })
        return "ASSERT(\(query) == \(record.value), \"m\(index)\")\n"
          + "ASSERT(\(query) != \(record.value), \"n\(index)\")\n"
      }.joined())
  }

  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil })
  func sectionsAreTheScripts(_ release: KnownRelease) throws {
    for objects in [Self.objects, [Self.objects[1]]] {
      let link = try JudgedLink(release, objects)
      for options in Self.options {
        var decided = 0
        for script in Self.scripts {
          guard let text = try asserted(script, link, options) else { continue }
          let failed = try #require(try link.link(text, options))
          // With a single object the image of one section of a name is no sign of the option.
          if objects.count > 1 { decided += try link.compare(failed: failed) }
          let command = ["ld"] + options + ["-T", "s.ld", "o0.o"]
          let known = try #require(LinkCommand(command.map { Array($0.utf8) }))
          decided += try link.compare(settings: LinkSettings(known), failed: failed)
        }
        #expect(decided > 150, "\(release.name) \(options) \(decided)")
      }
    }
  }
}
