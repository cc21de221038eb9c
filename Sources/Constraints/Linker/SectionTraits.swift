// What a script alone says of how an output section behaves in layout (ldlang.c, strip_excluded_output_sections,
// lang_size_sections_1, map_input_to_output_sections).

internal import LdsParser

/// How an output section behaves.
struct SectionTraits {
  /// What kind of statement it is.
  enum Kind {
    /// Laid out by the plain rules.
    case plain
    /// `/DISCARD/`.
    case discard
    /// A member of an overlay, or otherwise not laid out by the plain rules.
    case opaque
  }

  /// Which input sections it may get.
  enum Inputs {
    /// None, so that only its `ALIGN(n)` aligns it.
    case none
    /// Those of its patterns.
    case ofPatterns
    /// Those, and at its end sections of its name that no pattern takes.
    case ofPatternsAndLeftovers
  }

  /// What is in it without any input section.
  enum Substance: Comparable {
    /// Nothing: it is dropped if no input section comes.
    case none
    /// No bytes, but ld keeps its effect on the location counter even if it is empty.
    case kept
    /// Room that the location counter surely passes, which makes it a section in memory (ldlang.c,
    /// size_input_section and insert_pad: SEC_ALLOC).
    case room
    /// Data, whatever the objects.
    case data
  }

  /// Whether it takes room in memory if it is not empty.
  enum Allocation {
    /// Its type says that it does not, whatever is in it.
    case never
    /// A name of its input sections, its type or its address speaks against it.
    case doubtful
    /// Nothing speaks against it.
    case usual
  }

  /// What the names of all its input sections promise of them.
  enum Promise: Comparable {
    case nothing
    /// They are part of the image in memory, with room of their own or not.
    case memory
    /// They take room in memory.
    case room
  }

  /// The region that it is placed in.
  enum Home: Equatable {
    /// The default one, which all of memory belongs to.
    case standard
    /// A declared one, by its index.
    case declared(Int)
    /// The one whose attributes its flags fit.
    case byFlags
    /// One that the program does not declare.
    case undeclared
  }

  private(set) var kind = Kind.plain
  private(set) var inputs = Inputs.none
  private(set) var substance = Substance.none
  private(set) var allocation = Allocation.usual
  private(set) var promise = Promise.nothing
  /// The patterns of the input sections that it may take.
  private(set) var patterns: [[UInt8]] = []
  /// Whether it may hold thread-local sections without bytes only, which take no room.
  private(set) var mayBeThreadLocal = false
  /// Whether it may come out not allocated, as far as its names promise: non-allocated orphans follow it then, which set
  /// the location counter back.
  private(set) var attractsUnallocated = false
  private(set) var home = Home.standard

  var isDiscard: Bool { kind == .discard }
  var isOpaque: Bool { kind == .opaque }
  var hasInputs: Bool { inputs != .none }
  var mayBeExtended: Bool { inputs == .ofPatternsAndLeftovers }
  var isKept: Bool { substance != .none }
  var hasData: Bool { substance == .data }
  var isAllocated: Bool { allocation == .usual }
  /// Whether it is part of the image in memory whatever objects come, as far as the names of input sections promise
  /// (gABI, "Special Sections"); a name of the author's own promises nothing.
  var isSurelyAllocated: Bool {
    isAllocated && (substance >= .room || promise >= .memory)
  }

  /// - Parameter regions: its regions by their names.
  init(
    _ index: Int, _ program: Program, _ names: SectionNames, _ regions: SectionRegions<NameID>?
  ) {
    let section = program.sections[index]
    let name = program.names.bytes(section.name)
    if name == Array("/DISCARD/".utf8) { kind = .discard }
    guard let description = section.description, let regions else {
      kind = .opaque
      return
    }
    var patterns: [[UInt8]] = names.takes(name) ? [] : [name]
    patterns += description.body.patterns(program.names)
    self.patterns = patterns
    read(description.body, program)
    if kind != .discard {
      let isDefault = name == Array(".bss".utf8) || patterns.contains(SectionNames.common)
      if !names.takes(name) || (!names.takesCommons && isDefault) {
        inputs = .ofPatternsAndLeftovers
      }
    }
    // Data makes the section a loaded one, unless its type forbids that.
    let isLoaded: Bool
    switch description.type {
    case .normal, .readonly, .type, .readonlyType: isLoaded = hasData
    case .noload, .dsect, .copy, .info, .overlay: isLoaded = false
    }
    mayBeThreadLocal =
      !isLoaded && patterns.contains { SectionNames.mayMatch($0, SectionNames.threadLocal) }
    allocation = allocation(description, program)
    promise = patterns.map(SectionNames.promise(of:)).min() ?? .room
    attractsUnallocated = !isSurelyAllocated || name == Array(".comment".utf8)
    if description.constraint != nil { kind = .opaque }
    home = home(regions, program)
  }

  private mutating func read(_ body: [Statement], _ program: Program) {
    for statement in body.openingIncludes {
      switch statement.kind {
      case .inputSections, .classReference, .constructors, .createObjectSymbols, .linkerVersion:
        inputs = .ofPatterns
      case .data, .ascii:
        substance = .data
      case .assignment(let assignment):
        substance = max(substance, Self.substance(of: assignment, program))
      default: break
      }
    }
  }

  private static func substance(of assignment: Assignment, _ program: Program) -> Substance {
    if assignment.kind.isProvide { return .none }
    guard assignment.isLocationCounter else { return .kept }
    if passesRoom(assignment.value, program.expressions) { return .room }
    return keeps(assignment, program) ? .kept : .none
  }

  /// Whether `. = value` is `. = . + n`, n not 0.
  private static func passesRoom(_ value: ExpressionID, _ table: ExpressionTable) -> Bool {
    guard case .binary(.add, let left, let right) = table[value], table[left] == .locationCounter,
      let number = table.foldedValue(right)
    else { return false }
    return number != 0
  }

  /// Whether a move of the location counter keeps an empty section for certain.
  static func keeps(_ assignment: Assignment, _ program: Program) -> Bool {
    switch EmptyMove(assignment.value, program.expressions) {
    case .number(let number): number != 0
    case .symbol, .aligned: false
    case nil: true
    }
  }

  private func allocation(
    _ description: OutputSectionDescription, _ program: Program
  ) -> Allocation {
    switch description.type {
    case .dsect, .copy, .info, .overlay: return .never
    // NOLOAD is allocated only if an input section of it is: data of the script then does not count (ldlang.c,
    // map_input_to_output_sections).
    case .noload: return .doubtful
    case .type, .readonlyType, .normal, .readonly: break
    }
    if hasData { return .usual }
    if let address = description.address, program.expressions.foldedValue(address) == 0 {
      return .doubtful
    }
    let isDoubtful = patterns.contains { SectionNames.mayMatch($0, SectionNames.notAllocated) }
    return isDoubtful ? .doubtful : .usual
  }

  private func home(_ regions: SectionRegions<NameID>, _ program: Program) -> Home {
    if let name = regions.region {
      return program.region(named: name).map { .declared($0) } ?? .undeclared
    }
    return program.regions.isEmpty || regions.hasAddress ? .standard : .byFlags
  }
}

extension SectionNames {
  /// What a name, or pattern, promises of the sections that it takes.
  static func promise(of name: [UInt8]) -> SectionTraits.Promise {
    if allocated.contains(where: { name.starts(with: $0) }) { return .room }
    return promisesMemory(name) ? .memory : .nothing
  }
}
