// Which suppressions were of use, over all images that a script is judged with.

import LdsParser

/// The rules for which each comment hid something.
struct SuppressionUsage {
  /// A comment, whatever source set it was read into.
  private struct Key: Hashable {
    let path: FilePath
    let start: UInt32
  }

  private var used: [Key: Set<String>] = [:]

  /// Notes that `suppression` hid a finding of `rule`.
  mutating func use(_ suppression: Suppression, for rule: String, in sources: SourceSet) {
    used[Self.key(suppression, sources), default: []].insert(rule)
  }

  /// The rules of `suppression` that it hid nothing of, in its order.
  func idleRules(of suppression: Suppression, in sources: SourceSet) -> [String] {
    let rules = used[Self.key(suppression, sources)] ?? []
    return suppression.rules.filter { !rules.contains($0) }
  }

  private static func key(_ suppression: Suppression, _ sources: SourceSet) -> Key {
    Key(
      path: sources.buffer(suppression.span.source).path, start: suppression.span.start)
  }
}
