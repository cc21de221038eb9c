// How much every bound has left: `end - start <= N` with end - start = 0x1a0 and N = 0x1000 has 0xe60 bytes, 89.8 %.

public import LdsParser

/// What one bound has left.
public struct Headroom: Sendable, Hashable {
  /// Index in ``EvaluationReport/assertions``.
  public var assertion: Int
  /// The ASSERT's message.
  public var message: [UInt8]
  /// The bound in words: `kexec_reloc_end - kexec_reloc is at most 0x1000`.
  public var bound: String
  /// Bytes left; negative when the bound is passed.
  public var left: Int64
  /// Bytes that there are in all: the limit of a size, for an address what lies between the image's start and
  /// the limit; nil where that has no meaning.
  public var total: UInt64?
  /// Whether the bound asks for at least so much.
  public var isLower = false
  /// The end that is measured moves in steps of so many bytes, since an ALIGN rounds it up; nil if it does not.
  public var step: UInt64?

  /// What a bound has left, by the ASSERT's message.
  public init(
    assertion: Int = 0, message: [UInt8], bound: String, left: Int64, total: UInt64?
  ) {
    self.assertion = assertion
    self.message = message
    self.bound = bound
    self.left = left
    self.total = total
  }

  /// Tenths of a per cent left, 0 when the bound is passed.
  public var permille: Int? {
    guard let total, total > 0 else { return nil }
    guard left > 0 else { return 0 }
    let (product, overflow) = UInt64(left).multipliedReportingOverflow(by: 1000)
    // A total of more than 2^54 bytes is divided first.
    return Int(clamping: overflow ? UInt64(left) / max(total / 1000, 1) : product / total)
  }

  /// `0xe60 (3680 bytes), 89.8 %`
  public var text: String {
    guard left >= 0 else {
      return "\(bytesInWords(UInt64(bitPattern: 0 &- left))) \(isLower ? "missing" : "too much")"
    }
    let start = bytesInWords(UInt64(left))
    let share = permille.map { ", \($0 / 10).\($0 % 10) %" } ?? ""
    let steps = step.map { ", in steps of \(multipleInWords($0)): ALIGN rounds the end up" } ?? ""
    return start + share + steps
  }

  /// What every bound of a report has left, in script order. Bounds of which a value is not known are left out.
  public static func all(
    of report: EvaluationReport, dialect: LinkerDialect = .bfd
  ) -> [Headroom] {
    let explainer = Explainer(report, dialect: dialect)
    return report.assertions.indices.filter { !report.assertions[$0].isContradicted }
      .flatMap { explainer.headroom($0) }
  }

  /// A percentage as users write it, `5%` or `2.5`, in tenths of a per cent; nil if it is none.
  public static func permille(_ text: String) -> Int? {
    var digits = text[...]
    if digits.hasSuffix("%") { digits = digits.dropLast() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, let whole = Int(first), whole >= 0, whole <= 100,
      parts.count <= 2
    else { return nil }
    guard parts.count == 2 else { return whole * 10 }
    guard parts[1].utf8.count == 1, let tenth = Int(parts[1]), tenth >= 0 else { return nil }
    return whole * 10 + tenth
  }

  /// A finding for every bound that holds and has less than `permille` tenths of a per cent left.
  public static func findings(
    of report: EvaluationReport, below permille: Int, dialect: LinkerDialect = .bfd
  ) -> [Finding] {
    all(of: report, dialect: dialect).compactMap { headroom in
      guard headroom.left >= 0, let left = headroom.permille, left < permille else { return nil }
      let kind = ProgramFindings.lowHeadroom
      let message = String(decoding: headroom.message, as: UTF8.self)
      return Finding(
        rule: kind.id, severity: kind.severity,
        message:
          "'\(message)' holds with \(headroom.text) left, less than \(permille / 10).\(permille % 10) %",
        at: .source(report.assertions[headroom.assertion].span),
        notes: [FindingNote(headroom.bound)], subject: "\(message): \(headroom.bound)")
    }
  }
}

extension Explainer {
  /// What the bounds of one ASSERT have left: none, one, or several joined by `&&`.
  func headroom(_ index: Int) -> [Headroom] {
    let assertion = report.assertions[index]
    guard assertion.verdict != .undecided,
      let values = trace.values(of: assertion.condition, at: assertion.step)
    else { return [] }
    let claim = ClaimRecognizer(table: program.expressions) { values($0) }
      .claim(assertion.condition)
    return claim.conjuncts.compactMap { part in
      guard case .bound(let bound) = part, let left = bound.headroom(values) else { return nil }
      var headroom = Headroom(
        assertion: index, message: program.names.bytes(assertion.message), bound: text(part),
        left: left, total: total(bound, left, values))
      headroom.isLower = isLower(bound)
      headroom.step = steps(of: bound)
      return headroom
    }
  }

  /// The alignment of the end that a bound measures; nil where it is that of a word or none.
  private func steps(of bound: ClaimedBound) -> UInt64? {
    var end = bound.value
    while case .binary(.subtract, let last, _) = program.expressions[end] { end = last }
    guard case .symbol(let name) = program.expressions[end], let step = setter(of: name),
      case .assignment(let assignment) = program.steps[step].action
    else { return nil }
    let alignment: UInt64?
    if takesLocationCounter(step) {
      guard case .move(_, let amount) = trace.approach(to: step) else { return nil }
      alignment = amount
    } else {
      alignment = trace.alignment(of: assignment, at: step)
    }
    return alignment.flatMap { $0 > BoundaryFault.natural ? $0 : nil }
  }

  private func total(
    _ bound: ClaimedBound, _ left: Int64, _ values: ExpressionValues
  ) -> UInt64? {
    guard let limit = values(bound.limit), let value = values(bound.value) else { return nil }
    guard let start = imageStart(below: value), limit > start else {
      return limit < 1 << 48 ? limit : nil
    }
    return limit &- start
  }
}

extension ClaimedBound {
  /// Bytes left; nil if unknown or beyond what counts as bytes.
  func headroom(_ values: ExpressionValues) -> Int64? {
    guard let left = values.apply(.subtract, limit, value),
      let holds = values.apply(isStrict ? .less : .lessOrEqual, value, limit)
    else { return nil }
    // With `<`, the last byte of room may not be used.
    let room = Int64(bitPattern: isStrict ? left &- 1 : left)
    return (room >= 0) == (holds != 0) ? room : nil
  }
}
