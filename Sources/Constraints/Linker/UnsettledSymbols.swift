// Symbols whose value before the linker's last pass is not known: assignments that feed on one another across
// passes (`a = b + 1; b = a + 1;`), and long chains of references to later symbols, which settle by one link a
// pass while GNU ld makes only a few (ld-semantics 3.6).

internal import LdsParser

/// Finds the symbols of a program that depend on their own value of an earlier pass, or on values of passes
/// so early that the layout may still have moved.
struct UnsettledSymbols: Sendable {
  /// The symbols, in no particular order.
  private(set) var symbols: Set<NameID> = []

  /// Those of them that depend on their own value of an earlier pass.
  private(set) var circular: Set<NameID> = []

  /// A symbol that needs more passes than this has come to its value only in the final one: measured on
  /// ld 2.40, a chain of four ends in a stale value and one of five in "undefined symbol", and the first
  /// pass over sections does not know their load addresses.
  private static let settledDepth = 1

  /// Symbols that may have another value in the final pass than before it: those that refer to themselves,
  /// which GNU ld leaves to the final pass, those that refer to later symbols or to the address of a section
  /// that is not done with, and all that is made of them.
  private(set) var late: Set<NameID> = []

  private var edges: [[Int]]
  /// How many passes back the oldest value lies that goes into a step.
  private var depth: [Int]
  private var order: [Int]
  private var low: [Int]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var count = 0

  init(_ program: Program) {
    edges = Array(repeating: [], count: program.steps.count)
    order = Array(repeating: -1, count: program.steps.count)
    low = order
    depth = Array(repeating: 0, count: program.steps.count)
    isOpen = Array(repeating: false, count: program.steps.count)
    for steps in program.assignments.values {
      for step in steps { edges[step] = Self.reads(of: step, program) }
    }
    for step in program.steps.indices where order[step] < 0 && !edges[step].isEmpty {
      search(from: step, program)
    }
    findLate(program)
  }

  private mutating func findLate(_ program: Program) {
    var closing = Array(repeating: 0, count: program.sections.count)
    for (index, step) in program.steps.enumerated() {
      if case .leave(let section) = step.action { closing[section] = index }
    }
    var readers: [NameID: [NameID]] = [:]
    var found: [NameID] = []
    for (index, step) in program.steps.enumerated() {
      guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter else {
        continue
      }
      let target = assignment.target.name
      for node in program.expressions.nodes(of: assignment.value) {
        switch program.expressions[ExpressionID(index: node)] {
        case .symbol(let name):
          guard let steps = program.assignments[name] else { continue }
          readers[name, default: []].append(target)
          if name == target || (steps.first ?? 0) > index || program.hasInsert {
            found.append(target)
          }
          if program.hasInsert { symbols.insert(name) }
        case .nameCall(.address, let name), .nameCall(.loadAddress, let name):
          if let section = program.section(named: name), closing[section] > index {
            found.append(target)
          }
        default: break
        }
      }
    }
    while let name = found.popLast() {
      if late.insert(name).inserted { found += readers[name] ?? [] }
    }
  }

  /// The steps whose values a step reads: the latest before it, or the last of the pass before.
  private static func reads(of step: Int, _ program: Program) -> [Int] {
    guard case .assignment(let assignment) = program.steps[step].action else { return [] }
    var reads: [Int] = []
    var known: Set<Int> = []
    for index in program.expressions.nodes(of: assignment.value) {
      guard case .symbol(let name) = program.expressions[ExpressionID(index: index)],
        name != assignment.target.name, let steps = program.assignments[name]
      else { continue }
      let read = latest(of: steps, before: step)
      if known.insert(read).inserted { reads.append(read) }
    }
    return reads
  }

  /// The last of `steps`, which are in order and not empty, before `step`; the last of all if there is none.
  private static func latest(of steps: [Int], before step: Int) -> Int {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] < step { low = middle + 1 } else { high = middle }
    }
    return steps[(low == 0 ? steps.count : low) - 1]
  }

  /// Whether a step may refer to a PROVIDEd symbol only in the linker's second pass: DATA_SEGMENT_END has no value
  /// in the first, and what stands behind a condition without a value is not looked at. The PROVIDE then takes
  /// effect in the third (measured on ld 2.40).
  private func referencesLate(_ step: Int, _ program: Program) -> Bool {
    guard case .assignment(let assignment) = program.steps[step].action else { return false }
    let nodes = program.expressions.nodes(of: assignment.value).map {
      program.expressions[ExpressionID(index: $0)]
    }
    let hasEnd = nodes.contains { if case .call1(.dataSegmentEnd, _) = $0 { true } else { false } }
    return hasEnd
      && edges[step].contains { read in
        guard case .assignment(let other) = program.steps[read].action else { return false }
        return other.kind.isProvide
      }
  }

  /// Tarjan's strongly connected components (SIAM J. Comput. 1972), with an explicit stack.
  private mutating func search(from start: Int, _ program: Program) {
    var stack: [(step: Int, next: Int)] = [(start, 0)]
    begin(start)
    while let (step, next) = stack.last {
      if next < edges[step].count {
        stack[stack.count - 1].next += 1
        let read = edges[step][next]
        if order[read] < 0 {
          begin(read)
          stack.append((read, 0))
        } else if isOpen[read] {
          low[step] = min(low[step], order[read])
        }
        continue
      }
      stack.removeLast()
      if let caller = stack.last?.step { low[caller] = min(low[caller], low[step]) }
      if low[step] == order[step] { close(step, program) }
    }
  }

  private mutating func begin(_ step: Int) {
    order[step] = count
    low[step] = count
    count += 1
    open.append(step)
    isOpen[step] = true
  }

  private mutating func close(_ step: Int, _ program: Program) {
    var members: [Int] = []
    while let member = open.popLast() {
      isOpen[member] = false
      members.append(member)
      if member == step { break }
    }
    // INSERT may put what a step reads behind it, and that again among the linker's own statements.
    depth[step] =
      edges[step].map { depth[$0] + (program.hasInsert ? 2 : $0 >= step ? 1 : 0) }.max() ?? 0
    if referencesLate(step, program) { depth[step] += 2 }
    guard members.count > 1 || depth[step] > Self.settledDepth else { return }
    for member in members {
      if case .assignment(let assignment) = program.steps[member].action {
        symbols.insert(assignment.target.name)
        if members.count > 1 { circular.insert(assignment.target.name) }
      }
    }
  }
}
