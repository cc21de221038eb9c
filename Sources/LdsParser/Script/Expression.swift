// Expressions as flat nodes: one array a script, children by number. Freeing a million-term sum is freeing
// one array, and evaluating it needs no recursion.

/// An expression: the number of its root node in an ``ExpressionTable``.
public struct ExpressionID: Hashable, Sendable {
  /// Position in the table.
  public let index: UInt32

  package init(index: UInt32) {
    self.index = index
  }
}

/// Operators with one operand (ld manual, "Operators").
public enum UnaryOperator: String, Sendable, CaseIterable {
  /// Two's complement.
  case negate = "-"
  /// 1 for zero, else 0.
  case logicalNot = "!"
  /// Bitwise complement.
  case complement = "~"
  /// No effect; GNU ld drops it while parsing.
  case plus = "+"
}

/// Operators between two operands, loosest binding level first (ld-semantics 2.4).
public enum BinaryOperator: String, Sendable, CaseIterable {
  /// 1 if one operand is not zero; both are evaluated.
  case logicalOr = "||"
  /// 1 if neither operand is zero; both are evaluated.
  case logicalAnd = "&&"
  /// Bitwise or.
  case bitOr = "|"
  /// Bitwise exclusive or; not in GNU ld 2.40.
  case bitXor = "^"
  /// Bitwise and.
  case bitAnd = "&"
  /// Equality.
  case equal = "=="
  /// Inequality.
  case notEqual = "!="
  /// Unsigned less.
  case less = "<"
  /// Unsigned greater.
  case greater = ">"
  /// Unsigned less or equal.
  case lessOrEqual = "<="
  /// Unsigned greater or equal.
  case greaterOrEqual = ">="
  /// Left shift.
  case shiftLeft = "<<"
  /// Logical right shift.
  case shiftRight = ">>"
  /// Wrapping sum.
  case add = "+"
  /// Wrapping difference.
  case subtract = "-"
  /// Wrapping product.
  case multiply = "*"
  /// Signed quotient in GNU ld, unsigned in lld.
  case divide = "/"
  /// Signed remainder in GNU ld, unsigned in lld.
  case remainder = "%"

  /// Binding strength: a larger number binds tighter. `?:` is 1, unary operators are above all.
  public var precedence: Int {
    switch self {
    case .logicalOr: 2
    case .logicalAnd: 3
    case .bitOr: 4
    case .bitXor: 5
    case .bitAnd: 6
    case .equal, .notEqual: 7
    case .less, .greater, .lessOrEqual, .greaterOrEqual: 8
    case .shiftLeft, .shiftRight: 9
    case .add, .subtract: 10
    case .multiply, .divide, .remainder: 11
    }
  }
}

/// Functions of one expression.
public enum UnaryFunction: String, Sendable, CaseIterable {
  /// The location counter aligned up: `ALIGN(n)`; `BLOCK(n)` is the same.
  case align = "ALIGN"
  /// The value as an absolute address.
  case absolute = "ABSOLUTE"
  /// The next multiple of an address.
  case next = "NEXT"
  /// Logarithm to base 2, rounded up.
  case log2Ceiling = "LOG2CEIL"
  /// End of the data segment.
  case dataSegmentEnd = "DATA_SEGMENT_END"
}

/// Functions of two expressions.
public enum BinaryFunction: String, Sendable, CaseIterable {
  /// The larger of two unsigned values.
  case max = "MAX"
  /// The smaller of two unsigned values.
  case min = "MIN"
  /// `ALIGN(value, n)`.
  case align = "ALIGN"
  /// Start of the data segment.
  case dataSegmentAlign = "DATA_SEGMENT_ALIGN"
  /// End of the read-only-after-relocation part.
  case dataSegmentRelroEnd = "DATA_SEGMENT_RELRO_END"
}

/// Functions of a name.
public enum NameFunction: String, Sendable, CaseIterable {
  /// Size of an output section in bytes.
  case sizeOf = "SIZEOF"
  /// VMA of an output section.
  case address = "ADDR"
  /// LMA of an output section.
  case loadAddress = "LOADADDR"
  /// Alignment of an output section.
  case alignOf = "ALIGNOF"
  /// Whether a symbol is defined.
  case defined = "DEFINED"
  /// `MAXPAGESIZE` or `COMMONPAGESIZE`.
  case constant = "CONSTANT"
  /// Start of a memory region.
  case origin = "ORIGIN"
  /// Size of a memory region.
  case length = "LENGTH"
}

/// One node of an expression; operands are earlier nodes of the same table.
public enum ExpressionNode: Sendable, Hashable {
  /// An integer as the linker reads it.
  case integer(UInt64)
  /// A symbol. The location counter is a node of its own.
  case symbol(NameID)
  /// `.`
  case locationCounter
  /// An operator before its operand.
  case unary(UnaryOperator, ExpressionID)
  /// An operator between its operands.
  case binary(BinaryOperator, ExpressionID, ExpressionID)
  /// `condition ? first : second`
  case conditional(ExpressionID, ExpressionID, ExpressionID)
  /// A function of one expression.
  case call1(UnaryFunction, ExpressionID)
  /// A function of two expressions.
  case call2(BinaryFunction, ExpressionID, ExpressionID)
  /// A function of a name.
  case nameCall(NameFunction, NameID)
  /// `SIZEOF_HEADERS`
  case sizeofHeaders
  /// `SEGMENT_START("name", default)`
  case segmentStart(NameID, ExpressionID)
  /// `ASSERT(condition, message)` used as a value.
  case assertion(ExpressionID, NameID)
}

/// All expressions of one script.
///
/// Nodes are in post-order: an operand always has a smaller number than the node that uses it, so a loop
/// over a range of nodes evaluates without recursion.
public struct ExpressionTable: Sendable {
  private var nodes: [ExpressionNode] = []
  private var spans: [SourceSpan] = []
  private var constants: [UInt64?] = []
  private var firsts: [UInt32] = []

  /// An empty table.
  public init() {}

  /// Number of nodes.
  public var count: Int { nodes.count }

  /// The node of an expression.
  public subscript(id: ExpressionID) -> ExpressionNode { nodes[Int(id.index)] }

  /// The text of an expression.
  public func span(_ id: ExpressionID) -> SourceSpan { spans[Int(id.index)] }

  /// The number that GNU ld folds this expression to while parsing, if it does (ld-semantics 3.3): only
  /// operators, `MAX`, `MIN`, `LOG2CEIL` and `?:` over integers are folded.
  public func foldedValue(_ id: ExpressionID) -> UInt64? { constants[Int(id.index)] }

  /// The nodes of the expression, operands before operators; the last is the root.
  public func nodes(of id: ExpressionID) -> ClosedRange<UInt32> {
    firsts[Int(id.index)]...id.index
  }

  /// Whether the expression has this node somewhere.
  public func mentions(_ node: ExpressionNode, in id: ExpressionID) -> Bool {
    nodes(of: id).contains { self[ExpressionID(index: $0)] == node }
  }

  /// Whether any expression of the table has a node like this.
  public func contains(where isLike: (ExpressionNode) -> Bool) -> Bool {
    nodes.contains(where: isLike)
  }

  /// Appends a node whose operands are already there.
  ///
  /// - Parameters:
  ///   - node: the node; the subtree of each operand must be the nodes directly before it.
  ///   - span: its text.
  ///   - folded: its value if the linker folds it while parsing; an integer always is.
  public mutating func append(
    _ node: ExpressionNode, span: SourceSpan, folded: UInt64? = nil
  ) -> ExpressionID {
    let index = UInt32(truncatingIfNeeded: nodes.count)
    nodes.append(node)
    spans.append(span)
    firsts.append(Self.firstOperand(of: node).map { firsts[Int($0.index)] } ?? index)
    if case .integer(let value) = node { constants.append(value) } else { constants.append(folded) }
    return ExpressionID(index: index)
  }

  /// Makes references to symbols mean other ones: `--wrap`.
  mutating func renameSymbols(_ names: [NameID: NameID]) {
    for index in nodes.indices {
      switch nodes[index] {
      case .symbol(let name): if let other = names[name] { nodes[index] = .symbol(other) }
      case .nameCall(.defined, let name):
        if let other = names[name] { nodes[index] = .nameCall(.defined, other) }
      default: break
      }
    }
  }

  /// Puts numbers in the place of names, as macros of a header would have, and folds what becomes constant.
  ///
  /// - Returns: for each node that became a number, the name that it had.
  package mutating func replaceSymbols(
    _ numbers: [NameID: UInt64], dialect: LinkerDialect
  ) -> [UInt32: NameID] {
    var replaced: [UInt32: NameID] = [:]
    for index in nodes.indices {
      if case .symbol(let name) = nodes[index], let number = numbers[name] {
        nodes[index] = .integer(number)
        constants[index] = number
        replaced[UInt32(truncatingIfNeeded: index)] = name
      } else if constants[index] == nil {
        constants[index] = folded(nodes[index], dialect)
      }
    }
    return replaced
  }

  /// What operators over constants come to; nil where the linker does not fold them, or stops.
  func folded(_ node: ExpressionNode, _ dialect: LinkerDialect) -> UInt64? {
    let values = node.operands.compactMap { constants[Int($0.index)] }
    guard !values.isEmpty, values.count == node.operands.count else { return nil }
    switch node {
    case .unary(let operation, _): return LinkerArithmetic.apply(operation, values[0])
    case .binary(let operation, _, _):
      guard
        case .value(let value) = LinkerArithmetic.apply(
          operation, values[0], values[1], dialect: dialect)
      else { return nil }
      return value
    case .conditional: return values[0] != 0 ? values[1] : values[2]
    case .call1(.log2Ceiling, _): return LinkerArithmetic.log2Ceiling(values[0])
    case .call2(let function, _, _) where function == .max || function == .min:
      return LinkerArithmetic.apply(function, values[0], values[1])
    default: return nil
    }
  }

  private static func firstOperand(of node: ExpressionNode) -> ExpressionID? {
    switch node {
    case .integer, .symbol, .locationCounter, .nameCall, .sizeofHeaders: nil
    case .unary(_, let operand), .call1(_, let operand), .segmentStart(_, let operand),
      .assertion(let operand, _):
      operand
    case .binary(_, let left, _), .call2(_, let left, _): left
    case .conditional(let condition, _, _): condition
    }
  }
}

extension ExpressionNode {
  /// The nodes directly below it, in the order of the text.
  package var operands: [ExpressionID] {
    switch self {
    case .integer, .symbol, .locationCounter, .nameCall, .sizeofHeaders: []
    case .unary(_, let operand), .call1(_, let operand), .segmentStart(_, let operand),
      .assertion(let operand, _):
      [operand]
    case .binary(_, let left, let right), .call2(_, let left, let right): [left, right]
    case .conditional(let condition, let first, let second): [condition, first, second]
    }
  }
}
