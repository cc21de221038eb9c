// GNU ld's placement of orphans (ld/ldelf.c, ldelf_place_orphan; ldlang.c, lang_output_section_find_by_flags and
// lang_insert_orphan): object by object, section by section, each behind the home of its class. Written once: for the
// sections of a script of which only names and flags are known, and for the objects of a link that is laid out.

internal import LdsParser

/// An output section statement, as far as orphans are placed among them.
protocol OrphanOutput: AnyObject, OrphanHost {
  /// Whether it is NOLOAD.
  var isNoLoad: Bool { get }
  /// Whether its type has given it flags though nothing be in it: NOLOAD or READONLY, made by what is not FILL or
  /// CREATE_OBJECT_SYMBOLS.
  var isMarked: Bool { get }
  /// Whether its statement has a type: NOLOAD, READONLY, INFO, COPY, DSECT, OVERLAY.
  var hasType: Bool { get }
  /// Whether an input section is in it.
  var hasInput: Bool { get }
  /// In bytes.
  var noteAlignment: UInt64 { get }
  /// The flags that it is taken to have while nothing is in it.
  var hint: SectionBits { get set }
}

extension OrphanOutput {
  /// Whether something has made it exist: an input section, data, an assignment.
  var isReal: Bool { made != nil }
  var isLoadedNote: Bool {
    made.map { $0.type == ObjectSection.Kind.note && $0.bits.contains(.loaded) } ?? false
  }
}

/// An input section that no pattern takes.
struct Orphan<Input, Name> {
  let input: Input
  let name: Name
  let type: UInt32
  let flags: SectionBits
  /// In bytes.
  let alignment: UInt64
}

/// What orphans are placed in.
protocol OrphanWorld {
  associatedtype Output: OrphanOutput
  associatedtype Input
  /// A name as it is compared.
  associatedtype Name: Hashable
  associatedtype Failure: Error

  func name(of output: Output) -> Name
  func name(_ text: [UInt8]) -> Name
  func text(of name: Name) -> [UInt8]
  /// A new section statement.
  ///
  /// - Parameters:
  ///   - home: the section that the orphan follows; nil for none.
  ///   - isDuplicate: whether others have its name.
  func makeOutput(
    for orphan: Orphan<Input, Name>, called name: Name, behind home: Output?, isDuplicate: Bool
  )
    -> Output
  /// Adds an input section (ldlang.c, lang_add_section).
  func put(_ orphan: Orphan<Input, Name>, into output: Output) throws(Failure)
}

/// The order of output sections by GNU ld, as orphans come in between.
struct GNUOrphans<World: OrphanWorld> {
  typealias Output = World.Output

  /// A statement: those that are no section by their place in the script.
  enum Node {
    case section(Output)
    case move(Int)
    case other(Int)

    var output: Output? { if case .section(let output) = self { output } else { nil } }
  }

  /// Where the orphans of a class go.
  struct Hold {
    var home: Output?
    /// The orphan of the class that was placed last, among the statements.
    var last: Output?
    /// The same in the list of sections.
    var section: Output?
    /// The same in the list of output section statements.
    var tail: Output?
  }

  let dialect: LinkerDialect
  let world: World
  var nodes: [Node]
  /// Output section statements in the order of the list; the first stands for the beginning.
  var outputs: [Output]
  /// The same in the order in which they were made, in which they are looked up by name.
  var made: [Output]
  /// The sections of the output file in the order in which they were made, moved as orphans are placed.
  var sections: [Output]
  var holds: [OrphanKind: Hold] = [:]
  var hasHomes = false
  var firstNote: Output?

  var absolute: Output { outputs[0] }

  /// - Parameters:
  ///   - absolute: stands for the beginning of the list.
  ///   - nodes: the statements of the script.
  ///   - sections: the sections that exist, in the order in which they were made.
  init(
    _ world: World, _ dialect: LinkerDialect, absolute: Output, nodes: [Node], sections: [Output]
  ) {
    self.world = world
    self.dialect = dialect
    self.nodes = nodes
    self.sections = sections
    made = nodes.compactMap(\.output)
    outputs = [absolute] + made
  }

  /// Adds an input section, which makes its output section exist.
  mutating func put(_ orphan: Orphan<World.Input, World.Name>, into output: Output) throws(World
    .Failure)
  {
    let isNew = !output.isReal
    try world.put(orphan, into: output)
    if isNew, output.isReal { sections.append(output) }
  }
}
