// A script or map as the linker runs it: one statement after another, each with its context. Nesting is
// gone; INCLUDEs, groups and overlays are spelled out. The walker runs programs and nothing else.

public import LdsParser

/// Where a statement stands, which decides what its numbers mean (ld-semantics, head).
public enum StatementContext: Sendable, Hashable {
  /// Outside `SECTIONS`.
  case top
  /// Inside `SECTIONS`, outside output sections.
  case between
  /// Inside the braces of the output section with this index in ``Program/sections``.
  case inside(Int)
  /// On a line of a map that may still belong to the output section above it, or not.
  case either(Int)
}

/// One thing that the linker does in a pass.
public struct Step: Sendable {
  /// What it does.
  public enum Action: Sendable {
    /// Opens the output section with this index.
    case enter(Int)
    /// Closes it.
    case leave(Int)
    /// Sets a symbol or the location counter.
    case assignment(Assignment)
    /// Checks a condition.
    case assertion(Assertion)
    /// Places input sections; how far the location counter moves is not in the script.
    case inputs
    /// A row of a map: contents at an address.
    case contents(address: UInt64, size: UInt64)
    /// Emits data of a known width.
    case data(byteCount: UInt64, value: ExpressionID?)
    /// Emits data of which the width is not known here.
    case opaqueData
    /// Ends an overlay whose members are these sections.
    case endOverlay([Int])
  }

  /// What it does.
  public var action: Action
  /// Where it stands.
  public var context: StatementContext
  /// Its text.
  public var span: SourceSpan
  /// What a map prints beside it; nil for a script.
  public var printed: PrintedValue?

  init(
    _ action: Action, in context: StatementContext, span: SourceSpan, printed: PrintedValue? = nil
  ) {
    self.action = action
    self.context = context
    self.span = span
    self.printed = printed
  }
}

/// An output section of a program.
public struct ProgramSection: Sendable {
  /// Its name.
  public var name: NameID
  /// How many earlier output sections have the same name.
  public var ordinal: Int
  /// What the script says of it; nil for a section of a map or a member of an overlay.
  public var description: OutputSectionDescription?
  /// Whether its statements set a symbol or the location counter, which keeps its effect on the
  /// location counter when it is dropped (ld-semantics 5.1).
  public var setsSymbols: Bool
  /// Index of its record in the map, for the section of a map.
  public var mapRecord: Int?

  /// Whether its type says that it takes no room in memory, whatever is in it.
  var isNeverAllocated: Bool {
    switch description?.type {
    case .dsect, .copy, .info, .overlay: true
    default: false
    }
  }

  /// Whether it takes its input sections only if all are read-only, or not all are.
  var isConstrained: Bool {
    switch description?.constraint {
    case .onlyIfRO, .onlyIfRW: true
    default: false
    }
  }
}

extension Program {
  /// Whether a step counts only if the section around it takes its input sections.
  func isConstrained(step: Int) -> Bool {
    if case .inside(let section) = steps[step].context { return sections[section].isConstrained }
    return false
  }
}

/// A memory region of a program.
public struct ProgramRegion: Sendable {
  /// Its name.
  public var name: NameID
  /// `ORIGIN = e`
  public var origin: ExpressionID
  /// `LENGTH = e`
  public var length: ExpressionID
  /// The letters in parentheses.
  var attributes: [SectionFlagTerm]
}

/// How much a script says of where its parts are loaded.
struct LoadAddressing: Sendable {
  /// What PHDRS says.
  enum Headers: Sendable {
    /// There is none: the linker makes program headers.
    case none
    /// It names them.
    case named
    /// It gives one of them a load address.
    case loaded
  }

  /// What output sections and overlays say.
  enum Sections: Comparable, Sendable {
    /// Nothing: they are loaded where they run.
    case none
    /// `AT(address)`, or that of an overlay.
    case addresses
    /// `AT>REGION` of at least one.
    case regions
  }

  var headers = Headers.none
  var sections = Sections.none
}

/// A linear program with everything its steps refer to.
public struct Program: Sendable {
  /// The names of the steps.
  public internal(set) var names: NameTable
  /// The expressions of the steps.
  public internal(set) var expressions: ExpressionTable
  /// What spans point into.
  public internal(set) var sources: SourceSet
  /// The steps in the linker's order.
  public internal(set) var steps: [Step] = []
  /// The output sections in order of first statement.
  public private(set) var sections: [ProgramSection] = []
  /// The first output section of each name, and how many there are.
  private var sectionNames: [NameID: (first: Int, count: Int)] = [:]
  /// Memory regions in order.
  public internal(set) var regions: [ProgramRegion] = []
  private var regionsByName: [NameID: Int] = [:]
  /// Second names of regions.
  public internal(set) var regionAliases: [NameID: NameID] = [:]
  /// Whether `LD_FEATURE("SANE_EXPR")` is in force.
  public internal(set) var isSane = false
  /// Whether the script inserts into another one, so that what stands around it is not known.
  public internal(set) var hasInsert = false
  /// What it says of where things are loaded.
  var loading = LoadAddressing()
  /// Output formats that the script names.
  package internal(set) var outputFormats: [NameID] = []
  /// Machines that the script names.
  var architectures: [NameID] = []
  /// Whether it was read from a map: rows tell the location counter, and contexts are not marked.
  public internal(set) var isMap = false
  /// Nodes of expressions that are numbers of a map, with the names that the script has there: macros of a header that
  /// was not found.
  package private(set) var numbersOfMap: [UInt32: NameID] = [:]
  /// The bits of a value that a map prints.
  var printedMask = UInt64.max
  /// For each assigned symbol, the steps that assign it.
  public internal(set) var assignments: [NameID: [Int]] = [:]

  init(names: NameTable, expressions: ExpressionTable, sources: SourceSet) {
    self.names = names
    self.expressions = expressions
    self.sources = sources
  }

  /// The first output section called `name`, which is what `SIZEOF` and the like mean.
  public func section(named name: NameID) -> Int? {
    sectionNames[name]?.first
  }

  /// How many output sections are called `name`.
  func sectionCount(named name: NameID) -> Int { sectionNames[name]?.count ?? 0 }

  /// The region called `name`, or that has it as a second name.
  func region(named name: NameID) -> Int? {
    regionsByName[regionAliases[name] ?? name]
  }

  /// Adds a region unless there is one of its name, which is the one that counts.
  mutating func add(_ region: MemoryRegion) {
    let name = region.name.name
    guard regionsByName[name] == nil else { return }
    regionsByName[name] = regions.count
    regions.append(
      ProgramRegion(
        name: name, origin: region.origin, length: region.length, attributes: region.attributes))
  }

  /// The program with numbers in the place of names.
  func taking(_ numbers: [NameID: UInt64], dialect: LinkerDialect) -> Program {
    var program = self
    program.numbersOfMap = program.expressions.replaceSymbols(numbers, dialect: dialect)
    return program
  }

  /// Notes which steps assign which symbols; called once when the steps are complete.
  mutating func indexAssignments() {
    for (index, step) in steps.enumerated() {
      guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter else {
        continue
      }
      assignments[assignment.target.name, default: []].append(index)
    }
  }

  mutating func addSection(
    _ name: NameID, description: OutputSectionDescription? = nil, setsSymbols: Bool = false,
    mapRecord: Int? = nil
  ) -> Int {
    let (first, ordinal) = sectionNames[name] ?? (sections.count, 0)
    sectionNames[name] = (first, ordinal + 1)
    sections.append(
      ProgramSection(
        name: name, ordinal: ordinal, description: description, setsSymbols: setsSymbols,
        mapRecord: mapRecord))
    return sections.count - 1
  }
}
