// `--fix` and `--diff`: makes the edits that findings carry, one finding after another, and keeps an edit only
// if the rules then say that its finding is gone and nothing else has come up.

public import LdsParser

/// Edits one script.
public struct ScriptFixer {
  /// What came of it.
  public struct Result: Sendable {
    /// The script with the edits that were kept.
    public var script: LoadedScript
    /// The text before.
    public var before: SourceBuffer
    /// The text after; equal to that before if nothing was mended.
    public var after: SourceBuffer
    /// Sentences on what was mended.
    public var mended: [String] = []
  }

  private struct Key: Hashable {
    let rule: String
    let subject: String
  }

  private let reader: any ScriptReader
  private let limit: Int
  /// The findings of a script that are to be shown.
  private let lint: (LoadedScript) throws -> [Finding]

  /// - Parameters:
  ///   - reader: reads the edited script.
  ///   - limit: at most so many findings are tried.
  ///   - lint: the findings of a script that count, with their places in its sources.
  public init(
    _ reader: any ScriptReader, limit: Int = Limit.triedMends,
    lint: @escaping (LoadedScript) throws -> [Finding]
  ) {
    self.reader = reader
    self.limit = limit
    self.lint = lint
  }

  /// Mends what can be mended in the script's own file.
  ///
  /// - Throws: what `lint` throws.
  public func mend(_ script: LoadedScript) throws -> Result {
    let original = Self.text(of: script)
    var result = Result(script: script, before: original, after: original)
    var findings = try lint(script)
    var tried: Set<Key> = []
    for _ in 0..<limit {
      guard
        let next = findings.first(where: {
          !tried.contains(Self.key($0)) && Self.isInside($0.fixes, result)
        })
      else { break }
      tried.insert(Self.key(next))
      let text = SourceBuffer(
        path: original.path, bytes: Self.apply(next.fixes, to: result))
      guard let edited = reader.read(text, like: script), !edited.script.isRefused else {
        continue
      }
      let left = try lint(edited)
      guard Self.isMended(next, findings, left) else { continue }
      findings = left
      result.script = edited
      result.after = text
      result.mended.append("\(next.rule): \(next.message)")
    }
    return result
  }

  /// The file as the author wrote it.
  private static func text(of script: LoadedScript) -> SourceBuffer {
    let sources = script.script.sources
    for index in 0..<sources.count {
      let id = SourceID(index: UInt32(truncatingIfNeeded: index))
      let buffer = sources.buffer(id)
      if buffer.path == script.path, sources.origins(id)?.runs.isEmpty ?? true { return buffer }
    }
    return sources.buffer(script.script.main)
  }

  private static func key(_ finding: Finding) -> Key {
    Key(rule: finding.rule, subject: finding.subject)
  }

  /// Whether the edits are all in the script's own file.
  private static func isInside(_ fixes: [FixEdit], _ result: Result) -> Bool {
    let sources = result.script.script.sources
    return !fixes.isEmpty
      && fixes.allSatisfy {
        sources.buffer(sources.authoredSpan(of: $0.span).source).path == result.after.path
      }
  }

  private static func apply(_ fixes: [FixEdit], to result: Result) -> [UInt8] {
    let sources = result.script.script.sources
    let edits = fixes.map {
      FixEdit(sources.authoredSpan(of: $0.span), replacement: $0.replacement)
    }
    return FixEdit.apply(edits, to: result.after.bytes(in: 0..<result.after.count))
  }

  /// Whether the finding is gone and every other one was there before.
  private static func isMended(
    _ finding: Finding, _ before: [Finding], _ after: [Finding]
  ) -> Bool {
    var counts: [Key: Int] = [:]
    for old in before { counts[key(old), default: 0] += 1 }
    for new in after { counts[key(new), default: 0] -= 1 }
    return counts[key(finding), default: 0] > 0 && counts.values.allSatisfy { $0 >= 0 }
  }
}
