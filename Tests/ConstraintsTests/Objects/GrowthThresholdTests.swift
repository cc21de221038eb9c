// Edits and thresholds beside the real linker: what is told of "and if it were larger?" is what another link says.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(
  .enabled(if: InstalledLinkers.canLink && InstalledLinkers.bfd?.version == LinkerVersion(2, 40)))
struct GrowthThresholdTests {
  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  /// Links, and the first seed; a campaign asks for more.
  private static let count = setting("LDS_THRESHOLD_LINKS") ?? 4
  private static let first = setting("LDS_THRESHOLD_SEED") ?? 1

  private static let linker = InstalledLinkers.bfd?.path ?? "ld"

  private static func command(
    _ firmware: FirmwareObjects, in folder: TemporaryFolder
  ) throws -> (script: LinkerScript, command: LinkCommand) {
    let command = try #require(
      LinkCommand(
        (["ld"] + firmware.command()).map { Array($0.utf8) },
        workingDirectory: FilePath(folder.path)))
    let script = try ScriptParser.parse(
      folder.buffer("S"), options: ScriptParser.Options(dialect: .laidOut)
    ).linked(with: LinkSettings(command), dialect: .laidOut)
    return (script, command)
  }

  // MARK: Thresholds

  @Test func thresholdsAreThoseOfTheLinker() throws {
    var counts = (told: 0, exact: 0, wrong: 0)
    for seed in Self.first..<Self.first + Self.count {
      let firmware = FirmwareObjects(seed: UInt64(seed))
      let folder = try TemporaryFolder()
      try firmware.write(to: folder)
      let (script, command) = try Self.command(firmware, in: folder)
      let model = try LayoutModel(script, command, provider: FolderSources())
      let layout = try model.layoutWithComplaints()
      for section in model.growing {
        for threshold in try model.thresholds(of: section) {
          counts.told += 1
          counts.exact += threshold.isExact ? 1 : 0
          let fault = try Self.fault(threshold, layout, firmware, folder, UInt64(seed))
          if let fault {
            counts.wrong += 1
            Issue.record("seed \(seed): \(threshold): \(fault)\n\(firmware.script)")
          }
        }
      }
    }
    #expect(counts.told > 0 && counts.exact * 5 >= counts.told * 4)
    if Self.count > 4 { print("thresholds", counts) }
  }

  /// What the linker says otherwise: at the last growth, one behind it, and of an exact one somewhere before.
  private static func fault(
    _ threshold: LayoutThreshold, _ layout: LayoutPrediction, _ firmware: FirmwareObjects,
    _ folder: TemporaryFolder, _ seed: UInt64
  ) throws -> String? {
    let output = try #require(layout.sections.first { $0.name == threshold.section })
    let last = try #require(output.inputs.last)
    let name = String(decoding: last.section, as: UTF8.self)
    var random = SeededGenerator(seed: seed &+ threshold.bytes)
    var tries = [(threshold.bytes, threshold.from), (threshold.bytes + 1, threshold.to)]
    if threshold.isExact, threshold.bytes > 0 {
      tries.append((UInt64(random.below(Int(threshold.bytes))), threshold.from))
    }
    for (bytes, expected) in tries {
      let grown = FirmwareObjects.Object(
        name: "grown.o", sections: [.init(name: name, size: Int(bytes), alignment: 1)])
      try FirmwareObjects.assemble(grown, in: folder)
      let run = try ProgramRun.tool(
        linker, firmware.command(with: ["grown.o"]), folder: folder.path)
      let found = state(threshold.subject, layout, run)
      if found != expected { return "\(found) with \(bytes) bytes, not \(expected)\n\(run.errors)" }
    }
    return nil
  }

  private static func state(
    _ subject: LayoutThreshold.Subject, _ layout: LayoutPrediction, _ run: ProgramRun
  ) -> String {
    let lines = run.errors.split(separator: "\n")
    switch subject {
    case .assertion(let condition):
      let message =
        layout.assertions.first { $0.condition == condition }
        .map { String(decoding: $0.message, as: UTF8.self) } ?? ""
      return lines.contains { $0.hasSuffix(": \(message)") } ? "fails" : "holds"
    case .region(let name):
      let text = "region `\(String(decoding: name, as: UTF8.self))' overflowed"
      return lines.contains { $0.contains(text) } ? "overflows" : "fits"
    case .link, .other: return run.status == 0 ? "goes through" : run.errors
    }
  }

  /// Where a section behind what grows comes round to address 0, there is no room for program headers below it.
  @Test func addressesThatComeRound() throws {
    let folder = try TemporaryFolder()
    let part = LayoutRule.part(".interp", "\"a\"", "i", size: 4)
    try folder.write("a.s", part + LayoutRule.part(".bss", "\"aw\",@nobits", "b", size: 9))
    try folder.write(
      "S",
      """
      SECTIONS { . = 0xffffffff80000000; .text : { *(.text) } .interp : { *(.interp) } .bss : { *(.bss) }
        .tail (NOLOAD) : { BYTE(1) } }
      """)
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    let words = ["-m", "elf_x86_64", "-T", "S", "a.o"]
    let command = try #require(
      LinkCommand(
        (["ld"] + words).map { Array($0.utf8) }, workingDirectory: FilePath(folder.path)))
    let script = try ScriptParser.parse(
      folder.buffer("S"), options: ScriptParser.Options(dialect: .laidOut))
    let model = try LayoutModel(script, command, provider: FolderSources())
    let threshold = try #require(try model.thresholds(of: Array(".bss".utf8)).first)
    #expect(threshold.subject == .link)
    for (bytes, words) in [(threshold.bytes, ""), (threshold.bytes + 1, threshold.to)] {
      try folder.write("g.s", ".bss\n.skip \(bytes)\n")
      _ = try ProgramRun.tool("as", ["--64", "g.s", "-o", "g.o"], folder: folder.path)
      let run = try ProgramRun.tool(
        Self.linker, ["-m", "elf_x86_64", "-T", "S", "a.o", "g.o", "-o", "o"], folder: folder.path)
      #expect(
        run.status == 0 ? words.isEmpty : run.errors.contains(words), "\(bytes): \(run.errors)")
    }
  }

  // MARK: Edits

  /// An edit and the link that it comes to.
  private struct Edit {
    var growths: [LayoutGrowth] = []
    var alignments: [LayoutAlignment] = []
    var after: FirmwareObjects

    init(_ firmware: FirmwareObjects, _ random: inout SeededGenerator) {
      after = firmware
      if random.once(in: 2) {
        let output = FirmwareObjects.outputs[random.below(5)]
        let alignment = 1 << random.below(12)
        after.alignments[output] = alignment
        alignments = [
          LayoutAlignment(section: Array(output.utf8), bytes: UInt64(alignment))
        ]
        if random.once(in: 2) { return }
      }
      let object = random.below(after.objects.count)
      let section = random.below(after.objects[object].sections.count)
      let bytes = 1 + random.below(600)
      after.objects[object].sections[section].size += bytes
      let name = after.objects[object].sections[section].name
      growths = [
        LayoutGrowth(
          section: Array("\(after.objects[object].name):\(name)".utf8), bytes: UInt64(bytes))
      ]
    }
  }

  @Test func editsAreThoseOfTheLinker() throws {
    var counts: [String: Int] = [:]
    for seed in Self.first..<Self.first + Self.count * 3 {
      var random = SeededGenerator(seed: ~UInt64(seed))
      let firmware = FirmwareObjects(seed: UInt64(seed))
      let folder = try TemporaryFolder()
      try firmware.write(to: folder)
      let (script, command) = try Self.command(firmware, in: folder)
      let edit = Edit(firmware, &random)
      let model = try LayoutModel(
        script, command, aligning: edit.alignments, provider: FolderSources())
      let layout = try model.layoutWithComplaints(growing: edit.growths)
      let real = try TemporaryFolder()
      try edit.after.write(to: real)
      let run = try ProgramRun.tool(
        Self.linker, edit.after.command() + ["--noinhibit-exec"], folder: real.path)
      guard FileManager.default.fileExists(atPath: real.path("o")) else {
        // Of a layout that the linker makes no image of there is nothing to compare.
        #expect(!layout.complaints.isEmpty, "\(run.errors)")
        counts["no image", default: 0] += 1
        continue
      }
      let comparison = LayoutComparison(layout, try ImageReader.read(real.buffer("o"), as: .elf))
      counts["compared", default: 0] += 1
      #expect(
        comparison.isEqual, "seed \(seed): \(edit.growths) \(edit.alignments)\n\(comparison)")
      let failing = layout.assertions.filter { !$0.holds }.map {
        String(decoding: $0.message, as: UTF8.self)
      }
      for assertion in layout.assertions {
        let message = String(decoding: assertion.message, as: UTF8.self)
        let fails = run.errors.split(separator: "\n").contains { $0.hasSuffix(": \(message)") }
        #expect(failing.contains(message) == fails, "seed \(seed): \(message)")
      }
    }
    if Self.count > 4 { print("edits", counts) }
  }

  @Test func objectsAreFoundByTheirNames() throws {
    let firmware = FirmwareObjects(seed: 1)
    let folder = try TemporaryFolder()
    try firmware.write(to: folder)
    let (script, command) = try Self.command(firmware, in: folder)
    let model = try LayoutModel(script, command, provider: FolderSources())
    func stop(_ name: String) -> String? {
      do {
        _ = try model.layout(growing: [LayoutGrowth(section: Array(name.utf8), bytes: 4)])
        return nil
      } catch {
        return error.message
      }
    }
    #expect(stop("o0.o") == nil)
    #expect(stop("o0.o:.rodata") == nil)
    #expect(stop("o9.o") == "o9.o: neither an output section nor an object of the link")
    #expect(stop("o0.o:.x") == "o0.o:.x: the object has no section .x in the image")
  }

  /// A link of one object.
  private static func model(_ script: String, _ object: String) throws -> LayoutModel {
    let folder = try TemporaryFolder()
    try folder.write("S", script)
    try folder.write("a.s", object)
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    let command = try #require(
      LinkCommand(
        ["ld", "-T", "S", "a.o"].map { Array($0.utf8) }, workingDirectory: FilePath(folder.path)))
    return try LayoutModel(
      ScriptParser.parse(folder.buffer("S")), command, provider: FolderSources())
  }

  private static func isLaidOut(
    _ model: LayoutModel, growing section: [UInt8], by bytes: UInt64
  ) -> Bool {
    (try? model.layout(growing: [LayoutGrowth(section: section, bytes: bytes)])) != nil
  }

  /// Where more is not modelled, what changes before is told all the same.
  @Test func whatIsNotModelledEndsTheSearch() throws {
    let model = try Self.model(
      """
      PHDRS { p PT_LOAD; } SECTIONS { .text 0x1000 : { *(.text) } :p
        .data 0x100000 : AT(SIZEOF(.text) < 0x400 ? 0x800000 : 0x800) { *(.data) } :p }
      ASSERT(SIZEOF(.text) <= 0x20, "code")
      """, ".skip 5\n.data\n.skip 5\n")
    let text = Array(".text".utf8)
    #expect(!Self.isLaidOut(model, growing: text, by: 0x3000))
    let told = try model.thresholds(of: text)
    #expect(told.map(\.bytes) == [0x20 - 5])
    #expect(try model.room(of: text) == 0x20 - 5)
  }

  /// The linker rewrites what is in `.eh_frame`: nobody can say what more bytes of it would be.
  @Test func tablesOfUnwindingDoNotGrow() throws {
    let model = try Self.model(
      "SECTIONS { . = 0x1000; .text : { *(.text) } .eh_frame : { *(.eh_frame) } }",
      ".cfi_startproc\nnop\n.cfi_endproc\n")
    #expect(model.growing.contains(Array(".text".utf8)))
    #expect(!model.growing.contains(Array(".eh_frame".utf8)))
    #expect(!Self.isLaidOut(model, growing: Array(".eh_frame".utf8), by: 8))
  }
}
