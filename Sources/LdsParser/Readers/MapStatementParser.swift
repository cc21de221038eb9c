// The expression rows of a GNU ld map as statements (ld-semantics 6.6):
//
//   NAME = e          PROVIDE (NAME = e)          ASSERT (e, message)

extension MapExpressionParser {
  /// The target of the assignment or PROVIDE in `text`, or nil if it is neither.
  static func target(_ reader: ByteReader, _ text: ByteRange) -> ByteRange? {
    if reader.hasPrefix("ASSERT (", at: text.start, end: text.end) { return nil }
    let isProvide = reader.hasPrefix("PROVIDE (", at: text.start, end: text.end)
    let start = isProvide ? text.start + 9 : text.start
    guard let equals = reader.firstRange(of: " = ", from: start, to: text.end), equals > start
    else { return nil }
    return ByteRange(start: start, end: equals)
  }
}

/// Makes statements of the expression rows of one map.
struct MapStatementParser {
  let reader: ByteReader
  let source: SourceID
  let oddNames: [ByteRange]

  /// The statement in `text`, or nil if it is not of a printed form.
  func statement(
    _ text: ByteRange, _ value: PrintedValue, into image: inout Image
  ) -> MapStatement.Kind? {
    if reader.hasPrefix("ASSERT (", at: text.start, end: text.end) {
      return assertion(text, value, into: &image)
    }
    guard let target = MapExpressionParser.target(reader, text) else { return nil }
    let isProvide = target.start > text.start
    if isProvide, reader[text.end - 1] != UInt8(ascii: ")") { return nil }
    let range = ByteRange(start: target.end + 3, end: isProvide ? text.end - 1 : text.end)
    guard let expression = expression(range, into: &image) else { return nil }
    let name = image.names.intern(reader.copy(target.start, target.end))
    let isDot = target.count == 1 && reader[target.start] == UInt8(ascii: ".")
    return .assignment(
      Assignment(
        target: SpannedName(name, span: target.span(in: source)), isLocationCounter: isDot,
        compound: nil, value: expression, written: expression,
        kind: isProvide ? .provide : .plain), value)
  }

  /// The expression that fills `range`.
  func expression(_ range: ByteRange, into image: inout Image) -> ExpressionID? {
    var parser = MapExpressionParser(reader: reader, range: range, oddNames: oddNames)
    guard let root = parser.parse(), parser.stop == range.end else { return nil }
    return parser.draft.emit(root, reader: reader, source: source, into: &image)
  }

  private func assertion(
    _ text: ByteRange, _ value: PrintedValue, into image: inout Image
  ) -> MapStatement.Kind? {
    guard reader[text.end - 1] == UInt8(ascii: ")") else { return nil }
    let range = ByteRange(start: text.start + 8, end: text.end - 1)
    var parser = MapExpressionParser(reader: reader, range: range, oddNames: oddNames)
    guard let root = parser.parse(),
      reader.hasPrefix(", ", at: parser.stop, end: text.end - 1)
    else { return nil }
    let condition = parser.draft.emit(root, reader: reader, source: source, into: &image)
    let message = ByteRange(start: parser.stop + 2, end: text.end - 1)
    let name = image.names.intern(reader.copy(message.start, message.end))
    return .assertion(
      Assertion(
        condition: condition, message: SpannedName(name, span: message.span(in: source))), value)
  }
}
