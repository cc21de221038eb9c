// Questions about expanded text: what did the author write for it, through which macros did it come, and
// where in the author's line does an operand stand.

/// What an author wrote for a piece of expanded text.
public struct AuthoredExpression: Sendable {
  /// Where it is written: the tokens themselves or the outermost macro calls that gave them.
  public var span: SourceSpan
  /// The same as one line: comments and runs of blanks as single blanks.
  public var text: String
  /// Whether ``span`` gave more than the piece asked about, as for an ASSERT that a macro makes whole.
  public var isPartial: Bool
  /// The innermost macro call whose expansion is the piece asked about; nil when the piece is no macro's whole
  /// expansion.
  public var call: MacroCall?
}

extension SourceSet {
  /// What the author wrote for `span` of an expanded text; the span's own text if it is in a file.
  public func authoredExpression(of span: SourceSpan) -> AuthoredExpression {
    let authored = authoredSpan(of: span)
    let reader = buffer(authored.source).reader
    let range = authored.range.clamped(to: 0..<reader.count)
    let text = AuthoredText.normalised(reader, range.lowerBound, range.upperBound)
    var isPartial = false
    var call: MacroCall?
    if let origins = origins(span.source) {
      let piece = origins.runs(in: span)
      isPartial = origins.outerCallReaches(beyond: piece)
      call = origins.exactCall(of: piece).map { origins.calls[$0] }
    }
    return AuthoredExpression(
      span: authored, text: String(decoding: text, as: UTF8.self), isPartial: isPartial, call: call)
  }

  /// The macro calls that gave tokens of `span`, each once, callers before the calls inside them.
  public func macroCalls(in span: SourceSpan) -> [MacroCall] {
    guard let origins = origins(span.source) else { return [] }
    return origins.callIndices(of: origins.runs(in: span)).map { origins.calls[$0] }
  }

  /// Where the author wrote the macro arguments that `span` is made of: for `_start` of the expansion of
  /// `IS_ALIGNED(_start, MB(2))` that name's place in the call, for `((2) << 20)` the place of `MB(2)`. Empty
  /// when nothing in the span was passed as an argument of the outermost call.
  ///
  /// Tokens that come from macro bodies, such as parentheses around a parameter, are passed over.
  public func operandSpans(of span: SourceSpan) -> [SourceSpan] {
    guard let origins = origins(span.source) else { return [] }
    var spans: [SourceSpan] = []
    for index in origins.runs(in: span) {
      guard let place = origins.argumentPlace(of: index) else { continue }
      if let last = spans.last, last.source == place.source, place.start >= last.start {
        if place.end <= last.end { continue }
        if origins.isAdjacent(last, place, in: self) {
          spans[spans.count - 1].end = place.end
          continue
        }
      }
      spans.append(place)
    }
    return spans
  }
}

extension OriginTable {
  /// The runs that give bytes of `span`.
  func runs(in span: SourceSpan) -> Range<Int> {
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].offset < span.start { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < runs.count, runs[end].offset < span.end { end += 1 }
    // A span inside one token.
    if low > 0, low == end { low -= 1 }
    return low..<end
  }

  /// The calls that gave the runs, with their callers, in order.
  func callIndices(of piece: Range<Int>) -> [Int] {
    var seen: Set<Int> = []
    for index in piece {
      var next = runs[index].call
      while let call = next, seen.insert(call).inserted { next = calls[call].parent }
    }
    return seen.sorted()
  }

  private func outermostCall(of run: Int) -> Int? {
    guard var call = runs[run].call else { return nil }
    while let parent = calls[call].parent { call = parent }
    return call
  }

  private func isInside(_ call: Int, _ run: Int) -> Bool {
    var next = runs[run].call
    while let current = next, current >= call {
      if current == call { return true }
      next = calls[current].parent
    }
    return false
  }

  /// Whether the outermost call at either end of the piece gave text outside it too.
  func outerCallReaches(beyond piece: Range<Int>) -> Bool {
    guard let first = piece.first, let last = piece.last else { return false }
    if let call = outermostCall(of: first), first > 0, isInside(call, first - 1) { return true }
    if let call = outermostCall(of: last), last + 1 < runs.count, isInside(call, last + 1) {
      return true
    }
    return false
  }

  /// The innermost call whose expansion is the piece, no more and no less.
  func exactCall(of piece: Range<Int>) -> Int? {
    guard let first = piece.first, let last = piece.last else { return nil }
    var candidate = runs[first].call
    while let call = candidate {
      if piece.allSatisfy({ isInside(call, $0) }) {
        let before = first > 0 && isInside(call, first - 1)
        let after = last + 1 < runs.count && isInside(call, last + 1)
        return before || after ? nil : call
      }
      candidate = calls[call].parent
    }
    return nil
  }

  /// The widest text inside the outermost call's own text that gave the run.
  func argumentPlace(of run: Int) -> SourceSpan? {
    guard let outermost = outermostCall(of: run) else { return nil }
    let outer = calls[outermost].call
    func isWithin(_ span: SourceSpan) -> Bool {
      span.source == outer.source && span.start > outer.start && span.end <= outer.end
    }
    var place: SourceSpan? = isWithin(runs[run].spelled) ? runs[run].spelled : nil
    var next = runs[run].call
    while let call = next, call != outermost {
      if isWithin(calls[call].call) { place = calls[call].call }
      next = calls[call].parent
    }
    return place
  }

  /// Whether only blanks or comments stand between two places, so that they read as one operand.
  func isAdjacent(_ first: SourceSpan, _ second: SourceSpan, in sources: SourceSet) -> Bool {
    guard second.start >= first.end else { return true }
    let reader = sources.buffer(first.source).reader
    guard Int(second.start) <= reader.count else { return false }
    return AuthoredText.normalised(reader, Int(first.end), Int(second.start)).isEmpty
  }
}
