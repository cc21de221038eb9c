// What takes input sections: `KEEP(*(SORT(.init_array.*) .ctors))`, and data: `LONG(0x1234)`.

/// How input sections or files are sorted in a pattern.
public enum SortKind: String, Sendable {
  /// By name; also spelled `SORT`.
  case byName = "SORT_BY_NAME"
  /// By alignment, largest first.
  case byAlignment = "SORT_BY_ALIGNMENT"
  /// By the number at the end of the name.
  case byInitPriority = "SORT_BY_INIT_PRIORITY"
  /// Not at all, whatever `--sort-section` says.
  case none = "SORT_NONE"
  /// `REVERSE`, from 2.42 on.
  case reverse = "REVERSE"
}

/// A glob with its sorting and exclusions.
public struct WildcardPattern: Sendable {
  /// The pattern; never matched here, only kept.
  public var pattern: SpannedName
  /// Sorting from outermost to innermost; empty if none.
  public var sorts: [SortKind]
  /// Patterns of `EXCLUDE_FILE(...)`.
  public var excludedFiles: [SpannedName]

  /// A pattern with its modifiers.
  public init(pattern: SpannedName, sorts: [SortKind] = [], excludedFiles: [SpannedName] = []) {
    self.pattern = pattern
    self.sorts = sorts
    self.excludedFiles = excludedFiles
  }
}

/// One flag of `INPUT_SECTION_FLAGS`.
public struct SectionFlagTerm: Sendable {
  /// The flag's name, such as `SHF_EXECINSTR`, or a number.
  public var name: SpannedName
  /// Whether it stood after `!`.
  public var isNegated: Bool

  /// The flag `name`.
  public init(name: SpannedName, isNegated: Bool) {
    self.name = name
    self.isNegated = isNegated
  }
}

/// An input section description: `*(.text .text.*)`, `KEEP(*(.head))`, a bare file name.
public struct InputSectionDescription: Sendable {
  /// File pattern; nil for the bracket form `[ .text ]`, which matches every file.
  public var file: WildcardPattern?
  /// Section patterns; empty for a bare file name.
  public var sections: [WildcardPattern]
  /// Whether it stood in `KEEP(...)`.
  public var isKept: Bool
  /// Terms of `INPUT_SECTION_FLAGS(...)`, joined by `&`.
  public var flags: [SectionFlagTerm]
  /// Whether a parenthesised list was written (`f.o()` differs from `f.o`).
  public var hasSectionList: Bool

  /// A description with its parts.
  public init(
    file: WildcardPattern?, sections: [WildcardPattern], isKept: Bool = false,
    flags: [SectionFlagTerm] = [], hasSectionList: Bool = true
  ) {
    self.file = file
    self.sections = sections
    self.isKept = isKept
    self.flags = flags
    self.hasSectionList = hasSectionList
  }
}

/// Width of a data statement.
public enum DataWidth: String, Sendable {
  /// One byte.
  case byte = "BYTE"
  /// Two bytes.
  case short = "SHORT"
  /// Four bytes.
  case long = "LONG"
  /// Eight bytes.
  case quad = "QUAD"
  /// Eight bytes, sign-extended on 32-bit targets.
  case squad = "SQUAD"

  /// Size in bytes.
  public var byteCount: UInt64 {
    switch self {
    case .byte: 1
    case .short: 2
    case .long: 4
    case .quad, .squad: 8
    }
  }
}
