// Makes a script that shows a difference small: leaves out lines, then puts simpler expressions in the place
// of expressions, as long as the difference stays (delta debugging; Zeller and Hildebrandt 2002).

public import LdsParser

/// Shrinks scripts.
public struct CaseMinimizer {
  private let dialect: LinkerDialect
  private let differs: (String) throws -> Bool
  private var attempts = 0

  /// Scripts tried before it is left at that.
  private static let mostAttempts = 3000

  /// A minimizer that keeps scripts which `differs` accepts.
  public init(_ dialect: LinkerDialect, differs: @escaping (String) throws -> Bool) {
    self.dialect = dialect
    self.differs = differs
  }

  /// The smallest script found that still differs.
  public mutating func minimize(_ text: String) throws -> String {
    var best = text
    while true {
      let before = best
      best = try withoutLines(best)
      best = try withSimplerExpressions(best)
      if best == before { return best }
    }
  }

  private mutating func accepts(_ text: String) throws -> Bool {
    guard attempts < Self.mostAttempts else { return false }
    attempts += 1
    return try differs(text)
  }

  /// Runs of lines, long ones first; an output section is a run.
  private mutating func withoutLines(_ text: String) throws -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    var size = max(lines.count / 2, 1)
    while size > 0 {
      var start = 0
      while start + size <= lines.count {
        var fewer = lines
        fewer.removeSubrange(start..<start + size)
        if try accepts(fewer.joined(separator: "\n") + "\n") {
          lines = fewer
        } else {
          start += size > 12 ? size / 2 : 1
        }
      }
      size = size > 12 ? size / 2 : size - 1
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func withSimplerExpressions(_ text: String) throws -> String {
    var best = Array(text.utf8)
    var next = 0
    while true {
      let replacements = replacements(best)
      guard next < replacements.count else { return String(decoding: best, as: UTF8.self) }
      let (start, end, words) = replacements[next]
      let shorter = best[..<start] + words + best[end...]
      if try accepts(String(decoding: shorter, as: UTF8.self)) {
        best = Array(shorter)
        next = max(next - 4, 0)
      } else {
        next += 1
      }
    }
  }

  /// What may stand for an expression: its operands, and small numbers; large expressions first.
  private func replacements(_ text: [UInt8]) -> [(start: Int, end: Int, words: [UInt8])] {
    let script = ScriptParser.parse(
      SourceBuffer(path: FilePath("S"), bytes: text),
      options: ScriptParser.Options(dialect: dialect))
    var found: [(start: Int, end: Int, words: [UInt8])] = []
    for index in (0..<UInt32(script.expressions.count)).reversed() {
      let node = ExpressionID(index: index)
      let span = script.expressions.span(node)
      let range = Int(span.start)..<Int(span.end)
      guard span.source == script.main, range.upperBound <= text.count else { continue }
      for operand in script.expressions[node].operands {
        let inner = script.expressions.span(operand)
        let words = text[Int(inner.start)..<Int(inner.end)]
        found.append((range.lowerBound, range.upperBound, [0x28] + words + [0x29]))
      }
      for words in ["1", "0"] where range.count > 1 {
        found.append((range.lowerBound, range.upperBound, Array(words.utf8)))
      }
    }
    return found
  }
}
