// What is known before judging: that the text of an ASSERT, or its being there, hangs on a guess.

/// A conditional of the script that was decided by a name which nothing defines, and which the build may define.
package struct Doubt: Sendable {
  /// The name on which the text hangs; nil if the text is the same either way.
  package var text: String?
  /// The name on which it hangs whether the statement is there, or what its text is.
  package var presence: String?

  /// A doubt about a statement; nil if there is none.
  package init?(text: String?, presence: String?) {
    if text == nil, presence == nil { return nil }
    self.text = text
    self.presence = presence
  }

  /// The name that takes a verdict back: of an ASSERT that holds it does not matter whether it is there.
  func name(_ verdict: Verdict) -> String? {
    switch verdict {
    case .holds: text
    case .fails: presence
    case .undecided: nil
    }
  }
}
