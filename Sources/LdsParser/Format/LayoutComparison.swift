// Whether formatted text holds what the author's text held: each token, in order, with its bytes, and blanks
// only where there were some before or where no linker and no preprocessor looks at them.

/// The check that a formatter makes of its own work.
struct LayoutComparison {
  let source: SourceID
  let isPreprocessed: Bool

  /// Throws the first difference between `old` with its tokens and `new`, at its place in `old`.
  func check(
    _ old: [UInt8], _ oldTokens: [LayoutToken], _ new: [UInt8]
  ) throws(LayoutFault) {
    let newTokens = try LayoutScanner.scan(new, in: source, isPreprocessed: isPreprocessed)
    for index in oldTokens.indices {
      let token = oldTokens[index]
      guard index < newTokens.count, isSame(token, old, newTokens[index], new) else {
        throw fault(token)
      }
      guard index > 0 else { continue }
      if isBlankDecisive(oldTokens[index - 1], token),
        token.isGlued != newTokens[index].isGlued
      {
        throw fault(token)
      }
      if endsItsLine(token, after: oldTokens[index - 1]), newTokens[index].lineEnds == 0 {
        throw fault(token)
      }
    }
    guard newTokens.count > oldTokens.count else { return }
    throw fault(oldTokens.last ?? newTokens[0])
  }

  private func isSame(
    _ token: LayoutToken, _ old: [UInt8], _ other: LayoutToken, _ new: [UInt8]
  ) -> Bool {
    guard token.kind == other.kind, token.isInExpression == other.isInExpression else {
      return false
    }
    guard case .comment = token.kind else {
      return old[token.range].elementsEqual(new[other.range])
    }
    return Self.lines(old[token.range]) == Self.lines(new[other.range])
  }

  /// Whether a blank between two tokens can mean something.
  private func isBlankDecisive(_ left: LayoutToken, _ right: LayoutToken) -> Bool {
    if left.isBracket || right.isBracket { return false }
    if !left.isCode || !right.isCode { return false }
    // Operators are tokens of their own with and without blanks.
    return !(left.isInExpression && right.isInExpression && (isSign(left) || isSign(right)))
  }

  private func isSign(_ token: LayoutToken) -> Bool { token.kind == .sign || token.kind == .comma }

  /// Whether `token` has to stand on a line of its own, or behind a line end.
  private func endsItsLine(_ token: LayoutToken, after last: LayoutToken) -> Bool {
    token.isDirective || last.isDirective || last.kind == .lineComment
  }

  /// The lines of a comment without the blanks around them.
  private static func lines(_ comment: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    comment.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      var line = line.drop(while: LayoutScanner.isBlank)
      while let last = line.last, LayoutScanner.isBlank(last) { line.removeLast() }
      return line
    }
  }

  private func fault(_ token: LayoutToken) -> LayoutFault {
    LayoutFault(
      diagnostic: Diagnostic(
        id: "format-difference", severity: .error,
        message: "formatting would change what is read here; the script is left as it is",
        span: SourceSpan(
          source: source, start: UInt32(truncatingIfNeeded: token.range.lowerBound),
          end: UInt32(truncatingIfNeeded: token.range.upperBound))))
  }
}
