// What was declared so far, for the repetitions that ld refuses while it is still reading (ldlang.c).

/// Declarations that must be unique or must come first.
struct NameRegistry {
  /// Memory regions and their aliases; a region that is used before it is declared counts as declared.
  var regions: Set<NameID> = []
  /// Whether a STARTUP command was read.
  var hasStartup = false
  /// Whether a PT_LOAD program header without FILEHDR and PHDRS was read.
  var hasPlainLoad = false
  /// The version nodes so far; the anonymous one has no name.
  var versionNodes: Set<NameID?> = []
  /// The patterns of version nodes so far.
  var versionPatterns: Set<VersionPatternKey> = []
}

/// What makes two patterns of version nodes the same.
struct VersionPatternKey: Hashable {
  var name: NameID
  var isQuoted: Bool
  var language: NameID?
  var isLocal: Bool

  init(_ pattern: VersionPattern, isLocal: Bool) {
    name = pattern.pattern.name
    isQuoted = pattern.pattern.isQuoted
    language = pattern.language?.name
    self.isLocal = isLocal
  }
}
