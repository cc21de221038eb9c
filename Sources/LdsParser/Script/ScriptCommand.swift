// Commands of names and words: `OUTPUT_FORMAT(elf64-x86-64)`, `INPUT(a.o AS_NEEDED(b.so))`.

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
