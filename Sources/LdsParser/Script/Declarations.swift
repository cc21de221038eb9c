// What a script declares beside its sections: commands, lines of MEMORY and PHDRS, nodes of a version script.

/// A file of `INPUT` or `GROUP`.
public struct InputFile: Sendable {
  /// The name, `-lname` included as written.
  public var name: SpannedName
  /// Whether it stood in `AS_NEEDED(...)`.
  public var isAsNeeded: Bool

  /// The file as written.
  public init(name: SpannedName, isAsNeeded: Bool) {
    self.name = name
    self.isAsNeeded = isAsNeeded
  }
}

/// Commands whose operands are names only.
public enum NameCommand: String, Sendable, CaseIterable {
  /// Default, big-endian and little-endian target, or one for all.
  case outputFormat = "OUTPUT_FORMAT"
  /// Machine.
  case outputArchitecture = "OUTPUT_ARCH"
  /// Target of the input files that follow.
  case target = "TARGET"
  /// Name of the output file.
  case output = "OUTPUT"
  /// Folder for `-l` and INPUT.
  case searchDirectory = "SEARCH_DIR"
  /// First input file.
  case startup = "STARTUP"
  /// Historical.
  case highLevelLibraries = "HLL"
  /// Historical.
  case systemLibraries = "SYSLIB"
  /// Name of the map file.
  case map = "MAP"
  /// As `-u`.
  case extern = "EXTERN"
  /// No references between these output sections.
  case noCrossReferences = "NOCROSSREFS"
  /// No references to the first from the others.
  case noCrossReferencesTo = "NOCROSSREFS_TO"
  /// `LD_FEATURE("SANE_EXPR")`.
  case feature = "LD_FEATURE"
  /// Second name for a memory region: new name, then old.
  case regionAlias = "REGION_ALIAS"
  /// Insert the statements before it after this output section.
  case insertAfter = "INSERT AFTER"
  /// Insert the statements before it before this output section.
  case insertBefore = "INSERT BEFORE"
}

/// Commands without operands.
public enum BareCommand: String, Sendable, CaseIterable {
  /// Assign space to common symbols even with `-r`.
  case forceCommonAllocation = "FORCE_COMMON_ALLOCATION"
  /// Place section group members as ordinary sections even with `-r`.
  case forceGroupAllocation = "FORCE_GROUP_ALLOCATION"
  /// Do not allocate common symbols.
  case inhibitCommonAllocation = "INHIBIT_COMMON_ALLOCATION"
  /// Historical.
  case float = "FLOAT"
  /// Historical.
  case noFloat = "NOFLOAT"
}

/// One line of `MEMORY`.
public struct MemoryRegion: Sendable {
  /// The region's name.
  public var name: SpannedName
  /// The letters in parentheses with their `!`, in order; empty if none.
  public var attributes: [SectionFlagTerm]
  /// `ORIGIN = e`
  public var origin: ExpressionID
  /// `LENGTH = e`
  public var length: ExpressionID
  /// The line's text.
  public var span: SourceSpan

  /// The region `name`.
  public init(
    name: SpannedName, attributes: [SectionFlagTerm], origin: ExpressionID, length: ExpressionID,
    span: SourceSpan
  ) {
    self.name = name
    self.attributes = attributes
    self.origin = origin
    self.length = length
    self.span = span
  }
}

/// One entry of `PHDRS`.
public struct ProgramHeaderDescription: Sendable {
  /// The segment's name in the script.
  public var name: SpannedName
  /// `PT_LOAD` and the like as a symbol node, or a number.
  public var type: ExpressionID
  /// Whether it covers the file header.
  public var hasFileHeader: Bool
  /// Whether it covers the program headers.
  public var hasProgramHeaders: Bool
  /// `AT(e)`
  public var loadAddress: ExpressionID?
  /// `FLAGS(e)`
  public var flags: ExpressionID?
  /// The entry's text.
  public var span: SourceSpan

  /// The segment `name` of `type`.
  public init(name: SpannedName, type: ExpressionID, span: SourceSpan) {
    self.name = name
    self.type = type
    hasFileHeader = false
    hasProgramHeaders = false
    loadAddress = nil
    flags = nil
    self.span = span
  }
}

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
