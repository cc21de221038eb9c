// What a program's symbols feed on across passes: assignments that refer to one another (`a = b + 1; b = a + 1;`), to
// symbols and sections that come later, to what INSERT puts elsewhere (ld-semantics 3.6).

internal import LdsParser

/// Finds the symbols of a program that are made from values of earlier passes.
struct UnsettledSymbols: Sendable {
  /// Symbols of which no pass before the last tells the value: INSERT moves what they are made of, or a PROVIDE takes
  /// effect late.
  private(set) var symbols: Set<NameID> = []

  /// Symbols that depend on their own value of an earlier pass.
  private(set) var circular: Set<NameID> = []

  /// Whether a statement asks for the address of a section that a sizing pass has not come to.
  private(set) var readsLaterSections = false

  /// Whether a statement asks for the size of the headers, which the first passes do not know.
  private(set) var needsHeaders = false

  /// How many data segments the script begins.
  private(set) var dataSegments = 0

  /// Whether it says where one ends, so that ld may move its start: a sizing pass is made twice then.
  private(set) var endsDataSegment = false

  /// Where each symbol is named first, outside of conditions, and anywhere.
  private var mentions: [NameID: (certain: Int, possible: Int)] = [:]

  /// Symbols that may have another value in the final pass than before it: those that refer to themselves,
  /// which GNU ld leaves to the final pass, those that refer to later symbols or to the address of a section
  /// that is not done with, and all that is made of them.
  private(set) var late: Set<NameID> = []

  private var edges: [[Int]]
  /// The step that closes each section.
  private var closing: [Int]
  private var order: [Int]
  private var low: [Int]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var count = 0

  init(_ program: Program) {
    edges = Array(repeating: [], count: program.steps.count)
    closing = Array(repeating: 0, count: program.sections.count)
    order = Array(repeating: -1, count: program.steps.count)
    low = order
    isOpen = Array(repeating: false, count: program.steps.count)
    for steps in program.assignments.values {
      for step in steps { edges[step] = Self.reads(of: step, program) }
    }
    for step in program.steps.indices where order[step] < 0 && !edges[step].isEmpty {
      search(from: step, program)
    }
    for (index, step) in program.steps.enumerated() {
      if case .leave(let section) = step.action { closing[section] = index }
    }
    findLate(program)
    findMentions(program)
    findHidden(program)
  }

  /// How sure it is that a statement before a step has made a symbol known.
  enum Mention { case none, possible, certain }

  /// Whether an expression before a step, or in it, names the symbol: it is known as undefined then.
  func mention(of name: NameID, before step: Int) -> Mention {
    guard let mention = mentions[name], mention.possible <= step else { return .none }
    return mention.certain <= step ? .certain : .possible
  }

  private mutating func findMentions(_ program: Program) {
    for (index, step) in program.steps.enumerated() {
      guard let root = step.expression else { continue }
      let nodes = program.expressions.nodes(of: root).map {
        program.expressions[ExpressionID(index: $0)]
      }
      // Which branches are looked at is not the same in every pass.
      let isConditional = nodes.contains { if case .conditional = $0 { true } else { false } }
      for node in nodes {
        switch node {
        case .symbol(let name) where program.assignments[name] != nil:
          let known = mentions[name] ?? (certain: .max, possible: .max)
          mentions[name] = (
            certain: isConditional ? known.certain : min(known.certain, index),
            possible: min(known.possible, index)
          )
        case .sizeofHeaders: needsHeaders = true
        case .call2(.dataSegmentAlign, _, _): dataSegments += 1
        case .call1(.dataSegmentEnd, _), .call2(.dataSegmentRelroEnd, _, _): endsDataSegment = true
        default: break
        }
      }
    }
    for section in program.sections {
      let expressions = [section.description?.address, section.description?.alignment]
      for expression in expressions {
        guard let expression else { continue }
        for index in program.expressions.nodes(of: expression)
        where program.expressions[ExpressionID(index: index)] == .sizeofHeaders {
          needsHeaders = true
        }
      }
    }
  }

  /// Symbols that INSERT or a late PROVIDE goes into, and all that is made of them.
  private mutating func findHidden(_ program: Program) {
    var readers: [[Int]] = Array(repeating: [], count: edges.count)
    for (step, reads) in edges.enumerated() { for read in reads { readers[read].append(step) } }
    var pending = edges.indices.filter { step in
      !edges[step].isEmpty && (program.hasInsert || referencesLate(step, program))
    }
    var known = Set(pending)
    while let step = pending.popLast() {
      if case .assignment(let assignment) = program.steps[step].action {
        symbols.insert(assignment.target.name)
      }
      for reader in readers[step] where known.insert(reader).inserted { pending.append(reader) }
    }
  }

  private mutating func findLate(_ program: Program) {
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
          // `x = DEFINED(x) ? x : 5` leaves what an object defines as it is.
          let isItself = name == target && program.defaultValue(of: assignment) == nil
          if isItself || (name != target && (steps.first ?? 0) > index) || program.hasInsert {
            found.append(target)
          }
          if program.hasInsert { symbols.insert(name) }
        case .nameCall(.address, let name), .nameCall(.loadAddress, let name):
          if let section = program.section(named: name), closing[section] > index {
            found.append(target)
            readsLaterSections = true
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

  /// Whether a step may come to a PROVIDEd symbol in one of the last passes only: it stands behind a condition that has no
  /// value, or another one, before, and what stands behind that is not looked at. Until then the symbol is not known, and
  /// the PROVIDE takes no effect (measured on ld 2.40).
  private func referencesLate(_ step: Int, _ program: Program) -> Bool {
    let isHidden = edges[step].contains { read in
      guard case .assignment(let other) = program.steps[read].action, other.kind.isProvide else {
        return false
      }
      return mentions[other.target.name].map { $0.certain == .max } ?? true
    }
    guard isHidden, case .assignment(let assignment) = program.steps[step].action else {
      return false
    }
    return program.expressions.nodes(of: assignment.value).contains { index in
      switch program.expressions[ExpressionID(index: index)] {
      case .call1(.dataSegmentEnd, _): true
      case .symbol(let name): (program.assignments[name]?.first ?? 0) > step || late.contains(name)
      case .nameCall(.address, let name), .nameCall(.loadAddress, let name):
        program.section(named: name).map { closing[$0] > step } ?? false
      default: false
      }
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
    guard members.count > 1 else { return }
    for member in members {
      if case .assignment(let assignment) = program.steps[member].action {
        circular.insert(assignment.target.name)
      }
    }
  }
}
