// Claims and operands in words.

internal import LdsParser

extension Explainer {
  /// The claim as a sentence.
  func text(_ claim: AssertionClaim) -> String {
    switch claim {
    case .alignment(let operand, let multiple, _):
      let size = multipleInWords(multiple)
      let number = hexadecimal(multiple)
      return "\(text(operand)) is a multiple of \(number)" + (size == number ? "" : " (\(size))")
    case .clearBits(let operand, let mask):
      return "\(text(operand)) has no bit of \(hexadecimal(mask)) set"
    case .bound(let bound) where isLower(bound):
      return
        "\(text(bound.limit)) is \(bound.isStrict ? "more than" : "at least") \(text(bound.value))"
    case .bound(let bound):
      return
        "\(text(bound.value)) is \(bound.isStrict ? "less than" : "at most") \(text(bound.limit))"
    case .order(let bound):
      return
        "\(text(bound.value)) lies \(bound.isStrict ? "before" : "not behind") \(text(bound.limit))"
    case .powerOfTwo(let operand): return "\(text(operand)) is a power of two"
    case .emptiness(let section): return "section \(name(section)) is empty"
    case .equality(let left, let right): return "\(text(left)) equals \(text(right))"
    case .all(let parts): return parts.map { text($0) }.joined(separator: ", and ")
    case .any(let parts): return parts.map { text($0) }.joined(separator: ", or ")
    case .other: return "the condition is not zero"
    }
  }

  /// Labels the parts of the condition that people ask for.
  func addOperands(
    _ assertion: AssertionReport, _ claim: AssertionClaim, _ values: ExpressionValues,
    to explanation: inout Explanation
  ) {
    var labels: [ExpressionID: String] = [:]
    labelParts(of: claim, values, &labels)
    for operand in assertion.operands where labels[operand.expression] == nil {
      let known = operand.value ?? evidenceValue(operand.expression)
      labels[operand.expression] = known.map { plainLabel(operand.expression, $0) } ?? "?"
    }
    let spans = program.expressions
    explanation.operands = labels.map { id, label in
      ExplainedOperand(expression: id, text: text(id), value: values(id), label: label)
    }.sorted {
      let (left, right) = (spans.span($0.expression).start, spans.span($1.expression).start)
      return left != right ? left < right : $0.expression.index < $1.expression.index
    }
  }

  /// What a file says of a name whose value in the condition is not known, at least.
  private func evidenceValue(_ id: ExpressionID) -> UInt64? {
    guard case .symbol(let name) = program.expressions[id],
      let symbol = report.evidence.symbols[program.names.bytes(name)], symbol.place != .undefined
    else { return nil }
    return symbol.address
  }

  private func plainLabel(_ id: ExpressionID, _ value: UInt64) -> String {
    switch program.expressions[id] {
    case .nameCall(.sizeOf, _): bytesInWords(value)
    default: hexadecimal(value)
    }
  }

  private func labelParts(
    of claim: AssertionClaim, _ values: ExpressionValues, _ labels: inout [ExpressionID: String]
  ) {
    switch claim {
    case .alignment(let operand, let multiple, _):
      if let value = values(operand) {
        let past = value % multiple
        labels[operand] =
          past == 0
          ? "\(hexadecimal(value)), a multiple of \(multipleInWords(multiple))"
          : "\(hexadecimal(value)), \(bytesInWords(past)) past a multiple of "
            + multipleInWords(multiple)
      }
      if let amount = amount(beside: operand, multiple) {
        labels[amount] = "\(hexadecimal(multiple)) (\(ByteCountText.readable(multiple)))"
      }
    case .bound(let bound), .order(let bound):
      if !isLeaf(bound.limit), let limit = values(bound.limit) {
        labels[bound.limit] = hexadecimal(limit)
      } else if let limit = program.expressions.foldedValue(bound.limit) {
        labels[bound.limit] = hexadecimal(limit)
      }
    case .all(let parts), .any(let parts):
      for part in parts { labelParts(of: part, values, &labels) }
    case .equality(let left, let right):
      for side in [left, right] where !isLeaf(side) {
        if let value = values(side) { labels[side] = hexadecimal(value) }
      }
    case .powerOfTwo(let operand):
      if !isLeaf(operand), let value = values(operand) { labels[operand] = hexadecimal(value) }
    case .clearBits, .emptiness, .other: break
    }
  }

  /// The part of the condition that spells the alignment: `SECTION_ALIGN` of `!(x & (SECTION_ALIGN - 1))`. A
  /// number says its own value.
  func amount(beside operand: ExpressionID, _ multiple: UInt64) -> ExpressionID? {
    let table = program.expressions
    // The mask stands directly behind the operand; operators come after both.
    for index in (operand.index + 1)..<UInt32(clamping: table.count) {
      let id = ExpressionID(index: index)
      switch table[id] {
      case .binary(.subtract, let amount, let one):
        guard table.foldedValue(one) == 1, table.foldedValue(amount) == multiple,
          amount.index > operand.index
        else { return nil }
        if case .integer = table[amount] { return nil }
        return amount
      case .binary(.bitAnd, _, _), .binary(.remainder, _, _), .unary(.logicalNot, _): return nil
      default: continue
      }
    }
    return nil
  }

  /// Whether the report has the operand anyway.
  private func isLeaf(_ id: ExpressionID) -> Bool {
    switch program.expressions[id] {
    case .symbol, .locationCounter, .nameCall, .sizeofHeaders: true
    default: false
    }
  }
}

extension Explainer {
  /// Whether an expression counts bytes, or is an address: what is divided, or an exponent, does not.
  func countsBytes(_ expression: ExpressionID) -> Bool {
    switch program.expressions[expression] {
    case .nameCall(.alignOf, _), .nameCall(.defined, _), .call1(.log2Ceiling, _),
      .binary(.divide, _, _), .binary(.shiftRight, _, _), .unary(.logicalNot, _):
      false
    case .binary(.add, let left, let right), .binary(.subtract, let left, let right):
      countsBytes(left) && countsBytes(right)
    case .binary(let operation, _, _): !operation.isTruthValued
    default: true
    }
  }

  /// The number as bytes where the expression counts them.
  func amountInWords(_ amount: UInt64, of expression: ExpressionID) -> String {
    countsBytes(expression) ? bytesInWords(amount) : hexadecimal(amount)
  }
}

/// A number as it stands in a script: `64` or `0x1000`.
func multipleInDigits(_ multiple: UInt64) -> String {
  multiple < 1000 ? "\(multiple)" : hexadecimal(multiple)
}

/// `0x94ea (37.2 KiB)`; where a digit after the point would hide what counts, in bytes: `0x1020 (4128 bytes)`.
public func bytesInWords(_ bytes: UInt64) -> String {
  let words = bytes < 8 << 10 && bytes % 1024 != 0 ? decimal(bytes) : ByteCountText.readable(bytes)
  return "\(hexadecimal(bytes)) (\(words))"
}

private func decimal(_ bytes: UInt64) -> String {
  bytes == 1 ? "1 byte" : "\(bytes) bytes"
}

/// `2M` for a round number, `0x1234` for another.
func multipleInWords(_ multiple: UInt64) -> String {
  multiple >= 1024 && multiple & (multiple &- 1) == 0
    ? ByteCountText.short(multiple) : multiple < 10 ? "\(multiple)" : hexadecimal(multiple)
}
