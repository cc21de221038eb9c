// What stands in a section whose ONLY_IF_RO or ONLY_IF_RW is not met: GNU ld takes no inputs for it, does not run it where it
// sizes sections, and runs its assignments and ASSERTs all the same where it assigns (ldlang.c, lang_size_sections_1 and
// lang_do_assignments_1). lld forgets it (LinkerScript.cpp, processSectionCommands).

internal import LdsParser

/// The sections of a link that were not taken.
struct UntakenSections: Sendable {
  private var indices: Set<Int> = []
  private var made: Set<Int> = []
  /// Symbols that are set elsewhere, too.
  private var isSetElsewhere: Set<NameID> = []
  private let dialect: LinkerDialect

  /// Those that `facts` tell of.
  init(_ program: Program, _ facts: any LayoutFacts, _ dialect: LinkerDialect) {
    self.dialect = dialect
    guard facts.premise == .oneLink, !program.isMap || dialect == .bfd else { return }
    indices = Set(
      program.sections.indices.filter {
        (program.isMap || program.sections[$0].isConstrained)
          && facts.section($0).presence == .notTaken
      })
    guard !indices.isEmpty else { return }
    if !program.isMap {
      let named = Self.namedSections(program)
      made = indices.filter { named.contains(program.sections[$0].name) }
    }
    for (name, steps) in program.assignments
    where steps.contains(where: { !isIn(program.steps[$0]) }) {
      isSetElsewhere.insert(name)
    }
  }

  /// Whether there is no section at all. What is a number gets that of undefined symbols then, which is at 0. An expression
  /// that names a section makes it, taken or not; a map shows an address of it.
  func isNowhere(_ section: Int) -> Bool {
    dialect == .bfd && indices.contains(section) && !made.contains(section)
  }

  /// What a pass makes of an assignment.
  enum Effect {
    /// What any other pass does.
    case runs
    /// Nothing: the symbol stays as other statements leave it.
    case skips
    /// Nothing, and the symbol has what it came to in another pass.
    case carries
    /// One of these: a map does not tell where it stands.
    case open
  }

  func effect(
    of assignment: Assignment, _ step: Step, in pass: Pass, _ program: Program
  ) -> Effect {
    guard !indices.isEmpty, !assignment.isLocationCounter else { return .runs }
    guard dialect == .bfd else { return isIn(step) ? .skips : .runs }
    guard pass == .sizing else { return .runs }
    if case .either(let section) = step.context, indices.contains(section) { return .open }
    guard isIn(step) else { return .runs }
    if isSetElsewhere.contains(assignment.target.name) { return .skips }
    return program.expressions.foldedValue(assignment.value) == nil ? .carries : .runs
  }

  private func isIn(_ step: Step) -> Bool {
    if case .inside(let section) = step.context { indices.contains(section) } else { false }
  }

  private static func namedSections(_ program: Program) -> Set<NameID> {
    var names: Set<NameID> = []
    for index in 0..<UInt32(truncatingIfNeeded: program.expressions.count) {
      if case .nameCall(_, let name) = program.expressions[ExpressionID(index: index)] {
        names.insert(name)
      }
    }
    return names
  }
}
