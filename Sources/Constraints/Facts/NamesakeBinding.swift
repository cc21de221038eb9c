// Which section of its name in an image a statement of the script made. GNU ld gives an orphan a section of its own where
// what is in that of its name is loaded and the orphan is not, or the other way round, or is of another type (ldelf.c,
// ldelf_place_orphan). It stands before that of the script or behind it, and alone where that one is empty and dropped.

internal import LdsParser

/// What an image with more sections of a name than the script has statements for, or fewer, tells of one of those.
enum NamesakeBinding: Hashable {
  /// It made this one of the image's sections.
  case made(Int)
  /// It may have made any of them.
  case open

  /// - Parameters:
  ///   - index: The program's section.
  ///   - found: The image's sections of its name, more than the program has, or fewer.
  init(_ index: Int, _ found: [Int], _ program: Program, _ evidence: Evidence) {
    if let place = Self.told(index, found, program, evidence) {
      self = .made(place)
      return
    }
    let section = program.sections[index]
    guard found.count > program.sectionCount(named: section.name) else {
      self = .open
      return
    }
    let fitting = found.filter { Self.fits(section, evidence.sections[$0]) }
    self = fitting.count == 1 ? .made(fitting[0]) : .open
  }

  /// Whether the only section of its name may be that of an orphan: input sections without contents gave the statement's
  /// own flags, and it was dropped. One that is NOLOAD or READONLY has other flags than the orphan by itself, or from the first of the
  /// orphans, if that is empty.
  ///
  /// - Parameter names: The names of input sections that the script takes.
  static func isDoubtful(
    _ index: Int, _ place: Int, _ names: SectionNames, _ program: Program, _ evidence: Evidence,
    _ dialect: LinkerDialect
  ) -> Bool {
    let section = program.sections[index]
    guard let description = section.description else { return false }
    let body = description.body
    var isMarked = false
    switch description.type {
    case .normal: break
    case _ where dialect.follows(.typedSectionsTakeAll): return false
    case .noload, .readonly: isMarked = true
    default: break
    }
    guard isMarked || body.takesInputs, !keepsSection(body, program),
      !names.takes(program.names.bytes(section.name)), evidence.sections[place].flags != nil,
      evidence.sections[place].maker == nil
    else { return false }
    // What is empty is not in the image unless the script keeps it.
    return evidence.sections[place].size != 0 && !isTold(index, place, program, evidence)
  }

  /// Whether the only section of its name may be that of an input section that `--unique` leaves to no statement, the
  /// statement's own having been dropped.
  static func isSeparated(
    _ index: Int, _ place: Int, _ inputs: SeparatedInputs, _ names: SectionNames,
    _ program: Program,
    _ evidence: Evidence
  ) -> Bool {
    let section = program.sections[index]
    return inputs.mayHave(program.names.bytes(section.name), names)
      && !keepsSection(section.description?.body ?? [], program)
      && evidence.sections[place].maker == nil && evidence.sections[place].size != 0
      && !isTold(index, place, program, evidence)
  }

  /// Whether symbols that the statement sets are in a section of the image and tell that it made it. Those of one that was
  /// dropped are put into one beside it, but where nothing is in a section, all of them are at one place, and that is in no
  /// other section.
  private static func isTold(
    _ index: Int, _ place: Int, _ program: Program, _ evidence: Evidence
  ) -> Bool {
    guard let start = evidence.sections[place].vma, let end = evidence.sections[place].end else {
      return false
    }
    let addresses = program.steps.compactMap { step -> UInt64? in
      guard step.context == .inside(index), let symbol = symbol(step, program, evidence),
        symbol.place == .section(place), symbol.address >= start, symbol.address <= end
      else { return nil }
      return symbol.address
    }
    return Set(addresses).count > 1 || addresses.contains { $0 > start && $0 < end }
  }

  /// Whether statements keep the section whose contents they are: data, or a move that does.
  private static func keepsSection(_ body: [Statement], _ program: Program) -> Bool {
    body.openingIncludes.contains { statement in
      switch statement.kind {
      case .data, .ascii: true
      case .assignment(let assignment):
        assignment.isLocationCounter && SectionTraits.keeps(assignment, program)
      default: false
      }
    }
  }

  /// The section in which the image has symbols that the statement sets to the location counter.
  private static func told(
    _ index: Int, _ found: [Int], _ program: Program, _ evidence: Evidence
  ) -> Int? {
    let isKept = keepsSection(program.sections[index].description?.body ?? [], program)
    for step in program.steps where step.context == .inside(index) {
      guard case .section(let place)? = symbol(step, program, evidence)?.place,
        found.contains(place), isKept || isTold(index, place, program, evidence)
      else { continue }
      return place
    }
    return nil
  }

  private static func symbol(
    _ step: Step, _ program: Program, _ evidence: Evidence
  ) -> Evidence.Symbol? {
    evidence.place(markedBy: step, of: program).flatMap { $0.mayBeLocal ? nil : $0 }
  }

  /// Whether the type of a statement allows what the image has.
  private static func fits(_ section: ProgramSection, _ record: Evidence.Section) -> Bool {
    guard let flags = record.flags else { return true }
    return !section.isNeverAllocated || !flags.contains(.allocated)
  }
}

extension Evidence {
  /// The symbol that a step sets to the location counter, and no other step to anything, as the image has it.
  func place(markedBy step: Step, of program: Program) -> Symbol? {
    guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter,
      !assignment.kind.isProvide, program.expressions[assignment.value] == .locationCounter,
      program.assignments[assignment.target.name]?.count == 1
    else { return nil }
    return symbols[program.names.bytes(assignment.target.name)]
  }
}
