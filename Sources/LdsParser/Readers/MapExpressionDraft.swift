// The tree of one printed expression before it goes into the table of its map: a parse that fails leaves
// nothing behind, and operands that ld printed in another order are put back in theirs.

/// Nodes of one expression; children are indices of earlier nodes.
struct MapExpressionDraft {
  enum Node {
    case integer(UInt64)
    case symbol(ByteRange)
    case locationCounter
    case sizeofHeaders
    case unary(UnaryOperator, Int)
    case binary(BinaryOperator, Int, Int)
    case conditional(Int, Int, Int)
    case call1(UnaryFunction, Int)
    case call2(BinaryFunction, Int, Int)
    case nameCall(NameFunction, ByteRange)
    case segmentStart(ByteRange, Int)
    case assertion(Int, ByteRange)
  }

  private var nodes: [(node: Node, range: ByteRange)] = []

  mutating func add(_ node: Node, from start: Int, to end: Int) -> Int {
    nodes.append((node, ByteRange(start: start, end: end)))
    return nodes.count - 1
  }

  func start(_ index: Int) -> Int { nodes[index].range.start }

  /// Appends the tree below `root` to the expressions of `image`, operands first.
  func emit(_ root: Int, reader: ByteReader, source: SourceID, into image: inout Image)
    -> ExpressionID
  {
    var placed = [ExpressionID?](repeating: nil, count: nodes.count)
    var pending = [root]
    var result = ExpressionID(index: 0)
    while let index = pending.last {
      let missing = children(nodes[index].node).filter { placed[$0] == nil }
      if missing.isEmpty {
        let node = resolve(nodes[index].node, placed, reader: reader, names: &image.names)
        result = image.expressions.append(node, span: nodes[index].range.span(in: source))
        placed[index] = result
        pending.removeLast()
      } else {
        pending.append(contentsOf: missing.reversed())
      }
    }
    return result
  }

  private func children(_ node: Node) -> [Int] {
    switch node {
    case .integer, .symbol, .locationCounter, .sizeofHeaders, .nameCall: []
    case .unary(_, let one), .call1(_, let one), .segmentStart(_, let one), .assertion(let one, _):
      [one]
    case .binary(_, let left, let right), .call2(_, let left, let right): [left, right]
    case .conditional(let condition, let first, let second): [condition, first, second]
    }
  }

  private func resolve(
    _ node: Node, _ placed: [ExpressionID?], reader: ByteReader, names: inout NameTable
  ) -> ExpressionNode {
    func id(_ index: Int) -> ExpressionID { placed[index] ?? ExpressionID(index: 0) }
    func name(_ range: ByteRange) -> NameID { names.intern(reader.copy(range.start, range.end)) }
    return switch node {
    case .integer(let value): .integer(value)
    case .symbol(let range): .symbol(name(range))
    case .locationCounter: .locationCounter
    case .sizeofHeaders: .sizeofHeaders
    case .unary(let sign, let one): .unary(sign, id(one))
    case .binary(let infix, let left, let right): .binary(infix, id(left), id(right))
    case .conditional(let condition, let first, let second):
      .conditional(id(condition), id(first), id(second))
    case .call1(let function, let one): .call1(function, id(one))
    case .call2(let function, let left, let right): .call2(function, id(left), id(right))
    case .nameCall(let function, let range): .nameCall(function, name(range))
    case .segmentStart(let range, let one): .segmentStart(name(range), id(one))
    case .assertion(let one, let range): .assertion(id(one), name(range))
    }
  }
}

extension ByteRange {
  /// The range as a span of `source`.
  func span(in source: SourceID) -> SourceSpan {
    SourceSpan(
      source: source, start: UInt32(truncatingIfNeeded: start),
      end: UInt32(truncatingIfNeeded: end))
  }
}
