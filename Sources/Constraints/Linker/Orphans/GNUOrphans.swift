// GNU ld's placement of orphans (ld/ldelf.c, ldelf_place_orphan; ldlang.c, lang_output_section_find_by_flags and
// lang_insert_orphan): object by object, section by section, each behind the home of its class.

internal import LdsParser

/// An output section statement.
final class GNUOutput {
  let name: [UInt8]
  let isNoLoad: Bool
  /// Whether something has made it exist: an input section, data, an assignment.
  var isReal = false
  var flags: SectionBits = []
  var type = ObjectSection.Kind.none
  var alignment: UInt64 = 1
  /// The flags that an empty section is taken to have, by its name.
  var hint: SectionBits = []
  var hasInput = false

  init(_ name: [UInt8], isNoLoad: Bool = false) {
    self.name = name
    self.isNoLoad = isNoLoad
  }

  var isLoadedNote: Bool { type == ObjectSection.Kind.note && flags.contains(.loaded) }
}

extension GNUOutput: OrphanHost {
  var bits: SectionBits { isReal ? flags : hint }
  var made: (type: UInt32, bits: SectionBits)? { isReal ? (type, flags) : nil }
  var isDead: Bool { false }
}

/// The order of output sections by GNU ld.
struct GNUOrphans {
  enum Node {
    case section(GNUOutput)
    case move
    case other

    var output: GNUOutput? { if case .section(let output) = self { output } else { nil } }
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
  var holds: [OrphanKind: Hold] = [:]
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
          for input in inputs { add(input, input.bits, to: output) }
        case .data:
          let isWritable = dialect.follows(.dataSectionsAreWritable)
          if output.isReal {
            output.flags.formUnion(.loadedContents)
          } else {
            make(
              output, isWritable ? .loadedContents : [.contents, .allocated, .loaded, .readOnly])
          }
        case .move, .symbol: if !output.isReal { make(output, []) }
        }
      }
    }
  }

  private mutating func make(_ output: GNUOutput, _ flags: SectionBits) {
    output.isReal = true
    output.flags = flags
    output.type = NamedSectionType.type(of: output.name)
    sections.append(output)
  }

  /// Adds an input section (ldlang.c, lang_add_section).
  mutating func add(
    _ input: UnplacedSection, _ inputFlags: SectionBits, to output: GNUOutput, isOwn: Bool = false
  ) {
    var flags = inputFlags
    if output.isNoLoad { flags.subtract([.loaded, .contents]) }
    if !output.isReal { make(output, flags) }
    output.flags.formIntersection(flags.union(SectionBits(rawValue: .max).subtracting(.readOnly)))
    output.flags.formUnion(output.hasInput ? flags.subtracting(.readOnly) : flags)
    output.alignment = max(output.alignment, input.alignment)
    guard !output.hasInput else { return }
    output.hasInput = true
    if [ObjectSection.Kind.contents, ObjectSection.Kind.note, ObjectSection.Kind.noBits].contains(
      output.type)
    {
      output.type = ObjectSection.Kind.none
    }
    // The flags of a NOLOAD section are never its input's: no type is copied.
    if output.isNoLoad { return }
    if output.type == ObjectSection.Kind.none, output.flags == flags { output.type = input.type }
  }

  // MARK: Order

  /// What a static link for x86-64 makes in any case, though it ends up empty.
  private var ownSections: [(UnplacedSection, SectionBits)] {
    guard script.machine == 62 else { return [] }
    let readOnly: SectionBits = [.contents, .allocated, .loaded, .readOnly]
    let relocations = own(".rela.got", ObjectSection.Kind.relocationsWithAddend, 8, readOnly)
    let got = own(".got", ObjectSection.Kind.contents, 8, .loadedContents)
    let table = own(".got.plt", ObjectSection.Kind.none, 8, .loadedContents)
    let rest = [
      own(".iplt", ObjectSection.Kind.none, 16, readOnly.union(.code)),
      own(".rela.iplt", ObjectSection.Kind.relocationsWithAddend, 8, readOnly),
      own(".igot.plt", ObjectSection.Kind.none, 8, .loadedContents),
    ]
    return
      (dialect.follows(.ownSectionsFirst) ? [got, table, relocations] : [relocations, got, table])
      + rest
  }

  private func own(
    _ name: String, _ type: UInt32, _ alignment: UInt64, _ flags: SectionBits
  ) -> (UnplacedSection, SectionBits) {
    (UnplacedSection(name: Array(name.utf8), type: type, flags: 0, alignment: alignment), flags)
  }

  /// The names of all output sections, in the order of the statements.
  func order() -> [[UInt8]] {
    var copy = self
    var objects = script.orphans.map { $0.map { ($0, $0.bits) } }
    if dialect.follows(.ownSectionsFirst) {
      objects.insert(ownSections, at: 0)
    } else if !objects.isEmpty {
      objects[0] += ownSections
    }
    for (section, flags) in objects.joined() { copy.place(section, flags) }
    return copy.nodes.compactMap { $0.output?.name }
  }
}
