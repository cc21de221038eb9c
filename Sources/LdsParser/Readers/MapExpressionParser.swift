// The printed expressions of a GNU ld map, read back into the tree that ld printed (ld-semantics 6.6;
// exp_print_tree in ldexp.c):
//
//   e := 0xHEX | NAME | (e op e) | unop (e) | FUNC (e) | FUNC (e, e) | e?e:e | NAMEFUNC (NAME) | ...
//
// Every binary operator has parentheses of its own and `?:` has none, so `?:` binds tighter than any
// operator. Nesting is as deep as the script's longest sum: a stack of frames, no recursion.

/// Parses one printed expression.
struct MapExpressionParser {
  /// What waits for an operand.
  private enum Frame {
    case parenthesis(Int)
    case right(BinaryOperator, left: Int, start: Int)
    case unary(UnaryOperator, start: Int)
    case call(MapFunction, start: Int)
    case second(BinaryFunction, first: Int, start: Int)
    case then(condition: Int)
    case otherwise(condition: Int, first: Int)
    case segment(ByteRange, start: Int)
    case assertion(start: Int)
  }

  let reader: ByteReader
  /// Names of this map with characters that are no part of a plain name, longest first.
  let oddNames: [ByteRange]
  private var end: Int
  private var position: Int
  private var frames: [Frame] = []
  private(set) var draft = MapExpressionDraft()

  init(reader: ByteReader, range: ByteRange, oddNames: [ByteRange] = []) {
    self.reader = reader
    self.oddNames = oddNames
    position = range.start
    end = range.end
  }

  /// Where parsing stopped.
  var stop: Int { position }

  /// The longest expression at the start of the range, or nil if there is none.
  mutating func parse() -> Int? {
    while true {
      guard var value = operand() else { return nil }
      if value < 0 { continue }  // a frame was opened and needs an operand of its own
      while true {
        if peek(UInt8(ascii: "?")) {
          position += 1
          frames.append(.then(condition: value))
          break
        }
        guard let frame = frames.popLast() else { return value }
        guard let next = close(frame, with: value) else { return nil }
        if next < 0 { break }
        value = next
      }
    }
  }

  // MARK: Operands

  private static let opened = -1

  /// A leaf, or ``opened`` if a frame was pushed.
  private mutating func operand() -> Int? {
    guard position < end else { return nil }
    let start = position
    if peek(UInt8(ascii: "(")) {
      position += 1
      frames.append(.parenthesis(start))
      return Self.opened
    }
    if end - position > 2, reader[position + 1] == Byte.blank,
      reader[position + 2] == UInt8(ascii: "("), let sign = unarySign(reader[position])
    {
      position += 3
      frames.append(.unary(sign, start: start))
      return Self.opened
    }
    if let (value, next) = reader.prefixedHex(position, end), isNameEnd(next) {
      position = next
      return draft.add(.integer(value), from: start, to: next)
    }
    let name = nameRange()
    if name.isEmpty { return nil }
    position = name.end
    return peekCall() ? call(name, start: start) : leaf(name)
  }

  private func unarySign(_ byte: UInt8) -> UnaryOperator? {
    switch byte {
    case UInt8(ascii: "-"): .negate
    case UInt8(ascii: "!"): .logicalNot
    case UInt8(ascii: "~"): .complement
    default: nil
    }
  }

  private mutating func leaf(_ name: ByteRange) -> Int {
    if name.count == 1, reader[name.start] == UInt8(ascii: ".") {
      return draft.add(.locationCounter, from: name.start, to: name.end)
    }
    if name.count == 14, reader.hasPrefix("SIZEOF_HEADERS", at: name.start, end: name.end) {
      return draft.add(.sizeofHeaders, from: name.start, to: name.end)
    }
    return draft.add(.symbol(name), from: name.start, to: name.end)
  }

  /// ` (` after a name.
  private func peekCall() -> Bool {
    end - position > 1 && reader[position] == Byte.blank
      && reader[position + 1] == UInt8(ascii: "(")
  }

  private mutating func call(_ name: ByteRange, start: Int) -> Int? {
    let word = String(decoding: reader.copy(name.start, name.end), as: UTF8.self)
    guard let function = MapFunction(word) else { return nil }
    position += 2
    switch function {
    case .expression: frames.append(.call(function, start: start))
    case .assertion: frames.append(.assertion(start: start))
    case .name(let nameFunction): return nameCall(nameFunction, start: start)
    case .segment:
      guard peek(UInt8(ascii: "\"")),
        let quote = reader.firstRange(of: "\", ", from: position + 1, to: end)
      else { return nil }
      frames.append(.segment(ByteRange(start: position + 1, end: quote), start: start))
      position = quote + 3
    }
    return Self.opened
  }

  /// `SIZEOF (NAME)`; a known name with a `)` in it wins over the first `)`.
  private mutating func nameCall(_ function: NameFunction, start: Int) -> Int? {
    let known = oddNames.first { name in
      matches(name) && position + name.count < end
        && reader[position + name.count] == UInt8(ascii: ")")
    }
    let nameEnd =
      known.map { position + $0.count }
      ?? reader.firstIndex(of: UInt8(ascii: ")"), from: position, to: end)
    guard let nameEnd, nameEnd > position else { return nil }
    let name = ByteRange(start: position, end: nameEnd)
    position = nameEnd + 1
    return draft.add(.nameCall(function, name), from: start, to: position)
  }

  private func matches(_ name: ByteRange) -> Bool {
    name.count <= end - position
      && reader.equal(position, reader, name.start, length: name.count)
  }

  /// A name: a known odd one, or everything up to a byte that a plain name cannot hold.
  private func nameRange() -> ByteRange {
    if let known = oddNames.first(where: { matches($0) && isNameEnd(position + $0.count) }) {
      return ByteRange(start: position, end: position + known.count)
    }
    var stop = position
    while stop < end, !isDelimiter(reader[stop]) { stop += 1 }
    return ByteRange(start: position, end: stop)
  }

  private func isNameEnd(_ offset: Int) -> Bool {
    offset >= end || isDelimiter(reader[offset])
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case Byte.blank, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "?"), UInt8(ascii: ":"),
      UInt8(ascii: ","):
      true
    default: false
    }
  }

  // MARK: What follows an operand

  /// Completes `frame` with its operand: a new value, ``opened`` if another operand is due, or nil.
  private mutating func close(_ frame: Frame, with value: Int) -> Int? {
    switch frame {
    case .then(let condition):
      guard take(UInt8(ascii: ":")) else { return nil }
      frames.append(.otherwise(condition: condition, first: value))
      return Self.opened
    case .otherwise(let condition, let first):
      return draft.add(
        .conditional(condition, first, value), from: draft.start(condition), to: position)
    case .parenthesis(let start):
      guard let infix = infixOperator() else { return nil }
      frames.append(.right(infix, left: value, start: start))
      return Self.opened
    case .right(let infix, let left, let start):
      return closed(.binary(infix, left, value), start)
    case .unary(let sign, let start): return closed(.unary(sign, value), start)
    case .call(let function, let start): return closeCall(function, start, value)
    case .second(let function, let first, let start):
      // ld prints the operands of DATA_SEGMENT_RELRO_END in the order of its own tree, not the script's.
      return function == .dataSegmentRelroEnd
        ? closed(.call2(function, value, first), start)
        : closed(.call2(function, first, value), start)
    case .segment(let name, let start): return closed(.segmentStart(name, value), start)
    case .assertion(let start): return closeAssertion(start, value)
    }
  }

  private mutating func closed(_ node: MapExpressionDraft.Node, _ start: Int) -> Int? {
    guard take(UInt8(ascii: ")")) else { return nil }
    return draft.add(node, from: start, to: position)
  }

  private mutating func closeCall(_ function: MapFunction, _ start: Int, _ value: Int) -> Int? {
    guard case .expression(let one, let two) = function else { return nil }
    if let two, takeComma() {
      frames.append(.second(two, first: value, start: start))
      return Self.opened
    }
    guard let one else { return nil }
    return closed(.call1(one, value), start)
  }

  /// `, message)`. As the whole of an expression the message runs to the last `)`; deeper inside nothing
  /// tells where it ends but the first `)`.
  private mutating func closeAssertion(_ start: Int, _ value: Int) -> Int? {
    guard takeComma() else { return nil }
    let message = position
    let close =
      frames.isEmpty
      ? (end > message && reader[end - 1] == UInt8(ascii: ")") ? end - 1 : nil)
      : reader.firstIndex(of: UInt8(ascii: ")"), from: message, to: end)
    guard let close else { return nil }
    position = close + 1
    return draft.add(
      .assertion(value, ByteRange(start: message, end: close)), from: start, to: position)
  }

  private mutating func infixOperator() -> BinaryOperator? {
    guard take(Byte.blank) else { return nil }
    let stop = reader.skipWord(position, end)
    guard stop < end, stop - position <= 2,
      let infix = BinaryOperator(
        rawValue: String(decoding: reader.copy(position, stop), as: UTF8.self))
    else { return nil }
    position = stop + 1
    return infix
  }

  private func peek(_ byte: UInt8) -> Bool { position < end && reader[position] == byte }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek(byte) else { return false }
    position += 1
    return true
  }

  private mutating func takeComma() -> Bool {
    guard reader.hasPrefix(", ", at: position, end: end) else { return false }
    position += 2
    return true
  }
}

/// The functions of printed expressions.
enum MapFunction {
  /// A function of one expression, of two, or (ALIGN) of either number.
  case expression(UnaryFunction?, BinaryFunction?)
  case name(NameFunction)
  case segment
  case assertion

  init?(_ word: String) {
    if let function = NameFunction(rawValue: word) {
      self = .name(function)
    } else if word == "SEGMENT_START" {
      self = .segment
    } else if word == "ASSERT" {
      self = .assertion
    } else {
      let one = UnaryFunction(rawValue: word)
      let two = BinaryFunction(rawValue: word)
      if one == nil, two == nil { return nil }
      self = .expression(one, two)
    }
  }
}
