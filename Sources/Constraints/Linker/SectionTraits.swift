// What a script alone says of how an output section behaves in layout (ldlang.c, strip_excluded_output_sections,
// lang_size_sections_1, map_input_to_output_sections).

internal import LdsParser

/// How an output section behaves.
struct SectionTraits {
  /// `/DISCARD/`.
  var isDiscard = false
  /// A member of an overlay, or otherwise not laid out by the plain rules.
  var isOpaque = false
  /// Whether input sections may give it an alignment.
  var hasInputs = false
  /// Whether ld keeps its effect on the location counter even if it is empty.
  var isKept = false
  /// Whether sections that no pattern takes may be added at its end.
  var mayBeExtended = false
  /// The patterns of the input sections that it may take.
  private(set) var patterns: [[UInt8]] = []
  /// Whether it may hold thread-local sections without bytes only, which take no room.
  var mayBeThreadLocal = false
  /// Whether it takes room in memory if it is not empty; by the names of its input sections.
  var isAllocated = true
  /// Whether its type says that it takes no room in memory, whatever is in it.
  var isNeverAllocated = false
  /// Whether the names of all its input sections promise that they take room in memory.
  var isPromisedRoom = true
  /// Whether they promise that they are part of the image in memory, with room of their own or not.
  var isPromisedMemory = true
  /// Whether it is known to have data, whatever the objects.
  var hasData = false
  /// Whether non-allocated orphans may follow it, which set the location counter back.
  var attractsUnallocated = false
  /// Index of its memory region, nil for the default one.
  var region: Int?
  /// Whether its region is chosen by the flags of its input sections, or unknown.
  var isRegionUnknown = false

  init(_ index: Int, _ program: Program, _ names: SectionNames) {
    let section = program.sections[index]
    let name = program.names.bytes(section.name)
    isDiscard = name == Array("/DISCARD/".utf8)
    guard let description = section.description else {
      isOpaque = true
      return
    }
    var patterns: [[UInt8]] = names.takes(name) ? [] : [name]
    mayBeExtended = !isDiscard && !names.takes(name)
    read(description.body, program, &patterns)
    if !names.takesCommons, !isDiscard {
      let isDefault = name == Array(".bss".utf8) || patterns.contains(SectionNames.common)
      mayBeExtended = mayBeExtended || isDefault
    }
    hasInputs = hasInputs || mayBeExtended
    self.patterns = patterns
    // Data makes the section a loaded one, unless its type forbids that.
    let isLoaded: Bool
    switch description.type {
    case .normal, .readonly, .type, .readonlyType: isLoaded = hasData
    case .noload, .dsect, .copy, .info, .overlay: isLoaded = false
    }
    mayBeThreadLocal =
      !isLoaded && patterns.contains { SectionNames.mayMatch($0, SectionNames.threadLocal) }
    classify(description, patterns, program, names)
    isPromisedRoom = patterns.allSatisfy { pattern in
      SectionNames.allocated.contains { pattern.starts(with: $0) }
    }
    isPromisedMemory = patterns.allSatisfy { SectionNames.promisesMemory($0) }
    attractsUnallocated = !isAllocated || name == Array(".comment".utf8)
    chooseRegion(description, program)
  }

  private mutating func read(_ body: [Statement], _ program: Program, _ patterns: inout [[UInt8]]) {
    for statement in body {
      switch statement.kind {
      case .include(_, let inner): read(inner, program, &patterns)
      case .inputSections(let input):
        hasInputs = true
        for pattern in input.sections { patterns.append(program.names.bytes(pattern.pattern.name)) }
        if input.sections.isEmpty { patterns.append([0x2A]) }
      case .classReference:
        hasInputs = true
        patterns.append([0x2A])
      case .constructors, .createObjectSymbols, .linkerVersion:
        hasInputs = true
      case .data, .ascii:
        hasData = true
        isKept = true
      case .assignment(let assignment):
        if !assignment.kind.isProvide {
          isKept = isKept || !assignment.isLocationCounter || Self.keeps(assignment, program)
        }
      default: break
      }
    }
  }

  /// Whether a move of the location counter keeps an empty section: only the plainest forms are taken for
  /// granted (ld-semantics 5.4).
  private static func keeps(_ assignment: Assignment, _ program: Program) -> Bool {
    guard case .call1(.align, let unit) = program.expressions[assignment.value] else {
      return false
    }
    return program.expressions.foldedValue(unit) != nil
  }

  private mutating func classify(
    _ description: OutputSectionDescription, _ patterns: [[UInt8]], _ program: Program,
    _ names: SectionNames
  ) {
    switch description.type {
    case .dsect, .copy, .info, .overlay: isNeverAllocated = true
    case .type, .readonlyType, .normal, .readonly, .noload: break
    }
    switch description.type {
    // NOLOAD is allocated only if an input section of it is: data of the script then does not count (ldlang.c,
    // map_input_to_output_sections).
    case .dsect, .copy, .info, .overlay, .noload: isAllocated = false
    case .type, .readonlyType, .normal, .readonly: break
    }
    if let address = description.address, program.expressions.foldedValue(address) == 0 {
      isAllocated = isAllocated && hasData
    }
    if !hasData, patterns.contains(where: { SectionNames.mayMatch($0, SectionNames.notAllocated) })
    {
      isAllocated = false
    }
    if description.constraint != nil { isOpaque = true }
  }

  private mutating func chooseRegion(
    _ description: OutputSectionDescription, _ program: Program
  ) {
    if let region = description.tail.region {
      self.region = program.region(named: region.name)
      isRegionUnknown = self.region == nil
    } else {
      isRegionUnknown = !program.regions.isEmpty && description.address == nil
    }
  }
}
