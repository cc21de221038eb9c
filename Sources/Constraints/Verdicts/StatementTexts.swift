// Statements of a program as bytes that are equal exactly if the statements are: GNU ld's map prints what the script
// says with constants folded, `+x` as `x`, `a += 1` as `a = a + 1`.

internal import LdsParser

/// A statement: what it is made of, and the numbers in it.
struct StatementText: Hashable {
  /// A number once constants are folded.
  enum Number: Hashable {
    case known(UInt64)
    /// One that a macro of a header gives which was not found: the text that it stands in.
    case open([UInt8])
  }

  /// Everything but the numbers.
  var shape: [UInt8] = []
  /// The numbers, in the order of the shape.
  var numbers: [Number] = []

  static func + (left: StatementText, right: StatementText) -> StatementText {
    StatementText(shape: left.shape + right.shape, numbers: left.numbers + right.numbers)
  }

  /// Whether a statement with known numbers may be this one.
  func fits(_ other: StatementText) -> Bool {
    shape == other.shape && numbers.count == other.numbers.count
      && zip(numbers, other.numbers).allSatisfy { mine, theirs in
        if case .open = mine { true } else { mine == theirs }
      }
  }
}

/// The statements of a program in a form that can be compared with those of another one.
struct StatementTexts {
  private let program: Program
  private let open: Set<NameID>
  /// The conditions of all ASSERTs, in the order of the program.
  let conditions: [StatementPairs.Condition]
  /// What the program sets each name to, in order.
  private var values: [[UInt8]: [StatementText]] = [:]
  /// For each name, those that are set by it.
  private var users: [[UInt8]: [[UInt8]]] = [:]
  /// For each step that has a condition, what stands around it.
  private var surroundings: [Int: StatementText] = [:]

  /// `open` are names that stand for numbers: macros of a header that was not found.
  init(_ program: Program, open: Set<NameID> = []) {
    self.program = program
    self.open = open
    conditions = program.steps.indices.flatMap { index in
      program.conditions(at: index).map { .init(step: index, condition: $0) }
    }
    noteValues()
    noteSurroundings()
  }

  // MARK: Names

  private mutating func noteValues() {
    for step in program.steps {
      guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter else {
        continue
      }
      let target = program.names.bytes(assignment.target.name)
      values[target, default: []].append(text(of: assignment.value))
      for name in Self.names(in: assignment.value, program) {
        users[name, default: []].append(target)
      }
    }
  }

  /// Names that the other program sets in another way, or by means of such names.
  func namesSetOtherwise(in other: StatementTexts) -> Set<[UInt8]> {
    let names = Set(values.keys).union(other.values.keys)
    var changed = names.filter { name in
      let (mine, theirs) = (values[name] ?? [], other.values[name] ?? [])
      return mine.count != theirs.count || !zip(mine, theirs).allSatisfy { $0.fits($1) }
    }
    var waiting = Array(changed)
    while let name = waiting.popLast() {
      for user in users[name] ?? [] where changed.insert(user).inserted { waiting.append(user) }
    }
    return changed
  }

  private static func names(in id: ExpressionID, _ program: Program) -> [[UInt8]] {
    program.expressions.nodes(of: id).compactMap { index in
      switch program.expressions[ExpressionID(index: index)] {
      case .symbol(let name), .nameCall(.defined, let name): program.names.bytes(name)
      default: nil
      }
    }
  }

  // MARK: Conditions

  /// A condition with all that decides what it asks; nil if it asks for one of the names that changed.
  func text(_ condition: StatementPairs.Condition, changed: Set<[UInt8]>) -> StatementText? {
    if Self.names(in: condition.condition, program).contains(where: changed.contains) {
      return nil
    }
    let text = text(of: condition.condition)
    let asksForPlace = program.expressions.nodes(of: condition.condition).contains { index in
      switch program.expressions[ExpressionID(index: index)] {
      case .locationCounter, .call1(.align, _), .call1(.next, _), .call1(.dataSegmentEnd, _),
        .call2(.dataSegmentAlign, _, _), .call2(.dataSegmentRelroEnd, _, _):
        true
      default: false
      }
    }
    return asksForPlace ? surroundings[condition.step].map { text + $0 } : text
  }

  /// The output sections of the program, by name. Nothing stands in `/DISCARD/`, and a map does not list it.
  var sections: Set<[UInt8]> {
    Set(program.sections.map { program.names.bytes($0.name) }).subtracting([Self.discard])
  }

  private static let discard = Array("/DISCARD/".utf8)

  /// For each ASSERT, by its step, the last of `sections` that stands before it: in an output section the linker
  /// computes with offsets, and behind it with addresses.
  func lastSections(among sections: Set<[UInt8]>) -> [Int: [UInt8]] {
    var last: [UInt8] = []
    var result: [Int: [UInt8]] = [:]
    for (index, step) in program.steps.enumerated() {
      if case .enter(let section) = step.action {
        let name = program.names.bytes(program.sections[section].name)
        if sections.contains(name) { last = name }
      }
      if program.hasAssertion(step) { result[index] = last }
    }
    return result
  }

  /// Whether a condition is surely inside, or surely outside an output section; nil where a map does not tell.
  func isInside(_ condition: StatementPairs.Condition) -> Bool? {
    switch program.steps[condition.step].context {
    case .inside: true
    case .either: nil
    case .top, .between: false
    }
  }

  /// Notes for each ASSERT the output section before it, the statements since then, and the output section behind it.
  private mutating func noteSurroundings() {
    var text = StatementText()
    var waiting: [Int] = []
    var next: [(steps: [Int], section: [UInt8])] = []
    for (index, step) in program.steps.enumerated() {
      switch step.action {
      case .enter(let section):
        let name = program.names.bytes(program.sections[section].name)
        if name == Self.discard { continue }
        next.append((waiting, name))
        waiting = []
        text = StatementText(shape: Self.framed(0x7B, name))
      case .assignment(let assignment):
        text.shape += Self.framed(0x3D, program.names.bytes(assignment.target.name))
        text = text + self.text(of: assignment.value)
      case .assertion(let assertion):
        text.shape.append(0x21)
        text = text + self.text(of: assertion.condition)
      default: break
      }
      if program.hasAssertion(step) {
        surroundings[index] = text
        waiting.append(index)
      }
    }
    next.append((waiting, []))
    for (steps, section) in next {
      for step in steps { surroundings[step]?.shape += Self.framed(0x7D, section) }
    }
  }

  /// Whether two conditions say the same once constants are folded.
  static func isSame(
    _ mine: ExpressionID, of program: Program, _ theirs: ExpressionID, of other: Program
  ) -> Bool {
    StatementTexts(expressionsOf: program).text(of: mine)
      == StatementTexts(expressionsOf: other).text(of: theirs)
  }

  private init(expressionsOf program: Program) {
    self.program = program
    open = []
    conditions = []
  }

  // MARK: Bytes

  private static func framed(_ tag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [tag] + number(UInt64(bytes.count)) + bytes
  }

  private static func number(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// An expression from its root down, the last operand first, as the linker has it once constants are folded.
  private func text(of id: ExpressionID) -> StatementText {
    var text = StatementText()
    let table = program.expressions
    let nodes = table.nodes(of: id)
    let isNumber = numbers(in: nodes)
    var next = Int64(id.index)
    while next >= Int64(nodes.lowerBound) {
      let node = ExpressionID(index: UInt32(next))
      guard isNumber[Int(node.index - nodes.lowerBound)] else {
        text.shape += Self.text(of: table[node], program)
        next -= 1
        continue
      }
      text.shape.append(0x30)
      text.numbers.append(
        table.foldedValue(node).map { .known($0) }
          ?? .open(
            ExpressionWriter.bytes(
              of: node, in: table, names: program.names, folded: true)))
      next = Int64(table.nodes(of: node).lowerBound) - 1
    }
    return text
  }

  /// For each node whether it is made of nothing but numbers, and names that stand for some.
  private func numbers(in nodes: ClosedRange<UInt32>) -> [Bool] {
    var isNumber: [Bool] = []
    for index in nodes {
      let id = ExpressionID(index: index)
      let node = program.expressions[id]
      switch node {
      case .integer: isNumber.append(true)
      case .symbol(let name): isNumber.append(open.contains(name))
      case .unary, .binary, .conditional, .call1(.log2Ceiling, _), .call2(.max, _, _),
        .call2(.min, _, _):
        isNumber.append(node.operands.allSatisfy { isNumber[Int($0.index - nodes.lowerBound)] })
      default: isNumber.append(false)
      }
    }
    return isNumber
  }

  /// A node without its operands, of which its kind tells the number.
  private static func text(of node: ExpressionNode, _ program: Program) -> [UInt8] {
    switch node {
    case .integer: [0x30]
    case .symbol(let name): framed(0x73, program.names.bytes(name))
    case .locationCounter: [0x2E]
    case .unary(.plus, _): []
    case .unary(let operation, _): framed(0x75, Array(operation.rawValue.utf8))
    case .binary(let operation, _, _): framed(0x62, Array(operation.rawValue.utf8))
    case .conditional: [0x3F]
    case .call1(let function, _): framed(0x66, Array(function.rawValue.utf8))
    case .call2(let function, _, _): framed(0x67, Array(function.rawValue.utf8))
    case .nameCall(let function, let name):
      framed(0x6E, Array(function.rawValue.utf8)) + framed(0x73, program.names.bytes(name))
    case .sizeofHeaders: [0x68]
    case .segmentStart(let name, _): framed(0x67, program.names.bytes(name))
    case .assertion(_, let message): framed(0x61, program.names.bytes(message))
    }
  }
}

extension Program {
  /// The conditions of the ASSERTs in a statement: its own, or those in the value that it assigns.
  func conditions(at index: Int) -> [ExpressionID] {
    switch steps[index].action {
    case .assertion(let assertion): [assertion.condition]
    case .assignment(let assignment):
      expressions.nodes(of: assignment.value).compactMap { node in
        guard case .assertion(let condition, _) = expressions[ExpressionID(index: node)] else {
          return nil
        }
        return condition
      }
    default: []
    }
  }

  /// Whether an ASSERT stands in a statement.
  func hasAssertion(_ step: Step) -> Bool {
    switch step.action {
    case .assertion: true
    case .assignment(let assignment):
      expressions.nodes(of: assignment.value).contains { node in
        if case .assertion = expressions[ExpressionID(index: node)] { true } else { false }
      }
    default: false
    }
  }
}
