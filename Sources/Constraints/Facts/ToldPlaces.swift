// Where the location counter was between sections, as symbols tell that are set from it: a statement that reads it and
// the line `_end = .` behind that statement see the same, if nothing between them moves it. Orphans stand before the next
// output section or the next assignment to the location counter, and so never among such lines (ldlang.c, insert_os_after).

internal import LdsParser

/// The location counter of the linker's last pass at steps of one program, as far as symbols of the image tell it.
struct ToldPlaces: Sendable {
  private var places: [Int: UInt64] = [:]

  /// Nothing is told.
  init() {}

  /// The places that the last assignments of symbols tell, `address` being what the image has for one.
  init(_ program: Program, _ dialect: LinkerDialect, address: (NameID) -> UInt64?) {
    var run: [Int] = []
    var told: Set<UInt64> = []
    func close() {
      // Two that differ are not of one link.
      if let place = told.first, told.count == 1 { for step in run { places[step] = place } }
      run = []
      told = []
    }
    for index in program.steps.indices {
      guard Self.staysBetweenSections(program.steps[index]) else {
        close()
        continue
      }
      // Orphans may stand before it.
      if dialect.follows(.assertionsAreMoves), case .assertion = program.steps[index].action {
        close()
      }
      run.append(index)
      guard case .assignment(let assignment) = program.steps[index].action,
        case .locationCounter = program.expressions[assignment.value], assignment.compound == nil,
        !assignment.kind.isProvide, program.assignments[assignment.target.name]?.count == 1,
        let place = address(assignment.target.name)
      else { continue }
      told.insert(place)
    }
    close()
  }

  /// The location counter at a step; nil where nothing tells.
  subscript(step: Int) -> UInt64? { places[step] }

  /// Whether a step stands between sections, reads the location counter perhaps, and does not move it.
  private static func staysBetweenSections(_ step: Step) -> Bool {
    guard step.context == .top || step.context == .between else { return false }
    switch step.action {
    case .assertion: return true
    case .assignment(let assignment): return !assignment.isLocationCounter
    default: return false
    }
  }
}
