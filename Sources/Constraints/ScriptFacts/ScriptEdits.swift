// Edits of the author's text: where a piece of expanded text can be changed, and how lines are moved.

import LdsParser

extension ScriptFacts {
  /// Where `span` is spelled in a file: the text itself, or inside the body of the macro that gave it. Nil
  /// where it is put together from several places.
  func spelled(_ span: SourceSpan) -> (span: SourceSpan, isInMacro: Bool)? {
    guard let origins = script.sources.origins(span.source), !origins.runs.isEmpty else {
      return (span, false)
    }
    guard span.end > span.start, let first = origins.run(at: span.start),
      let last = origins.run(at: span.end - 1), first.call == last.call,
      first.spelled.source == last.spelled.source, first.spelled.start <= last.spelled.start,
      script.sources.origins(first.spelled.source) == nil
    else { return nil }
    // What a name in the table or on the command line gave stands in no file.
    if let call = first.call, origins.calls[call].definition == nil { return nil }
    let spelled = SourceSpan(
      source: first.spelled.source, start: first.spelled.start, end: last.spelled.end)
    return (spelled, first.call != nil)
  }

  /// An edit that puts `text`, a statement, before the statement at `span`.
  func inserting(_ text: String, before span: SourceSpan) -> [FixEdit] {
    guard let place = spelled(span) else { return [] }
    let start = SourceSpan(
      source: place.span.source, start: place.span.start, end: place.span.start)
    let indentation = self.indentation(of: place.span)
    guard !place.isInMacro, let indentation else {
      return [FixEdit(start, replacement: text + " ")]
    }
    return [FixEdit(start, replacement: text + "\n" + indentation)]
  }

  /// Edits that move the line of one statement below the line of another; empty unless both have lines of
  /// their own in one file.
  func moving(_ statement: SourceSpan, below other: SourceSpan) -> [FixEdit] {
    guard let moved = spelled(statement), let anchor = spelled(other), !moved.isInMacro,
      !anchor.isInMacro, moved.span.source == anchor.span.source,
      indentation(of: moved.span) != nil, indentation(of: anchor.span) != nil,
      let line = wholeLine(moved.span), let below = wholeLine(anchor.span),
      line.upperBound <= below.lowerBound
    else { return [] }
    let source = moved.span.source
    let text = script.sources.buffer(source).text(in: line)
    return [
      FixEdit(Self.span(source, line), replacement: ""),
      FixEdit(Self.span(source, below.upperBound..<below.upperBound), replacement: text),
    ]
  }

  private static func span(_ source: SourceID, _ range: Range<Int>) -> SourceSpan {
    SourceSpan(
      source: source, start: UInt32(truncatingIfNeeded: range.lowerBound),
      end: UInt32(truncatingIfNeeded: range.upperBound))
  }

  /// The blanks before the text, if nothing else stands there on its line.
  private func indentation(of span: SourceSpan) -> String? {
    let buffer = script.sources.buffer(span.source)
    let line = script.sources.lineAndColumn(span.source, offset: Int(span.start)).line
    let range = script.sources.lineRange(span.source, line: line)
    let before = buffer.bytes(in: range.lowerBound..<Int(span.start))
    guard before.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return nil }
    return String(decoding: before, as: UTF8.self)
  }

  /// The line of a statement with its line end, if nothing but its separator and one comment follow.
  private func wholeLine(_ span: SourceSpan) -> Range<Int>? {
    let buffer = script.sources.buffer(span.source)
    let first = script.sources.lineAndColumn(span.source, offset: Int(span.start)).line
    let range = script.sources.lineRange(span.source, line: first)
    guard Int(span.end) <= range.upperBound, range.upperBound < buffer.count else { return nil }
    var rest = buffer.bytes(in: Int(span.end)..<range.upperBound)[...]
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    guard rest.first == UInt8(ascii: ";") else { return nil }
    rest = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
    while rest.last.map({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) == true { rest.removeLast() }
    let isComment = rest.starts(with: "/*".utf8) && rest.suffix(2).elementsEqual("*/".utf8)
    guard rest.isEmpty || isComment else { return nil }
    return range.lowerBound..<(range.upperBound + 1)
  }
}
