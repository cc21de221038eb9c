// Which section of an image a statement with ONLY_IF_RO or ONLY_IF_RW took: ONLY_IF_RO takes its input sections if all of
// them are read-only, and so one that has none (ldlang.c, map_input_to_output_sections, check_input_sections).

internal import LdsParser

/// What an image tells of a constrained section.
enum ConstrainedBinding: Hashable {
  /// It is this one of the image's sections.
  case taken(Int)
  /// It was not taken, or it is empty and was dropped.
  case absent
  /// It may be one of the image's, or that may be an orphan of its name.
  case open

  /// - Parameters:
  ///   - section: The program's section, which has a constraint.
  ///   - found: The image's sections of its name, in order.
  ///   - mayBeOrphan: Whether no pattern takes an input section of its name.
  ///   - index: Its index in the program.
  init(
    _ index: Int, _ found: [Int], mayBeOrphan: Bool, _ program: Program, _ evidence: Evidence
  ) {
    let section = program.sections[index]
    let flagged = Self.filled(found, evidence).filter { evidence.sections[$0].flags != nil }
    if flagged.isEmpty {
      self.init(listed: found, section, program, evidence)
      return
    }
    self.init(flagged: flagged, section, program, evidence)
    guard case .taken(let place) = self, mayBeOrphan,
      !Self.holdsOwnSymbol(index, place, program, evidence)
    else { return }
    self = .open
  }

  /// Whether a symbol that the statement sets to a place in it is in a section of the image.
  private static func holdsOwnSymbol(
    _ index: Int, _ place: Int, _ program: Program, _ evidence: Evidence
  ) -> Bool {
    program.steps.contains { step in
      guard step.context == .inside(index), case .assignment(let assignment) = step.action,
        !assignment.isLocationCounter, !assignment.kind.isProvide,
        case .locationCounter = program.expressions[assignment.value],
        program.assignments[assignment.target.name]?.count == 1
      else { return false }
      return evidence.symbols[program.names.bytes(assignment.target.name)]?.place == .section(place)
    }
  }

  /// What an expression makes of one that is not taken is empty.
  private static func filled(_ found: [Int], _ evidence: Evidence) -> [Int] {
    let filled = found.filter { evidence.sections[$0].size != 0 }
    return filled.isEmpty ? found : filled
  }

  /// By the flags of an image.
  private init(
    flagged: [Int], _ section: ProgramSection, _ program: Program, _ evidence: Evidence
  ) {
    func isWritable(_ place: Int) -> Bool {
      evidence.sections[place].flags?.contains(.writable) ?? false
    }
    /// Whether a statement may have made a section without any input section: it has the flags of data then.
    func mayHaveMade(_ place: Int, _ statement: ProgramSection) -> Bool {
      guard evidence.sections[place].size != 0, let body = statement.description?.body else {
        return false
      }
      let contents = body.contentsOfItsOwn
      let hasBytes = evidence.sections[place].flags?.contains(.noBits) == false
      return hasBytes ? contents == .data : contents != .none
    }
    let isReadOnlyOne = section.description?.constraint == .onlyIfRO
    let fitting = flagged.filter { isWritable($0) != isReadOnlyOne }
    // What an expression makes of one that is not taken is in no memory.
    let allocated = fitting.filter { evidence.sections[$0].flags?.contains(.allocated) == true }
    if fitting.count > 1, allocated.count != 1 {
      self = .open
    } else if let place = allocated.first ?? fitting.first {
      let isOfTwin =
        !isReadOnlyOne
        && program.sections.contains { other in
          other.name == section.name && other.description?.constraint == .onlyIfRO
            && mayHaveMade(place, other)
        }
      self = isOfTwin ? .open : .taken(place)
    } else {
      let isOpen = isReadOnlyOne && flagged.contains { mayHaveMade($0, section) }
      self = isOpen ? .open : .absent
    }
  }

  /// By the rows of a map, which has no flags: that of GNU ld lists what is not taken without address, and that of lld
  /// does not tell which one was.
  private init(
    listed found: [Int], _ section: ProgramSection, _ program: Program, _ evidence: Evidence
  ) {
    guard evidence.listsDroppedSections else {
      self = .absent
      return
    }
    let statements = program.sections.count { $0.name == section.name }
    guard found.count <= statements else {
      // Orphans of its name have rows too, and all of those have addresses.
      let isAbsent = found.count { evidence.sections[$0].vma == nil } >= statements
      self = isAbsent ? .absent : .open
      return
    }
    guard section.ordinal < found.count else {
      self = .absent
      return
    }
    let place = found[section.ordinal]
    let filled = found.filter { evidence.sections[$0].size != 0 }
    // Of two empty ones with addresses an expression made one.
    if filled.isEmpty, found.count(where: { evidence.sections[$0].vma != nil }) > 1 {
      self = .open
      return
    }
    let isTaken =
      evidence.sections[place].vma != nil && (filled.isEmpty || filled.contains(place))
    self = isTaken ? .taken(place) : .absent
  }
}
