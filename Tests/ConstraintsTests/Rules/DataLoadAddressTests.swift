// Random sections in RAM, with and without a load address, linked with the real ld: the rule fires only
// where ld loads data at its run-time address, and at most of these places.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct DataLoadAddressTests {
  private static let inputs = [".data", ".ramfunc", ".tables", ".bss", ".noinit"]

  private static func script(_ random: inout SeededGenerator) -> String {
    var text = """
      MEMORY {
        ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K
        RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K
        TCM (rw) : ORIGIN = 0x30000000, LENGTH = 8K
      }
      SECTIONS {
        .text : { *(.text) } >ROM

      """
    for input in inputs.shuffled(using: &random) {
      let type = random.pick(["", "", "", " (NOLOAD)", " (COPY)"]) ?? ""
      let load = random.pick(["", "", "", "", " AT(0x8004000)"]) ?? ""
      let pattern = random.pick([input, input + "*", ".none"]) ?? input
      let tail = load.isEmpty ? random.pick(["", "", "", " AT>ROM"]) ?? "" : ""
      let region = random.pick(["RAM", "RAM", "TCM"]) ?? "RAM"
      text += "  \(input)\(type) :\(load) { *(\(pattern)) } >\(region)\(tail)\n"
    }
    return text + "  /DISCARD/ : { *(*) }\n}\n"
  }

  @Test(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"))
  func firesWhereDataIsLoadedInRAM() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .text
      nop
      .data
      .long 1
      .section .ramfunc, "aw"
      .long 2
      .section .tables, "aw"
      .long 3
      .section .noinit, "aw", @nobits
      .long 0
      .bss
      .long 0

      """)
    try #require(try ProgramRun.shell("as a.s -o a.o", folder: folder.path).status == 0)
    var random = SeededGenerator(seed: 5)
    var loadedInRAM = 0
    var loadedInROM = 0
    var found = 0
    for _ in 0..<150 {
      let text = Self.script(&random)
      try folder.write("S", text)
      let run = try ProgramRun.shell(
        "rm -f o; ld --no-check-sections -T S a.o -o o 2>&1", folder: folder.path)
      let bytes = try #require(
        FileManager.default.contents(atPath: folder.path("o")), "\(run.output)\n\(text)")
      let image = try ImageReader.read(SourceBuffer(path: FilePath("o"), bytes: Array(bytes)))
      guard
        let data = image.outputSections.first(where: { $0.name == Array(".data".utf8) }),
        data.flags?.contains(.allocated) ?? false, data.size > 0,
        !text.contains(".data (")
      else { continue }
      let script = ScriptParser.parse(SourceBuffer(name: "S", text: text))
      let findings = RuleRegistry.check(RuleContext(script: script))
        .filter { $0.rule == "data-load-address" }
      let isLoadedInRAM = data.lma == data.vma
      #expect(findings.isEmpty || isLoadedInRAM, "\(String(describing: data.lma))\n\(text)")
      if !isLoadedInRAM { loadedInROM += 1 }
      if isLoadedInRAM { loadedInRAM += 1 }
      if !findings.isEmpty { found += 1 }
    }
    #expect(loadedInROM > 20, "\(loadedInRAM) \(loadedInROM)")
    // What stands behind a section with AT is left alone, whether or not that section has contents.
    #expect(found * 4 > loadedInRAM * 3, "\(found) of \(loadedInRAM)")
  }
}
