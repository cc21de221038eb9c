// The output sections of a script of which names, types and flags are known, as orphans are placed among them.

internal import LdsParser

/// An output section statement.
final class ScriptOutput {
  let name: [UInt8]
  let isNoLoad: Bool
  /// Its type and flags, once something has made it exist.
  private(set) var made: (type: UInt32, bits: SectionBits)?
  private(set) var noteAlignment: UInt64 = 1
  private(set) var hasInput = false
  var hint: SectionBits = []

  init(_ name: [UInt8], isNoLoad: Bool = false) {
    self.name = name
    self.isNoLoad = isNoLoad
  }

  /// Makes it exist.
  func make(_ flags: SectionBits) {
    guard made == nil else { return }
    made = (NamedSectionType.type(of: name), flags)
  }

  /// Bytes of the script make it a loaded one.
  func addData(_ dialect: LinkerDialect) {
    guard made == nil else {
      made?.bits.formUnion(.loadedContents)
      return
    }
    make(
      dialect.follows(.dataSectionsAreWritable)
        ? .loadedContents : [.contents, .allocated, .loaded, .readOnly])
  }

  /// Adds an input section (ldlang.c, lang_add_section).
  func add(type: UInt32, flags inputFlags: SectionBits, alignment: UInt64) {
    var flags = inputFlags
    if isNoLoad { flags.subtract([.loaded, .contents]) }
    make(flags)
    guard var (own, bits) = made else { return }
    bits.formIntersection(flags.union(SectionBits(rawValue: .max).subtracting(.readOnly)))
    bits.formUnion(hasInput ? flags.subtracting(.readOnly) : flags)
    noteAlignment = max(noteAlignment, alignment)
    if !hasInput {
      hasInput = true
      if [ObjectSection.Kind.contents, ObjectSection.Kind.note, ObjectSection.Kind.noBits].contains(
        own)
      {
        own = ObjectSection.Kind.none
      }
      // The flags of a NOLOAD section are never its input's: no type is copied.
      if !isNoLoad, own == ObjectSection.Kind.none, bits == flags { own = type }
    }
    made = (own, bits)
  }
}

extension ScriptOutput: OrphanOutput {
  var bits: SectionBits { made?.bits ?? hint }
  var isTaken: Bool { true }
  var isMarked: Bool { isNoLoad }
  var hasType: Bool { isNoLoad }
}

/// A script whose output sections are known by their statements alone.
struct ScriptOutputs: OrphanWorld {
  func name(of output: ScriptOutput) -> [UInt8] { output.name }
  func name(_ text: [UInt8]) -> [UInt8] { text }
  func text(of name: [UInt8]) -> [UInt8] { name }

  func makeOutput(
    for orphan: Orphan<UnplacedSection, [UInt8]>, called name: [UInt8], behind home: ScriptOutput?,
    isDuplicate: Bool
  ) -> ScriptOutput {
    ScriptOutput(name)
  }

  func put(_ orphan: Orphan<UnplacedSection, [UInt8]>, into output: ScriptOutput) {
    output.add(type: orphan.type, flags: orphan.flags, alignment: orphan.alignment)
  }
}

extension GNUOrphans<ScriptOutputs> {
  /// Whether it is known what the linker makes itself for a machine: x86-64, AArch64, RISC-V.
  static func knows(_ machine: UInt16) -> Bool {
    [ELF.machineX8664, ELF.machineAArch64, ELF.machineRISCV].contains(machine)
  }

  /// The names of all output sections, in the order of the statements.
  static func order(_ script: OrphanScript, _ dialect: LinkerDialect) -> [[UInt8]] {
    var nodes: [Node] = []
    var sections: [ScriptOutput] = []
    for (index, statement) in script.statements.enumerated() {
      switch statement {
      case .move: nodes.append(.move(index))
      case .symbol, .assertion: nodes.append(.other(index))
      case .section(let name, let isNoLoad, let contents):
        let output = ScriptOutput(name, isNoLoad: isNoLoad)
        for part in contents { output.add(part, dialect) }
        nodes.append(.section(output))
        if output.isReal { sections.append(output) }
      }
    }
    var orphans = GNUOrphans(
      ScriptOutputs(), dialect, absolute: ScriptOutput(Array("*ABS*".utf8)), nodes: nodes,
      sections: sections)
    for section in script.orphans(withOwnBy: dialect) { orphans.place(section) }
    return orphans.nodes.compactMap { $0.output?.name }
  }
}

extension ScriptOutput {
  fileprivate func add(_ part: HostContents, _ dialect: LinkerDialect) {
    switch part {
    case .inputs(let inputs):
      for input in inputs {
        add(type: input.type, flags: input.bits, alignment: input.alignment)
      }
    case .data: addData(dialect)
    case .move, .symbol: make([])
    }
  }
}

extension OrphanScript {
  /// The sections that no pattern takes, with those that the linker makes itself.
  fileprivate func orphans(withOwnBy dialect: LinkerDialect) -> [Orphan<UnplacedSection, [UInt8]>] {
    var objects = orphans.map { $0.map { Orphan($0, $0.bits) } }
    if dialect.follows(.ownSectionsFirst) {
      objects.insert(ownSections(dialect), at: 0)
    } else if !objects.isEmpty {
      objects[0] += ownSections(dialect)
    }
    return Array(objects.joined())
  }

  private func ownSections(_ dialect: LinkerDialect) -> [Orphan<UnplacedSection, [UInt8]>] {
    guard machine == ELF.machineX8664 else { return [] }
    return OwnSection.x86(is64Bit: true, dialect).map { own in
      Orphan(
        UnplacedSection(
          name: Array(own.name.utf8), type: own.type, flags: 0, alignment: 1 << UInt64(own.power)),
        own.flags)
    }
  }
}

extension Orphan<UnplacedSection, [UInt8]> {
  fileprivate init(_ section: UnplacedSection, _ flags: SectionBits) {
    self.init(
      input: section, name: section.name, type: section.type, flags: flags,
      alignment: section.alignment)
  }
}
