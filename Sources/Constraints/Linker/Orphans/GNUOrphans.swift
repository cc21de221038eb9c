// GNU ld's placement of orphans (ld/ldelf.c, ldelf_place_orphan; ldlang.c, lang_output_section_find_by_flags and
// lang_insert_orphan): object by object, section by section, each behind the home of its class.

internal import LdsParser

/// BFD's flags of a section.
struct BFDFlags: OptionSet {
  let rawValue: UInt16

  static let contents = BFDFlags(rawValue: 1 << 0)
  static let alloc = BFDFlags(rawValue: 1 << 1)
  static let load = BFDFlags(rawValue: 1 << 2)
  static let readOnly = BFDFlags(rawValue: 1 << 3)
  static let code = BFDFlags(rawValue: 1 << 4)
  static let threadLocal = BFDFlags(rawValue: 1 << 5)
  static let debugging = BFDFlags(rawValue: 1 << 6)

  static let loaded: BFDFlags = [.contents, .alloc, .load]

  private static let debugNames = [
    ".debug", ".gnu.debuglto_.debug_", ".gnu.linkonce.wi.", ".zdebug", ".line", ".stab",
  ]

  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The flags of an ELF section (bfd/elf.c, _bfd_elf_make_section_from_shdr).
  init(_ section: UnplacedSection) {
    self = []
    let hasContents = section.type != SectionType.noBits
    if hasContents { insert(.contents) }
    if section.isAllocated {
      insert(.alloc)
      if hasContents { insert(.load) }
    }
    if !section.isWritable { insert(.readOnly) }
    if section.isCode { insert(.code) }
    if section.isThreadLocal { insert(.threadLocal) }
    let isDebug =
      Self.debugNames.contains { section.name.starts(with: $0.utf8) }
      || section.name == Array(".gdb_index".utf8)
    if !section.isAllocated, isDebug { insert(.debugging) }
  }
}

/// An output section statement.
final class GNUOutput {
  let name: [UInt8]
  let isNoLoad: Bool
  /// Whether something has made it exist: an input section, data, an assignment.
  var isReal = false
  var flags: BFDFlags = []
  var type = SectionType.null
  var alignment: UInt64 = 1
  /// The flags that an empty section is taken to have, by its name.
  var hint: BFDFlags = []
  var hasInput = false

  init(_ name: [UInt8], isNoLoad: Bool = false) {
    self.name = name
    self.isNoLoad = isNoLoad
  }

  var seen: BFDFlags { isReal ? flags : hint }
  var isLoadedNote: Bool { type == SectionType.note && flags.contains(.load) }
}

/// The order of output sections by GNU ld.
struct GNUOrphans {
  enum Node {
    case section(GNUOutput)
    case move
    case other

    var output: GNUOutput? { if case .section(let output) = self { output } else { nil } }
  }

  /// The classes of orphans, each with a home of its own.
  enum Class: CaseIterable {
    case text, readOnly, threadLocal, data, zeros, relocations, interpreter, unallocated
  }

  /// Where the orphans of a class go.
  struct Hold {
    var home: GNUOutput?
    /// The orphan of the class that was placed last, among the statements.
    var last: GNUOutput?
    /// The same in the list of sections.
    var section: GNUOutput?
    /// The same in the list of output section statements.
    var tail: GNUOutput?
  }

  let dialect: LinkerDialect
  let script: OrphanScript
  var nodes: [Node] = []
  /// Output section statements in the order of look-ups; the first stands for the beginning.
  var outputs: [GNUOutput] = [GNUOutput(Array("*ABS*".utf8))]
  /// The sections of the output file in the order in which they were made, moved as orphans are placed.
  var sections: [GNUOutput] = []
  var holds: [Class: Hold] = [:]
  var hasHomes = false
  var firstNote: GNUOutput?

  var absolute: GNUOutput { outputs[0] }

  /// Whether it is known what the linker makes itself for a machine: x86-64, AArch64, RISC-V.
  static func knows(_ machine: UInt16) -> Bool { [62, 183, 243].contains(machine) }

  init(_ script: OrphanScript, _ dialect: LinkerDialect) {
    self.script = script
    self.dialect = dialect
    for statement in script.statements { add(statement) }
    nodes.append(.other)
  }

  private mutating func add(_ statement: HostStatement) {
    switch statement {
    case .move: nodes.append(.move)
    case .symbol, .assertion: nodes.append(.other)
    case .section(let name, let isNoLoad, let contents):
      let output = GNUOutput(name, isNoLoad: isNoLoad)
      nodes.append(.section(output))
      outputs.append(output)
      for part in contents {
        switch part {
        case .inputs(let inputs):
          for input in inputs { add(input, BFDFlags(input), to: output) }
        case .data:
          let isWritable = dialect.follows(.dataSectionsAreWritable)
          if output.isReal {
            output.flags.formUnion(.loaded)
          } else {
            make(output, isWritable ? .loaded : [.contents, .alloc, .load, .readOnly])
          }
        case .move, .symbol: if !output.isReal { make(output, []) }
        }
      }
    }
  }

  private mutating func make(_ output: GNUOutput, _ flags: BFDFlags) {
    output.isReal = true
    output.flags = flags
    output.type = Self.type(byName: output.name)
    sections.append(output)
  }

  /// The type that the ABI gives a section of this name (bfd/elf.c, special_sections).
  private static func type(byName name: [UInt8]) -> UInt32 {
    let text = String(decoding: name, as: UTF8.self)
    for (prefix, type) in special {
      if text == prefix || (text.hasPrefix(prefix + ".") && hasFamily.contains(prefix)) {
        return type
      }
    }
    if text.hasPrefix(".note") { return SectionType.note }
    return text.hasPrefix(".rela") ? SectionType.rela : SectionType.null
  }

  private static let hasFamily: Set<String> = [
    ".text", ".data", ".bss", ".rodata", ".tdata", ".tbss", ".init_array", ".fini_array",
    ".preinit_array",
  ]
  private static let special: [(String, UInt32)] = [
    (".text", SectionType.progBits), (".data", SectionType.progBits),
    (".bss", SectionType.noBits), (".rodata", SectionType.progBits),
    (".tdata", SectionType.progBits), (".tbss", SectionType.noBits),
    (".init_array", SectionType.initArray), (".fini_array", SectionType.finiArray),
    (".preinit_array", SectionType.preinitArray), (".comment", SectionType.progBits),
    (".interp", SectionType.progBits), (".got", SectionType.progBits),
    (".init", SectionType.progBits), (".fini", SectionType.progBits),
  ]

  /// Adds an input section (ldlang.c, lang_add_section).
  mutating func add(
    _ input: UnplacedSection, _ inputFlags: BFDFlags, to output: GNUOutput, isOwn: Bool = false
  ) {
    var flags = inputFlags
    if output.isNoLoad { flags.subtract([.load, .contents]) }
    if !output.isReal { make(output, flags) }
    output.flags.formIntersection(flags.union(BFDFlags(rawValue: .max).subtracting(.readOnly)))
    output.flags.formUnion(output.hasInput ? flags.subtracting(.readOnly) : flags)
    output.alignment = max(output.alignment, input.alignment)
    guard !output.hasInput else { return }
    output.hasInput = true
    if [SectionType.progBits, SectionType.note, SectionType.noBits].contains(output.type) {
      output.type = SectionType.null
    }
    // The flags of a NOLOAD section are never its input's: no type is copied.
    if output.isNoLoad { return }
    if output.type == SectionType.null, output.flags == flags { output.type = input.type }
  }

  // MARK: Order

  /// What a static link for x86-64 makes in any case, though it ends up empty.
  private var ownSections: [(UnplacedSection, BFDFlags)] {
    guard script.machine == 62 else { return [] }
    let readOnly: BFDFlags = [.contents, .alloc, .load, .readOnly]
    let relocations = own(".rela.got", SectionType.rela, 8, readOnly)
    let got = own(".got", SectionType.progBits, 8, .loaded)
    let table = own(".got.plt", SectionType.null, 8, .loaded)
    let rest = [
      own(".iplt", SectionType.null, 16, readOnly.union(.code)),
      own(".rela.iplt", SectionType.rela, 8, readOnly),
      own(".igot.plt", SectionType.null, 8, .loaded),
    ]
    return
      (dialect.follows(.ownSectionsFirst) ? [got, table, relocations] : [relocations, got, table])
      + rest
  }

  private func own(
    _ name: String, _ type: UInt32, _ alignment: UInt64, _ flags: BFDFlags
  ) -> (UnplacedSection, BFDFlags) {
    (UnplacedSection(name: Array(name.utf8), type: type, flags: 0, alignment: alignment), flags)
  }

  /// The names of all output sections, in the order of the statements.
  func order() -> [[UInt8]] {
    var copy = self
    var objects = script.orphans.map { $0.map { ($0, BFDFlags($0)) } }
    if dialect.follows(.ownSectionsFirst) {
      objects.insert(ownSections, at: 0)
    } else if !objects.isEmpty {
      objects[0] += ownSections
    }
    for (section, flags) in objects.joined() { copy.place(section, flags) }
    return copy.nodes.compactMap { $0.output?.name }
  }
}
