// The verdicts of a link that was laid out from its objects. An image of that link tells less: not what expressions saw
// of sections that were dropped, nor of load addresses that program headers changed.

public import LdsParser

/// What a layout from objects says of the ASSERTs of its script.
public struct ForetoldVerdicts: Sendable {
  /// What one condition came to.
  struct Word: Sendable {
    var verdict: Verdict
    /// The raw number that was tested; nil if it is not valid.
    var value: UInt64?
    /// The names in the condition with their addresses or numbers, where they have one.
    var operands: [ExpressionID: UInt64]
  }

  /// The script that was laid out.
  let script: FilePath
  private var words: [ExpressionID: Word] = [:]

  /// The verdicts of a layout of `script`, which was read from `path`.
  public init(_ layout: LayoutPrediction, of script: LinkerScript, path: FilePath) {
    self.script = path
    for assertion in layout.assertions {
      var condition = assertion.condition
      if case .assertion(let inner, _) = script.expressions[condition] { condition = inner }
      // One that is judged more than once has to hold each time.
      if words[condition]?.verdict == .fails { continue }
      words[condition] = Word(
        verdict: assertion.holds ? .holds : .fails, value: assertion.value,
        operands: assertion.operands)
    }
  }

  /// What it says of a condition; nil if the linker did not come to it.
  func word(on condition: ExpressionID) -> Word? { words[condition] }
}
