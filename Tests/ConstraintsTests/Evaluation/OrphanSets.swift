// Random scripts with output sections, moves, symbols and ASSERTs between them, and one to three objects with orphans of
// random type, flags, name and alignment.

@testable import Constraints
import Foundation
import LdsParser
import TestSupport

/// A script with its objects.
struct OrphanSet: CustomStringConvertible {
  /// A part of an output section.
  enum Part { case inputs, data, move, symbol }
  /// A statement of SECTIONS.
  enum Item {
    case section(name: String, patterns: [String], parts: [Part], isNoLoad: Bool)
    case move, symbol, assertion
  }

  enum Variant { case plain, headers, memory }

  var items: [Item] = []
  var objects: [[UnplacedSection]] = []
  var variant = Variant.plain

  var description: String {
    text
      + objects.map { object in
        object.map {
          "\(String(decoding: $0.name, as: UTF8.self)) \($0.type) \($0.flags) \($0.alignment)"
        }
        .joined(separator: ", ")
      }.joined(separator: "\n")
  }

  /// The script.
  var text: String {
    var lines: [String] = []
    if variant == .headers { lines.append("PHDRS { all PT_LOAD FLAGS(7); tls PT_TLS FLAGS(4); }") }
    if variant == .memory {
      lines.append("MEMORY { R (rwxa) : ORIGIN = 0x100000, LENGTH = 16M }")
    }
    lines.append("SECTIONS {")
    var isFirst = true
    for (index, item) in items.enumerated() {
      switch item {
      case .move: lines.append("  . = ALIGN(0x100);")
      case .symbol: lines.append("  s\(index) = .;")
      case .assertion: lines.append("  ASSERT(1, \"m\")")
      case .section(let name, let patterns, let parts, let isNoLoad):
        let body = parts.map { part in
          switch part {
          case .inputs: patterns.map { "*(\($0))" }.joined(separator: " ")
          case .data: "QUAD(1)"
          case .move: ". = ALIGN(8);"
          case .symbol: "in\(index) = .;"
          }
        }.joined(separator: " ")
        let tail = variant == .headers && isFirst ? " :all" : variant == .memory ? " >R" : ""
        lines.append("  \(name) \(isNoLoad ? "(NOLOAD) " : ""): { \(body) }\(tail)")
        isFirst = false
      }
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// What the model is asked, with the inputs that each section takes.
  func script(for dialect: LinkerDialect) -> OrphanScript {
    var taken = objects.map { $0.map { _ in false } }
    var statements: [HostStatement] = []
    for item in items {
      switch item {
      case .move: statements.append(.move)
      case .symbol: statements.append(.symbol)
      case .assertion: statements.append(.assertion)
      case .section(let name, let patterns, let parts, let isNoLoad):
        var contents: [HostContents] = []
        for part in parts {
          switch part {
          case .data: contents.append(.data)
          case .move: contents.append(.move)
          case .symbol: contents.append(.symbol)
          case .inputs:
            var inputs: [UnplacedSection] = []
            for pattern in patterns {
              for file in objects.indices {
                for index in objects[file].indices
                where !taken[file][index] && objects[file][index].name == Array(pattern.utf8) {
                  taken[file][index] = true
                  inputs.append(objects[file][index])
                }
              }
            }
            // lld's own empty .bss is an input of a section that is kept.
            if dialect == .lld, parts.count > 1, patterns.contains(".bss") {
              inputs.append(
                UnplacedSection(name: Array(".bss".utf8), type: 8, flags: 3, alignment: 1))
            }
            if dialect == .bfd || !inputs.isEmpty { contents.append(.inputs(inputs)) }
          }
        }
        statements.append(
          .section(name: Array(name.utf8), isNoLoad: isNoLoad, contents: contents))
      }
    }
    var script = OrphanScript(
      statements: statements,
      orphans: objects.indices.map { file in
        objects[file].indices.filter { !taken[file][$0] }.map { objects[file][$0] }
      })
    script.hasProgramHeaders = variant == .headers
    script.hasRegions = variant == .memory
    return script
  }

  /// The order that the linker makes; nil if it refuses the set.
  func link(
    by path: String, _ dialect: LinkerDialect, in folder: TemporaryFolder
  ) throws -> [String]? {
    try folder.write("S", text)
    var names: [String] = []
    for (index, object) in objects.enumerated() {
      names.append("\(index).o")
      try folder.write("\(index).o", ELFObjectText.bytes(object, hasEntry: index == 0))
    }
    for name in ["o", "m"] { try? FileManager.default.removeItem(atPath: folder.path(name)) }
    let options = [
      "-m", "elf_x86_64", "-z", "noexecstack", "-T", "S", "-o", "o", "-Map", "m",
      "--noinhibit-exec",
    ]
    _ = try ProgramRun.tool(
      path, options + (dialect == .lld ? ["--threads=1"] : []) + names, folder: folder.path)
    return dialect == .lld
      ? try ELFObjectText.sectionNames(folder.path("o")) : Self.mapOrder(folder.path("m"))
  }

  /// The output sections of a map, in the order of its statements.
  private static func mapOrder(_ path: String) -> [String]? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let heads = [
      "LOAD ", "OUTPUT(", "START GROUP", "END GROUP", "Address of", "TARGET(", "There are no",
    ]
    var names: [String] = []
    var isOn = false
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("Linker script and memory map") {
        isOn = true
        continue
      }
      guard isOn, let first = line.first, first != " ", first != "\t",
        !heads.contains(where: { line.hasPrefix($0) })
      else { continue }
      names.append(String(line.split(separator: " ")[0]))
    }
    return names.isEmpty ? nil : names
  }
}

/// Makes sets.
struct OrphanSetGenerator {
  private var random: SeededGenerator

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
  private mutating func once(_ perMille: Int) -> Bool { below(1000) < perMille }
  private mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  private static let kinds: [(String, [String])] = [
    (".interp", [".interp"]), (".text", [".text"]), (".rodata", [".rodata"]),
    (".tdata", [".tdata"]),
    (".data", [".data"]), (".bss", [".bss"]), (".mine", [".m1", ".m2"]), (".other", [".o1"]),
    (".roro", [".r1"]), (".comment", [".comment"]), (".note.z", [".note.z"]),
  ]
  private static let known: [(String, UInt32, UInt64)] = [
    (".interp", 1, 2), (".text", 1, 6), (".rodata", 1, 2), (".tdata", 1, 0x403), (".data", 1, 3),
    (".bss", 8, 3), (".m1", 1, 3), (".m2", 1, 2), (".o1", 8, 3), (".r1", 1, 2), (".comment", 1, 0),
    (".note.z", 7, 2),
  ]
  private static let shapes: [(UInt32, UInt64)] = [
    (1, 2), (1, 2), (1, 6), (1, 6), (1, 3), (1, 3), (8, 3), (8, 3), (7, 2), (7, 2), (1, 0x403),
    (8, 0x403), (1, 0), (7, 0), (1, 7), (14, 3), (8, 2), (1, 0x12),
  ]
  private static let natural: [String: (UInt32, UInt64)] = [
    ".debug_info": (1, 0), ".debug_line": (1, 0), ".line": (1, 0), ".init_array": (14, 3),
    ".tbss": (8, 0x403), ".note.p": (7, 2), ".note.q": (7, 2), ".data.x": (1, 3), ".text.y": (1, 6),
    ".rodata.q": (1, 2), ".bss.k": (8, 3), ".init": (1, 6), ".fini": (1, 6),
  ]
  private static let pool = [
    "a", "b", "c", "foo", "bar", ".init", ".fini", ".data.x", ".text.y", ".rodata.q", ".bss.k",
    ".note.p", ".note.q", ".tbss", ".debug_info", ".debug_line", ".line", ".init_array", ".x1",
    ".x2",
    ".eh", ".zz",
  ]

  mutating func next() -> OrphanSet {
    var set = OrphanSet()
    let choice = below(10)
    set.variant = choice < 6 ? .plain : choice < 8 ? .headers : .memory
    var chosen = Self.kinds.filter { once($0.0 == ".text" ? 850 : 500) }
    if chosen.isEmpty { chosen = [Self.kinds[1]] }
    if once(300) { chosen.shuffle(using: &random) }
    for (name, patterns) in chosen {
      while once(450) { set.items.append(pick([.move, .symbol, .move, .symbol, .assertion])) }
      var parts: [OrphanSet.Part] = [.inputs]
      var isNoLoad = false
      switch below(100) {
      case 0..<6: parts = [.data, .inputs]
      case 6..<12: parts = [.inputs, .move]
      case 12..<18: parts = [.symbol, .inputs]
      case 18..<22: isNoLoad = [".mine", ".other", ".data", ".bss"].contains(name)
      default: break
      }
      set.items.append(
        .section(name: name, patterns: patterns, parts: parts, isNoLoad: isNoLoad))
    }
    while once(450) { set.items.append(pick([.move, .symbol, .assertion])) }
    addObjects(to: &set)
    return set
  }

  private mutating func addObjects(to set: inout OrphanSet) {
    var fixed: [String: (UInt32, UInt64)] = [:]
    for file in 0..<pick([1, 1, 2, 3]) {
      var rest: [UnplacedSection] = []
      func section(_ name: String, _ type: UInt32, _ flags: UInt64, _ log: Int) -> UnplacedSection {
        UnplacedSection(name: Array(name.utf8), type: type, flags: flags, alignment: 1 << log)
      }
      for (name, type, flags) in Self.known where !(name == ".text" && file == 0) {
        if once(400) { rest.append(section(name, type, flags, pick([0, 2, 3, 4]))) }
      }
      for name in Self.pool.shuffled(using: &random).prefix(1 + below(8)) {
        let shape = fixed[name] ?? Self.natural[name] ?? pick(Self.shapes)
        fixed[name] = shape
        rest.append(
          section(name, shape.0, shape.1, shape.0 == 7 ? pick([2, 3]) : pick([0, 2, 3])))
      }
      rest.shuffle(using: &random)
      set.objects.append((file == 0 ? [section(".text", 1, 6, 4)] : []) + rest)
    }
  }
}
