// `--fix` and `--diff`: makes the edits that findings carry, one finding after another, and keeps an edit only
// if the rules then say that its finding is gone and nothing else has come up.

import Constraints
import LdsParser

/// Edits one script.
struct ScriptFixer {
  /// What came of it.
  struct Result {
    /// The script with the edits that were kept.
    var script: LoadedScript
    /// The text before and after; equal if nothing was mended.
    var before: SourceBuffer
    var after: SourceBuffer
    /// Sentences on what was mended.
    var mended: [String] = []
  }

  private struct Key: Hashable {
    let rule: String
    let subject: String
  }

  private let loader: ScriptLoader
  private let limit: Int
  /// The findings of a script that are to be shown.
  private let lint: (LoadedScript) throws -> [ReportFinding]

  init(
    _ loader: ScriptLoader, limit: Int = Limit.triedMends,
    lint: @escaping (LoadedScript) throws -> [ReportFinding]
  ) {
    self.loader = loader
    self.limit = limit
    self.lint = lint
  }

  /// Mends what can be mended in the script's own file.
  func mend(_ script: LoadedScript) throws -> Result {
    let original = Self.text(of: script)
    var result = Result(script: script, before: original, after: original)
    var findings = try lint(script)
    var tried: Set<Key> = []
    for _ in 0..<limit {
      guard
        let next = findings.first(where: {
          !tried.contains(Self.key($0)) && Self.isInside($0.fixes, result.after)
        })
      else { break }
      tried.insert(Self.key(next))
      let text = SourceBuffer(
        path: original.path, bytes: Self.apply(next.fixes, to: result.after))
      let edited = try loader.load(text)
      guard !edited.script.isRefused else { continue }
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

  private static func key(_ finding: ReportFinding) -> Key {
    Key(rule: finding.rule, subject: finding.subject)
  }

  /// Whether the edits are all in the script's own file.
  private static func isInside(_ fixes: [ReportFix], _ buffer: SourceBuffer) -> Bool {
    !fixes.isEmpty && fixes.allSatisfy { $0.place.text?.buffer.path == buffer.path }
  }

  private static func apply(_ fixes: [ReportFix], to buffer: SourceBuffer) -> [UInt8] {
    var bytes = buffer.bytes(in: 0..<buffer.count)
    let edits = fixes.compactMap { fix in fix.place.text.map { ($0.bytes, fix.replacement) } }
    for (range, text) in edits.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
      bytes.replaceSubrange(range.clamped(to: 0..<bytes.count), with: Array(text.utf8))
    }
    return bytes
  }

  /// Whether the finding is gone and every other one was there before.
  private static func isMended(
    _ finding: ReportFinding, _ before: [ReportFinding], _ after: [ReportFinding]
  ) -> Bool {
    var counts: [Key: Int] = [:]
    for old in before { counts[key(old), default: 0] += 1 }
    for new in after { counts[key(new), default: 0] -= 1 }
    return counts[key(finding), default: 0] > 0 && counts.values.allSatisfy { $0 >= 0 }
  }
}
