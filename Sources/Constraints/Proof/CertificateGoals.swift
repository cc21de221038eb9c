// The proofs of a certificate as questions to a solver: SMT-LIB 2, bit vectors of 64 bits. What the steps say of places
// is taken for granted; that it makes the condition hold, or fail, is for the solver to confirm.
//
//     (declare-const p0 (_ BitVec 64)) ; inputs of statement 4
//     (assert (bvuge p0 #x0000000000100000))
//     (push 1)
//     (echo "12 always-holds")
//     (assert (= t5 #x0000000000000000))
//     (check-sat) ; unsat: it never fails
//     (pop 1)

internal import LdsParser

/// Writes the goals of one certificate.
///
/// What two operands mean beside each other is stated here once more, after `ldexp.c`, and not asked of the evaluator
/// whose answers are to be confirmed.
public struct CertificateGoals {
  /// The text, in SMT-LIB 2.6.
  public private(set) var text = ""
  /// Proofs without a goal, each with the reason.
  public private(set) var omitted: [(proof: CertifiedProof, reason: String)] = []

  /// One way an expression may come out, under a condition of the solver's.
  private struct Way {
    var guards: [String]
    var kind: ValueKind
    var offset: String
    var address: String
  }

  /// An expression that has no translation, with the reason.
  private struct Untold: Error {
    var reason: String
  }

  /// More ways than this are not followed.
  private static let mostWays = 64

  private let certificate: Certificate
  private var program: Program { certificate.report.program }
  private var terms = 0
  /// The places that goals speak of, beside those of the certificate.
  private var declared: [PlaceID: String] = [:]
  private var head = "(set-logic QF_BV)\n"
  private var bases: [SectionKey: String] = [:]

  /// The goals of every proof of `certificate` that is in it.
  public init(_ certificate: Certificate) {
    self.certificate = certificate
    for proof in certificate.proofs where proof.obstacle == nil {
      let before = text
      do {
        bases = [:]
        try write(proof)
      } catch let untold as Untold {
        text = before
        omitted.append((proof, untold.reason))
      } catch {
        text = before
      }
    }
    text = head + text
  }

  private mutating func line(_ text: String) { self.text += text + "\n" }

  // MARK: Places

  /// The name of a place, which is declared with all that is known of it where it is named first.
  private mutating func name(_ id: PlaceID) -> String {
    if let known = declared[id] { return known }
    let places = certificate.report.walker.numbers.places
    for id in places.lineage(of: id, knowing: { declared[$0] != nil }) {
      declared[id] = "p\(id)"
      let outer = text
      text = ""
      declare(places[id], "p\(id)")
      head += text
      text = outer
    }
    return "p\(id)"
  }

  private mutating func declare(_ place: Place, _ name: String) {
    line("(declare-const \(name) (_ BitVec 64))")
    fact("=", "(bvand \(name) \(Self.word(place.bits.mask)))", Self.word(place.bits.value))
    fact("bvuge", name, Self.word(place.least))
    fact("bvule", name, Self.word(min(place.most, .max &- place.reach)))
    if place.isPowerOfTwo {
      fact("=", "(bvand \(name) (bvsub \(name) \(Self.word(1))))", Self.word(0))
      fact("distinct", name, Self.word(0))
    }
    guard let parent = place.parent.flatMap({ declared[$0] }) else { return }
    let bound = "(bvadd \(parent) \(Self.word(place.distance)))"
    fact("bvuge", bound, parent)
    fact("bvuge", name, bound)
  }

  private mutating func fact(_ relation: String, _ left: String, _ right: String) {
    line("(assert (\(relation) \(left) \(right)))")
  }

  static func word(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return "#x" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// A number of the walk: a sum of places, or something new of which bits and bounds are known.
  private mutating func term(_ number: Number) -> String {
    if let exact = number.exact { return Self.word(exact) }
    guard let form = number.form else {
      let name = fresh()
      line("(declare-const \(name) (_ BitVec 64))")
      state(number, of: name)
      return name
    }
    var sum = Self.word(form.constant)
    for term in form.terms {
      let factor = Self.word(UInt64(bitPattern: Int64(term.factor)))
      sum = "(bvadd \(sum) (bvmul \(factor) \(name(term.place))))"
    }
    return sum
  }

  /// States the bits and bounds of a number.
  private mutating func state(_ number: Number, of name: String) {
    fact("=", "(bvand \(name) \(Self.word(number.bits.mask)))", Self.word(number.bits.value))
    fact("bvuge", name, Self.word(number.least))
    fact("bvule", name, Self.word(number.most))
  }

  private mutating func fresh() -> String {
    terms += 1
    return "t\(terms)"
  }

  private mutating func named(_ text: String) -> String {
    let name = fresh()
    line("(define-fun \(name) () (_ BitVec 64) \(text))")
    return name
  }

  // MARK: Goals

  private mutating func write(_ proof: CertifiedProof) throws {
    guard let result = certificate.report.trace.result(of: proof.step) else {
      throw Untold(reason: "no statement tells its value")
    }
    line("(push 1)")
    line("(echo \"\(proof.step) \(proof.verdict.rawValue)\")")
    let ways = try ways(of: proof.condition, result)
    let wanted = proof.verdict == .alwaysHolds ? "=" : "distinct"
    let goals = ways.map { way in
      "(and true \((way.guards + ["(\(wanted) \(way.offset) \(Self.word(0)))"]).joined(separator: " ")))"
    }
    line("(assert (or false \(goals.joined(separator: " "))))")
    line("(check-sat)")
    line("(pop 1)")
  }

  private mutating func ways(
    of condition: ExpressionID, _ result: Walker.Result
  ) throws -> [Way] {
    let table = program.expressions
    let scope = certificate.report.walker.scope(of: result)
    let evaluator = Evaluator(table, scope: scope)
    let range = table.nodes(of: condition)
    let outcomes = evaluator.evaluateAll(condition)
    var known: [[Way]] = []
    for index in range {
      let id = ExpressionID(index: index)
      func operand(_ child: ExpressionID) -> [Way] { known[Int(child.index - range.lowerBound)] }
      let node = table[id]
      var outcome = outcomes[known.count]
      if case .symbol(let name) = node, let earlier = try value(of: name, above: result.step) {
        outcome = scope.context == nil ? earlier : Self.inSection(earlier)
      }
      let ways = try translate(node, outcome, scope, operand)
      if ways.count > Self.mostWays { throw Untold(reason: "it may come out in too many ways") }
      known.append(ways)
    }
    return known.last ?? []
  }

  /// What a symbol comes to at a statement above one that sets it; nil where the walk's last value is that.
  private func value(of name: NameID, above step: Int) throws -> Outcome? {
    guard let steps = program.assignments[name], let last = steps.last, last > step else {
      return nil
    }
    // A certificate knows nothing of a symbol that is set further down.
    guard let earlier = steps.last(where: { $0 < step }) else {
      return certificate.report.walker.unknown(name, .unsettled(name))
    }
    guard case .assignment(let assignment) = program.steps[earlier].action,
      !assignment.kind.isProvide, let result = certificate.report.trace.result(of: earlier)
    else {
      throw Untold(reason: "\(program.names.string(name)) is perhaps set, and set again below it")
    }
    return result.outcome
  }

  /// Inside an output section, an absolute symbol is a plain number.
  private static func inSection(_ outcome: Outcome) -> Outcome {
    var branches = outcome.branches.map { branch in
      guard case .value(let value) = branch, value.kind == .absolute else { return branch }
      return .value(Value(value.offset, kind: .plain))
    }
    var result = Outcome(branches.removeFirst())
    for branch in branches { result.merge(Outcome(branch)) }
    return result
  }

  private mutating func translate(
    _ node: ExpressionNode, _ outcome: Outcome, _ scope: Walker, _ operand: (ExpressionID) -> [Way]
  ) throws -> [Way] {
    switch node {
    case .unary(let operation, let child):
      return try operand(child).map { try unary(operation, $0, scope) }
    case .binary(let operation, let left, let right):
      return try pairs(operand(left), operand(right)) { guards, one, other in
        try binary(operation, guards, one, other, scope)
      }
    case .conditional(let test, let first, let second):
      return operand(test).flatMap { test in
        [("distinct", first), ("=", second)].flatMap { relation, branch in
          operand(branch).map { way in
            var way = way
            way.guards =
              test.guards + way.guards + ["(\(relation) \(test.offset) \(Self.word(0)))"]
            return way
          }
        }
      }
    case .call1(.absolute, let child):
      return operand(child).map {
        Way(guards: $0.guards, kind: .absolute, offset: $0.address, address: $0.address)
      }
    case .call2(let function, let left, let right)
    where function == .max || function == .min || function == .align:
      return try pairs(operand(left), operand(right)) { guards, one, other in
        try meetings(one, other).map { meeting in
          let value = call(function, meeting.left, meeting.right)
          return try way(value, guards, meeting.kind, scope)
        }
      }
    case .assertion(let child, _): return operand(child)
    default: return try leaves(outcome, scope)
    }
  }

  /// What the walk made of a part that is no operator.
  private mutating func leaves(_ outcome: Outcome, _ scope: Walker) throws -> [Way] {
    var ways: [Way] = []
    for branch in outcome.branches {
      guard case .value(let value) = branch else {
        if branch == .invalid { throw Untold(reason: "a part of it may be invalid") }
        continue
      }
      let address = named(term(value.address))
      let offset = try offset(of: value, at: address, scope)
      if case .section(let key) = value.kind, value.isInsideSection {
        // The location counter does not wrap around inside a section.
        fact("bvuge", address, try base(of: key, scope))
      }
      ways.append(Way(guards: [], kind: value.kind, offset: offset, address: address))
    }
    return ways
  }

  /// The number that the linker tests: where nothing is known of it but its section, it is what the address says.
  private mutating func offset(
    of value: Value, at address: String, _ scope: Walker
  ) throws -> String {
    guard case .section(let key) = value.kind else {
      return value.offset == value.address ? address : named(term(value.offset))
    }
    if value.offset.form != nil { return named(term(value.offset)) }
    let name = named("(bvsub \(address) \(try base(of: key, scope)))")
    state(value.offset, of: name)
    return name
  }

  /// The start of a section; where nothing is known of it, it is the same each time.
  private mutating func base(of key: SectionKey, _ scope: Walker) throws -> String {
    if let known = bases[key] { return known }
    let name = named(term(scope.base(of: key)))
    bases[key] = name
    return name
  }

  private func pairs(
    _ left: [Way], _ right: [Way], _ combine: ([String], Way, Way) throws -> [Way]
  ) rethrows -> [Way] {
    try left.flatMap { one in
      try right.flatMap { other in try combine(one.guards + other.guards, one, other) }
    }
  }

  // MARK: Operators

  /// Which numbers of two operands meet, and what the result is relative to (ldexp.c, make_abs and
  /// arith_result_section).
  private func meetings(
    _ left: Way, _ right: Way
  ) -> [(left: String, right: String, kind: ValueKind, hasPlain: Bool)] {
    let offsets = { (kind: ValueKind, plain: Bool) in (left.offset, right.offset, kind, plain) }
    let addresses = (left.address, right.address, ValueKind.absolute, false)
    switch (left.kind, right.kind) {
    case (.section(let one), .section(let other)):
      switch one.isSame(as: other) {
      case true?: return [offsets(left.kind, false)]
      case false?: return [addresses]
      case nil: return [offsets(left.kind, false), addresses]
      }
    case (.plain, .plain), (.absolute, .absolute): return [offsets(left.kind, false)]
    case (.plain, let kind), (let kind, .plain): return [offsets(kind, true)]
    default: return [addresses]
    }
  }

  private mutating func way(
    _ text: String, _ guards: [String], _ kind: ValueKind, _ scope: Walker
  ) throws -> Way {
    let offset = named(text)
    guard case .section(let key) = kind else {
      return Way(guards: guards, kind: kind, offset: offset, address: offset)
    }
    let address = named("(bvadd \(try base(of: key, scope)) \(offset))")
    return Way(guards: guards, kind: kind, offset: offset, address: address)
  }

  private mutating func unary(
    _ operation: UnaryOperator, _ operand: Way, _ scope: Walker
  ) throws -> Way {
    let value = operand.offset
    switch operation {
    case .plus: return operand
    case .negate: return try way("(bvneg \(value))", operand.guards, operand.kind, scope)
    case .complement: return try way("(bvnot \(value))", operand.guards, operand.kind, scope)
    case .logicalNot:
      return try way(
        Self.truth("(= \(value) \(Self.word(0)))"), operand.guards, operand.kind, scope)
    }
  }

  private mutating func binary(
    _ operation: BinaryOperator, _ guards: [String], _ left: Way, _ right: Way, _ scope: Walker
  ) throws -> [Way] {
    var ways: [Way] = []
    for meeting in meetings(left, right) {
      let value = Self.value(operation, meeting.left, meeting.right)
      let own: ValueKind = scope.context == nil && !scope.isSane ? .absolute : .plain
      let kind: ValueKind =
        operation.isTruthValued ? .plain : meeting.hasPlain ? meeting.kind : own
      ways.append(try way(value, guards, kind, scope))
    }
    return ways
  }
}
