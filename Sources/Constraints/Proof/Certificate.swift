// A proof that another program can check: what every statement of the script makes of the location counter and of its
// symbol, in sums of places, bits and bounds, with the rule by which it follows from the statement before.

public import LdsParser

/// A place of a certificate, by its position in ``Certificate/places``, and how often it counts.
public struct CertifiedTerm: Sendable, Hashable {
  /// The place.
  public var place: Int
  /// How often it counts.
  public var factor: Int
}

/// What a certificate says of a number.
public enum CertifiedNumber: Sendable, Hashable {
  /// A sum of places and a number, modulo 2^64.
  case sum([CertifiedTerm], UInt64)
  /// The bits of `mask` are those of `bits`, and it is not below `least` nor above `most`.
  case within(mask: UInt64, bits: UInt64, least: UInt64, most: UInt64)
}

/// What a certified value is relative to.
public enum CertifiedKind: Sendable, Hashable {
  /// A plain number.
  case plain
  /// An absolute address.
  case absolute
  /// An offset in the output section with this index.
  case section(Int)
  /// An offset in the output section that holds an object's symbol.
  case object(String)
}

/// One way that an expression may come out.
public enum CertifiedOutcome: Sendable, Hashable {
  /// A value: relative to what, the number as the linker tests it, and the address.
  case value(CertifiedKind, offset: CertifiedNumber, address: CertifiedNumber)
  /// The linker stops.
  case stops
  /// The linker takes the expression as invalid.
  case invalid
}

/// An address of which nothing is known but what stands here.
public struct CertifiedPlace: Sendable {
  /// The rule that made it.
  public var rule: String
  /// The step or output section that the rule is about; nil where that is the beginning of the script, or a name.
  public var about: Int?
  /// The symbol or constant that the rule is about.
  public var name: String?
  /// The place that it is not below, and how far behind that it is at least.
  public var parent: Int?
  /// See ``parent``.
  public var distance: UInt64
  /// Its known bits.
  public var mask: UInt64
  /// The values of those bits.
  public var bits: UInt64
  /// Its bounds.
  public var least: UInt64
  /// See ``least``.
  public var most: UInt64
}

/// What one statement makes.
public struct CertifiedStep: Sendable {
  /// Its number among the statements of the script.
  public var step: Int
  /// What it does: `set _end`, `move`, `enter .text`, `leave .text`, `inputs`, `data`, `assert`.
  public var action: String
  /// The rule.
  public var rule: String
  /// The location counter behind it in the last pass over the sizes of sections, and in the final pass.
  public var sizing: CertifiedNumber
  /// See ``sizing``.
  public var final: CertifiedNumber
  /// What its expression comes to in the final pass, one way after another.
  public var outcomes: [CertifiedOutcome]
}

/// A verdict of a certificate.
public struct CertifiedProof: Sendable {
  /// The statement.
  public var step: Int
  /// The condition.
  public var condition: ExpressionID
  /// The message of the ASSERT.
  public var message: String
  /// The verdict.
  public var verdict: ProofVerdict
  /// The ASSERT's text.
  public var span: SourceSpan
  /// What keeps it out of the certificate; nil if it is in it.
  public var obstacle: String?
}

/// The proofs over one script by the rules of one linker, with all that is needed to check them.
///
/// It says nothing of a link that breaks one of ``premises``. `Tests/certificates/check.py` derives each claim again
/// from the text of the script.
public struct Certificate: Sendable {
  /// The linker by whose rules it was proved.
  public let dialect: LinkerDialect
  /// What is taken for granted.
  public let premises = ProofReport.premises
  /// Every proof, with what keeps it out of the certificate.
  public private(set) var proofs: [CertifiedProof] = []
  /// One entry a statement; empty if nothing is certified.
  public private(set) var steps: [CertifiedStep] = []
  /// The places of which the steps speak, in the order of first mention.
  public private(set) var places: [CertifiedPlace] = []

  /// The numbers behind it, for the other forms of the same goal.
  let report: ProofReport
  private var numbers: [PlaceID: Int] = [:]

  /// Proves what can be proved of a script, and writes down how.
  public init(_ script: LinkerScript, dialect: LinkerDialect) {
    self.dialect = dialect
    let program = Program(script)
    let plain = ProofReport(program, dialect: dialect)
    report = ProofReport(program, dialect: dialect, isCertifying: true)
    let obstacle = Self.obstacle(program, dialect)
    let conditions = Dictionary(
      report.assertions.map { ($0.condition, $0.verdict) }, uniquingKeysWith: { one, _ in one })
    for proof in plain.assertions where proof.verdict != .depends {
      let again = conditions[proof.condition] ?? .depends
      proofs.append(
        CertifiedProof(
          step: proof.step, condition: proof.condition,
          message: program.names.string(proof.message), verdict: proof.verdict, span: proof.span,
          obstacle: obstacle ?? Self.obstacle(proof, again, program)))
    }
    guard proofs.contains(where: { $0.obstacle == nil }) else { return }
    for index in program.steps.indices { steps.append(certified(index)) }
  }

  /// What the checker has no rules for.
  private static func obstacle(_ program: Program, _ dialect: LinkerDialect) -> String? {
    if dialect == .lld { return "the checker knows the rules of GNU ld only" }
    if program.isSane { return "LD_FEATURE(\"SANE_EXPR\")" }
    if LayoutPlan(program).isPE { return "the output is a PE image" }
    if LayoutPlan(program).isBeyondProof { return "INSERT or ONLY_IF_RO, ONLY_IF_RW" }
    if program.sections.contains(where: { $0.description?.constraint != nil }) { return "SPECIAL" }
    for step in program.steps {
      if case .endOverlay = step.action { return "OVERLAY" }
    }
    return nil
  }

  private static func obstacle(
    _ proof: AssertionProof, _ again: ProofVerdict, _ program: Program
  ) -> String? {
    if proof.verdict != again {
      return "it rests on what an earlier pass made of a symbol that is set further down"
    }
    // Whether it is judged at all may hang on the objects.
    let table = program.expressions
    let isGuarded = program.steps[proof.step].expression.map { root in
      table.nodes(of: root).contains { index in
        let node = ExpressionID(index: index)
        guard case .conditional = table[node], node != proof.condition else { return false }
        return table.nodes(of: node).contains(proof.condition.index)
      }
    }
    return isGuarded == true ? "the ASSERT stands under a condition" : nil
  }
}

// MARK: - What the steps say

extension Certificate {
  private var program: Program { report.program }

  private mutating func certified(_ index: Int) -> CertifiedStep {
    let walker = report.walker
    let (action, rule) = words(program.steps[index].action)
    var step = CertifiedStep(
      step: index, action: action, rule: rule,
      sizing: number(walker.dots[.sizing]?[index] ?? .open),
      final: number(walker.dots[.final]?[index] ?? .open), outcomes: [])
    if let result = report.trace.result(of: index) {
      for branch in result.outcome.branches {
        let outcome = certified(branch)
        if !step.outcomes.contains(outcome) { step.outcomes.append(outcome) }
      }
    }
    return step
  }

  private func words(_ action: Step.Action) -> (action: String, rule: String) {
    switch action {
    case .assignment(let assignment) where assignment.isLocationCounter: ("move", "move")
    case .assignment(let assignment):
      (
        "set \(program.names.string(assignment.target.name))",
        assignment.kind.isProvide ? "provide" : "set"
      )
    case .assertion: ("assert", "assert")
    case .inputs, .opaqueData, .contents: ("inputs", "inputs")
    case .data: ("data", "data")
    case .enter(let section): ("enter \(name(section))", entering(section))
    case .leave(let section): ("leave \(name(section))", leaving(section))
    case .endOverlay: ("overlay", "overlay")
    }
  }

  private func name(_ section: Int) -> String {
    program.names.string(program.sections[section].name)
  }

  private func entering(_ section: Int) -> String {
    if report.plan.traits[section].isDiscard { return "discard" }
    return program.sections[section].description?.address == nil ? "in-region" : "at-address"
  }

  private func leaving(_ section: Int) -> String {
    let trait = report.plan.traits[section]
    if trait.isDiscard { return "discard" }
    return [
      trait.isKept ? "kept" : "may-be-dropped", trait.mayBeExtended ? "extended" : nil,
      trait.mayBeThreadLocal ? "thread-local" : nil,
      trait.isSurelyAllocated ? nil : "not-allocated",
    ].compactMap { $0 }.joined(separator: " ")
  }

  private mutating func certified(_ branch: Outcome.Branch) -> CertifiedOutcome {
    switch branch {
    case .fault: return .stops
    case .invalid: return .invalid
    case .value(let value):
      let kind: CertifiedKind =
        switch value.kind {
        case .plain: .plain
        // Input sections begin at 0 until they are placed, and proofs have none.
        case .absolute, .section(.input): .absolute
        case .section(.listed(let index)): .section(index)
        case .section(.holding(let name, _)): .object(program.names.string(name))
        }
      return .value(kind, offset: number(value.offset), address: number(value.address))
    }
  }

  private mutating func number(_ number: Number) -> CertifiedNumber {
    if let exact = number.exact { return .sum([], exact) }
    guard let form = number.form else {
      return .within(
        mask: number.bits.mask, bits: number.bits.value, least: number.least, most: number.most)
    }
    var terms: [CertifiedTerm] = []
    for term in form.terms {
      terms.append(CertifiedTerm(place: place(term.place), factor: Int(term.factor)))
    }
    return .sum(terms, form.constant)
  }

  /// The position of a place in the table.
  private mutating func place(_ id: PlaceID) -> Int {
    if let known = numbers[id] { return known }
    let table = report.walker.numbers.places
    for id in table.lineage(of: id, knowing: { numbers[$0] != nil }) {
      numbers[id] = places.count
      places.append(certified(table[id]))
    }
    return places.count - 1
  }

  private func certified(_ place: Place) -> CertifiedPlace {
    var result = CertifiedPlace(
      rule: "", parent: place.parent.flatMap { numbers[$0] }, distance: place.distance,
      mask: place.bits.mask, bits: place.bits.value, least: place.least, most: place.most)
    switch place.cause {
    case .inputs(let step): (result.rule, result.about) = ("inputs", step)
    case .appended(let section): (result.rule, result.about) = ("appended", section)
    case .alignment(let section): (result.rule, result.about) = ("alignment", section)
    case .placement(let section): (result.rule, result.about) = ("placement", section)
    case .existence(let section): (result.rule, result.about) = ("existence", section)
    case .orphans(let section): (result.rule, result.about) = ("orphans", section)
    case .move(let step): (result.rule, result.about) = ("move", step)
    case .object(let name): (result.rule, result.name) = ("object", program.names.string(name))
    case .pageSize(let name): (result.rule, result.name) = ("page-size", program.names.string(name))
    }
    return result
  }
}
