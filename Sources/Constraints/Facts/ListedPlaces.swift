// Where ld.lld had the location counter at each statement of the script: its map lists them in order, with the
// location counter before the statement as address and what the statement added to it as size (lld/ELF/MapFile.cpp,
// writeMapFile). Of a link that failed at an ASSERT the map is all there is.
//
//           201000           201000        0     1         idmap_start = .
//           202029           202029        7     1         . = ALIGN(16)
//           202030           202030        0     1

internal import LdsParser

/// The location counter at the statements of one program, as far as a map of lld lists them.
struct ListedPlaces: Sendable {
  /// The location counter at a statement.
  struct Place: Sendable {
    /// Before it.
    var before: UInt64
    /// Behind it.
    var behind: UInt64
  }

  private var places: [Int: Place] = [:]
  /// The output sections that the map lists.
  private var sections: Set<[UInt8]> = []
  /// How many steps the program has, so that the places are not taken for those of an edited one.
  private let stepCount: Int

  /// Nothing is listed.
  init() { stepCount = 0 }

  /// The places that `map` lists, if it lists the statements of `program` one by one: what else it begins or ends with
  /// comes from options, and a PROVIDE that did not take effect is not in it.
  init(_ map: Image, for program: Program) {
    stepCount = program.steps.count
    guard map.kind == .lldMap, !program.isMap, !program.hasInsert, program.sections.count > 0
    else { return }
    let listed = Self.listed(map)
    let names = Set(listed.map(\.text))
    let mine = Self.statements(program).filter { !$0.isProvide || names.contains($0.text) }
    guard !mine.isEmpty, mine.count <= listed.count,
      let start = Self.start(of: mine.map(\.text), in: listed.map(\.text))
    else { return }
    for (statement, row) in zip(mine, listed[start...]) { places[statement.step] = row.place }
    sections = Set(map.outputSections.map(\.name))
  }

  /// Whether objects define a name that the script only PROVIDEs: an expression refers to it, and its PROVIDE, which
  /// would be listed had it taken effect, is not (LinkerScript.cpp, shouldDefineSym).
  func isLeftToObjects(_ name: NameID, of program: Program) -> Bool {
    guard !places.isEmpty, program.isOnlyProvided(name), let steps = program.assignments[name],
      steps.allSatisfy({ places[$0] == nil && isListed(program.steps[$0], program) })
    else { return false }
    return program.steps.contains { step in
      switch step.action {
      case .assertion(let assertion):
        program.expressions.mentions(.symbol(name), in: assertion.condition)
      case .assignment(let assignment) where !assignment.kind.isProvide:
        program.expressions.mentions(.symbol(name), in: assignment.value)
      default: false
      }
    }
  }

  /// Whether a statement that takes effect is in the map: the section around it was not dropped.
  private func isListed(_ step: Step, _ program: Program) -> Bool {
    guard case .inside(let index) = step.context else { return true }
    let section = program.sections[index]
    return section.ordinal == 0 && !section.isConstrained
      && sections.contains(program.names.bytes(section.name))
  }

  /// The location counter at a step of `program`; nil where nothing tells.
  func place(at step: Int, of program: Program) -> Place? {
    program.steps.count == stepCount ? places[step] : nil
  }

  /// Where `part` begins in `whole`; nil if it is not in it, or more than once.
  private static func start(of part: [[UInt8]], in whole: [[UInt8]]) -> Int? {
    let starts = (0...(whole.count - part.count)).filter {
      whole[$0] == part[0] && whole[$0..<$0 + part.count].elementsEqual(part)
    }
    return starts.count == 1 ? starts[0] : nil
  }

  private static func listed(_ map: Image) -> [(text: [UInt8], place: Place)] {
    map.statements.compactMap { statement in
      guard let before = statement.locationCounter else { return nil }
      let place = Place(before: before, behind: before &+ statement.advance)
      switch statement.kind {
      case .assignment(let assignment, _):
        return (text(assignment, map.names, map.expressions), place)
      case .unnamedAssertion: return (assertion, place)
      default: return nil
      }
    }
  }

  private static func statements(
    _ program: Program
  ) -> [(step: Int, text: [UInt8], isProvide: Bool)] {
    program.steps.indices.compactMap { index in
      switch program.steps[index].action {
      case .assignment(let assignment):
        (
          index, text(assignment, program.names, program.expressions),
          assignment.kind.isProvide
        )
      case .assertion: (index, assertion, false)
      default: nil
      }
    }
  }

  /// An ASSERT, of which the map shows nothing.
  private static let assertion = Array("ASSERT".utf8)

  /// The statement with constants folded: the script may be preprocessed here, and the map has it as the linker read it.
  private static func text(
    _ assignment: Assignment, _ names: NameTable, _ expressions: ExpressionTable
  ) -> [UInt8] {
    names.bytes(assignment.target.name) + (assignment.kind.isProvide ? [0, 1] : [0, 0])
      + ExpressionWriter.bytes(
        of: assignment.value, in: expressions, names: names, folded: true)
  }
}
