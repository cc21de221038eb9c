// Edits over a map and its image beside a real link of the edited objects: what is exact is the linker's number, what is an
// interval holds it, and what is not told has not changed.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(
  .enabled(if: InstalledLinkers.canLink && InstalledLinkers.bfd?.version == LinkerVersion(2, 40)))
struct MapReplayTests {
  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  /// Links, and the first seed; a campaign asks for more.
  private static let count = setting("LDS_REPLAY_LINKS") ?? 8
  private static let first = setting("LDS_REPLAY_SEED") ?? 1

  private static func script(_ folder: TemporaryFolder) throws -> LinkerScript {
    try ScriptParser.parse(
      folder.buffer("S"), options: ScriptParser.Options(dialect: .laidOut))
  }

  /// Links; nil if there is no image.
  private static func link(
    _ firmware: FirmwareObjects, in folder: TemporaryFolder
  ) throws -> ProgramRun? {
    try firmware.write(to: folder)
    let run = try ProgramRun.tool(
      InstalledLinkers.bfd?.path ?? "ld",
      firmware.command() + ["-Map", "m", "--noinhibit-exec"], folder: folder.path)
    return FileManager.default.fileExists(atPath: folder.path("o")) ? run : nil
  }

  private static func replay(_ folder: TemporaryFolder) throws -> MapReplay {
    try MapReplay(
      script(folder), map: try ImageReader.read(folder.buffer("m"), as: .map(.gnuMap)),
      image: try ImageReader.read(folder.buffer("o"), as: .elf),
      try #require(LinkCommand([Array("ld".utf8)])))
  }

  /// A random edit of the firmware, and what it makes of it.
  private static func edit(
    _ firmware: FirmwareObjects, _ random: inout SeededGenerator
  ) -> (edit: ReplayEdit, after: FirmwareObjects) {
    var after = firmware
    var edit = ReplayEdit()
    if random.once(in: 2) {
      let output = FirmwareObjects.outputs[random.below(5)]
      let alignment = 1 << random.below(12)
      after.alignments[output] = alignment
      edit.alignments = [LayoutAlignment(section: Array(output.utf8), bytes: UInt64(alignment))]
    } else {
      let object = random.below(after.objects.count)
      let section = random.below(after.objects[object].sections.count)
      let bytes = 1 + random.below(600)
      after.objects[object].sections[section].size += bytes
      let name = after.objects[object].sections[section].name
      edit.growths = [
        LayoutGrowth(
          section: Array("\(after.objects[object].name):\(name)".utf8), bytes: UInt64(bytes))
      ]
    }
    return (edit, after)
  }

  @Test func editsAreThoseOfTheLinker() throws {
    var counts = (edits: 0, changes: 0, exact: 0)
    for seed in Self.first..<Self.first + Self.count {
      var random = SeededGenerator(seed: ~UInt64(seed))
      let firmware = FirmwareObjects(seed: UInt64(seed))
      let folder = try TemporaryFolder()
      guard try Self.link(firmware, in: folder) != nil else { continue }
      let replay = try Self.replay(folder)
      for _ in 0..<4 {
        let (edit, after) = Self.edit(firmware, &random)
        let changes = try replay.changes(by: edit)
        let real = try TemporaryFolder()
        guard let run = try Self.link(after, in: real) else {
          #expect(!changes.complaints.isEmpty)
          continue
        }
        counts.edits += 1
        counts.changes += changes.changes.count
        counts.exact += changes.changes.count(where: \.isExact)
        let told = Told(changes)
        let faults = try told.faults(
          before: ImageReader.read(folder.buffer("o"), as: .elf),
          after: ImageReader.read(real.buffer("o"), as: .elf), run.errors)
        #expect(faults.isEmpty, "seed \(seed): \(edit)\n\(faults)\n\(firmware.script)")
      }
    }
    #expect(counts.edits > 0 && counts.exact > 0)
    if Self.count > 8 { print("replays", counts) }
  }

  /// Changes by what they are about.
  private struct Told {
    private var changes: [String: ReplayedChanges.Change] = [:]

    init(_ all: ReplayedChanges) {
      for change in all.changes {
        let name = String(decoding: change.change.name, as: UTF8.self)
        changes["\(change.change.kind.rawValue) \(name) \(change.change.aspect)"] = change
      }
    }

    /// What the linker made of the edit that was told otherwise.
    func faults(before: Image, after: Image, _ errors: String) -> [String] {
      var faults: [String] = []
      func check(_ key: String, _ old: UInt64?, _ new: UInt64?) {
        guard let change = changes[key] else {
          if old != new { faults.append("\(key) changed, which was not told") }
          return
        }
        if change.isExact {
          if change.change.to != new { faults.append("\(key): \(change.change), real \(new ?? 0)") }
        } else if let range = change.range, let new, !range.contains(new) {
          faults.append("\(key): \(range), real \(new)")
        }
      }
      for old in before.outputSections where old.flags?.contains(.allocated) ?? false {
        let new = after.outputSections.first { $0.name == old.name }
        let name = String(decoding: old.name, as: UTF8.self)
        check("section \(name) address", old.vma, new?.vma)
        // A size of an interval's section is not told.
        if changes["section \(name) address"]?.isExact ?? true {
          check("section \(name) size", old.size, new?.size)
        }
      }
      let symbols = Dictionary(
        after.symbols.records.filter { $0.binding == .global }.map {
          (after.symbols.name($0), $0.value)
        }, uniquingKeysWith: { one, _ in one })
      for record in before.symbols.records where record.binding == .global {
        let name = before.symbols.name(record)
        check("symbol \(name) value", record.value, symbols[name])
      }
      for (key, change) in changes where change.change.kind == .verdict && change.isExact {
        let message = String(decoding: change.change.name, as: UTF8.self)
        let fails = errors.split(separator: "\n").contains { $0.hasSuffix(": \(message)") }
        if fails != (change.change.to == 0) { faults.append("\(key): \(change.change)") }
      }
      return faults
    }
  }

  /// A map of another script is refused, and the first row that differs is named.
  /// What the linker makes for position-independent programs has its sizes from the map.
  @Test func positionIndependentProgramsAreReplayed() throws {
    func link(_ bytes: Int) throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write(
        "S",
        """
        SECTIONS { . = 0; .text : { *(.text) } .data : { *(.data) } .got : { *(.got) *(.got.plt) }
          .rela.dyn : { rs = .; *(.rela*) re = .; } .dynamic : { *(.dynamic) } .dynsym : { *(.dynsym) }
          .dynstr : { *(.dynstr) } .hash : { *(.hash) *(.gnu.hash) } .bss : { *(.bss) } _end = .; }
        """)
      try folder.write(
        "a.s",
        ".globl _start, g\n_start: .skip \(20 + bytes)\n.data\n.balign 8\np: .quad g, p, _start\n.bss\ng: .skip 9\n"
      )
      _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
      let run = try ProgramRun.tool(
        InstalledLinkers.bfd?.path ?? "ld",
        ["-pie", "--no-dynamic-linker", "-T", "S", "a.o", "-o", "o", "-Map", "m"],
        folder: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      return folder
    }
    let folder = try link(0)
    let replay = try MapReplay(
      Self.script(folder), map: try ImageReader.read(folder.buffer("m"), as: .map(.gnuMap)),
      image: try ImageReader.read(folder.buffer("o"), as: .elf),
      try #require(LinkCommand(["ld", "-pie"].map { Array($0.utf8) })))
    let changes = try replay.changes(
      by: ReplayEdit(growths: [LayoutGrowth(section: Array(".text".utf8), bytes: 100)]))
    #expect(changes.isExact && !changes.changes.isEmpty)
    let faults = try Told(changes).faults(
      before: ImageReader.read(folder.buffer("o"), as: .elf),
      after: ImageReader.read(link(100).buffer("o"), as: .elf), "")
    #expect(faults.isEmpty, "\(faults)")
  }

  /// As U-Boot is linked: members of a thin archive, sorted sections at an address that is less aligned than they are,
  /// strings of which nothing is left, and zeros over what is only there to be moved.
  @Test func linksOfThinArchivesAreReplayed() throws {
    func link(_ bytes: Int) throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      let objects = [
        "start": ".globl _start\n_start: .skip 12\n",
        "x": ".section .data.run,\"aw\"\n.balign 8\n.globl x\nx: .skip 12\n"
          + ".section .rodata.s1,\"aMS\",@progbits,1\n.string \"longer than this\"\n"
          + ".section .rodata.x,\"a\"\n.balign 16\n.skip 20\n",
        "y":
          ".section .text.run,\"ax\"\n.skip 5\n.section .data.run,\"aw\"\n.balign 4\n.globl y\ny: .skip 9\n"
          + ".section .rodata.s1,\"aMS\",@progbits,1\n.string \"than this\"\n"
          + ".section .rodata.y,\"a\"\n.balign 2\n.skip 3\n.bss\n.balign 32\n.globl z\nz: .skip 40\n",
        "grown": ".section .data.run,\"aw\"\n.skip \(bytes)\n",
      ]
      for (name, text) in objects {
        try folder.write("\(name).s", text)
        _ = try ProgramRun.tool(
          "as", ["--64", "\(name).s", "-o", "\(name).o"], folder: folder.path)
      }
      _ = try ProgramRun.tool("ar", ["rcT", "lib.a", "x.o", "y.o", "grown.o"], folder: folder.path)
      try folder.write(
        "S",
        """
        SECTIONS { . = 0x1008; .text : { start.o(.text*) } .run : { a = .; *(.text.run) *(.data.run) b = .; }
          .rodata ALIGN(8) : { c = .; *(SORT_BY_ALIGNMENT(SORT_BY_NAME(.rodata*))) } . = ALIGN(8); d = .;
          .rela.x ALIGN(8) : { QUAD(1) QUAD(2) } e = .;
          .bss ADDR(.rela.x) (OVERLAY) : { f = .; *(.bss*) . = ALIGN(8); g = .; } }
        """)
      let run = try ProgramRun.tool(
        InstalledLinkers.bfd?.path ?? "ld",
        ["-T", "S", "start.o", "--whole-archive", "lib.a", "-Map", "m", "-o", "o"],
        folder: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      return folder
    }
    let (before, after) = (try link(16), try link(48))
    let changes = try Self.replay(before).changes(
      by: ReplayEdit(growths: [
        LayoutGrowth(section: Array("grown.o:.data.run".utf8), bytes: 32)
      ]))
    let faults = try Told(changes).faults(
      before: ImageReader.read(before.buffer("o"), as: .elf),
      after: ImageReader.read(after.buffer("o"), as: .elf), "")
    #expect(faults.isEmpty && !changes.changes.isEmpty)
  }

  @Test func anotherScriptIsRefused() throws {
    let folder = try TemporaryFolder()
    var firmware = FirmwareObjects(seed: 3)
    _ = try #require(try Self.link(firmware, in: folder))
    firmware.alignments[".data"] = 4096
    firmware.alignments[".rodata"] = 4096
    try folder.write("S", firmware.script)
    do {
      _ = try Self.replay(folder)
      Issue.record("not refused")
    } catch let stop as LayoutStop {
      #expect(
        stop.message.hasPrefix("replayed over the map, .rodata is at 0x8001000, in the image"))
    }
  }

  @Test func anotherPatternIsRefused() throws {
    let folder = try TemporaryFolder()
    let firmware = FirmwareObjects(seed: 3)
    _ = try #require(try Self.link(firmware, in: folder))
    let replay = try Self.replay(folder)
    try folder.write("S", firmware.script.replacing("*(.rodata ", with: "*(.rodata .more "))
    do {
      _ = try replay.changes(by: ReplayEdit(script: Self.script(folder)))
      Issue.record("not refused")
    } catch let error as LayoutStop {
      #expect(error.message.hasPrefix("the edit changes input section patterns"))
    }
  }
}
