// Nodes of a version script: `VERS_1.1 { global: foo; local: *; } VERS_1.0;`.

/// One pattern of a version node.
public struct VersionPattern: Sendable {
  /// The symbol or glob; a quoted one is literal.
  public var pattern: SpannedName
  /// The language of the `extern "..."` block it stands in, or nil.
  public var language: SpannedName?
  /// Whether it is under `local:`.
  public var isLocal: Bool

  /// The pattern as written.
  public init(pattern: SpannedName, language: SpannedName?, isLocal: Bool) {
    self.pattern = pattern
    self.language = language
    self.isLocal = isLocal
  }
}

/// One node of `VERSION { ... }`.
public struct VersionNode: Sendable {
  /// The node's name; nil for the anonymous one.
  public var name: SpannedName?
  /// Patterns in order.
  public var patterns: [VersionPattern]
  /// The nodes it depends on.
  public var dependencies: [SpannedName]

  /// The node as written.
  public init(name: SpannedName?, patterns: [VersionPattern], dependencies: [SpannedName]) {
    self.name = name
    self.patterns = patterns
    self.dependencies = dependencies
  }
}
