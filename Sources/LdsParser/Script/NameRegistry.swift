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
  private var name: NameID
  private var isLiteral: Bool
  private var language: NameID?
  private var isLocal: Bool

  /// The key of `pattern` as it would be with `isLocal`.
  init(_ pattern: VersionPattern, isLocal: Bool, names: NameTable) {
    name = pattern.pattern.name
    let glob = Array("*?[".utf8)
    isLiteral = pattern.pattern.isQuoted || !names.bytes(name).contains { glob.contains($0) }
    // C is the language of patterns outside `extern` blocks.
    let isC = pattern.language.map { names.string($0.name).uppercased() == "C" } ?? true
    language = isC ? nil : pattern.language?.name
    self.isLocal = isLocal
  }
}
