// What `--linker` and the configuration say: `bfd`, `lld@19`, `bfd@2.35..2.47`, `both`.

/// Linkers as somebody writes them.
public struct LinkerRequest: Sendable {
  /// The linkers, in the order of their releases; never empty.
  public let dialects: [LinkerDialect]
  /// Whether a release was said, and not only a family.
  public let saysVersion: Bool

  /// The forms that it takes, for messages.
  public static let forms =
    "bfd, lld or mold, with a version (bfd@2.40, lld@19) or a range (bfd@2.35..2.47)"

  /// The linkers in `text`; nil if it is none of the ``forms``.
  ///
  /// A range stands for its ends and the releases between them that were run.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let family = parts.first.flatMap({ LinkerDialect.Family(rawValue: String($0)) }) else {
      return nil
    }
    saysVersion = parts.count == 2
    guard saysVersion else {
      dialects = [LinkerDialect(family)]
      return
    }
    guard let dots = parts[1].indices.first(where: { parts[1][$0...].hasPrefix("..") }) else {
      guard let version = LinkerVersion(parts[1]) else { return nil }
      dialects = [LinkerDialect(family, version)]
      return
    }
    guard let first = LinkerVersion(parts[1][..<dots]),
      let last = LinkerVersion(parts[1][dots...].dropFirst(2)), first <= last
    else { return nil }
    var versions = [first]
    versions += family.tried.filter { $0 > first && $0 < last }
    if last > first { versions.append(last) }
    dialects = versions.map { LinkerDialect(family, $0) }
  }
}

extension Array where Element == LinkerDialect {
  /// Whether one of them is of `family`.
  public func contains(_ family: LinkerDialect.Family) -> Bool {
    contains { $0 == family }
  }

  /// The oldest of `family`.
  public func oldest(of family: LinkerDialect.Family) -> LinkerDialect? {
    filter { $0 == family }.min { $0.version < $1.version }
  }

  /// Adds those that are not there yet.
  public mutating func add(_ others: [LinkerDialect]) {
    for other in others
    where !contains(where: { $0 == other.family && $0.version == other.version }) {
      append(other)
    }
  }
}
