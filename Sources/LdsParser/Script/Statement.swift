// The tree of a linker script: what was written, in order, with the place of every part.

/// A name with its place.
public struct SpannedName: Sendable, Hashable {
  /// The name.
  public var name: NameID
  /// Its text, quotes included.
  public var span: SourceSpan
  /// Whether it was written in quotes.
  public var isQuoted: Bool

  /// `name` as written at `span`.
  public init(_ name: NameID, span: SourceSpan, isQuoted: Bool = false) {
    self.name = name
    self.span = span
    self.isQuoted = isQuoted
  }
}

/// How an assignment shows to objects.
public enum AssignmentKind: String, Sendable {
  /// `x = e`
  case plain
  /// `HIDDEN(x = e)`
  case hidden = "HIDDEN"
  /// `PROVIDE(x = e)`
  case provide = "PROVIDE"
  /// `PROVIDE_HIDDEN(x = e)`
  case provideHidden = "PROVIDE_HIDDEN"

  /// Whether it takes effect only where the symbol is referenced and not defined.
  public var isProvide: Bool { self == .provide || self == .provideHidden }
}

/// `x = e`, `x += e`, `PROVIDE(x = e)` and the like; `x` may be the location counter.
public struct Assignment: Sendable {
  /// The symbol, or `.`.
  public var target: SpannedName
  /// Whether the target is the location counter.
  public var isLocationCounter: Bool
  /// The operator before `=` of a compound assignment, nil for a plain one.
  public var compound: BinaryOperator?
  /// The whole value: for `x += e` the node `x + e` that GNU ld makes of it.
  public var value: ExpressionID
  /// The right-hand side as written; differs from `value` only for compound assignments.
  public var written: ExpressionID
  /// Plain, HIDDEN, PROVIDE or PROVIDE_HIDDEN.
  public var kind: AssignmentKind

  /// An assignment of `value` to `target`.
  public init(
    target: SpannedName, isLocationCounter: Bool, compound: BinaryOperator?, value: ExpressionID,
    written: ExpressionID, kind: AssignmentKind
  ) {
    self.target = target
    self.isLocationCounter = isLocationCounter
    self.compound = compound
    self.value = value
    self.written = written
    self.kind = kind
  }
}

/// `ASSERT(condition, message)`.
public struct Assertion: Sendable {
  /// What must not be zero.
  public var condition: ExpressionID
  /// What the linker prints if it is.
  public var message: SpannedName

  /// An assertion of `condition`.
  public init(condition: ExpressionID, message: SpannedName) {
    self.condition = condition
    self.message = message
  }
}

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

/// The type in parentheses after an output section's address.
public enum OutputSectionType: Sendable {
  /// Nothing written, or `()`.
  case normal
  /// Allocated, not loaded.
  case noload
  /// Not allocated, historical.
  case dsect
  /// Not allocated, historical.
  case copy
  /// Not allocated, informational.
  case info
  /// Not allocated, as in an overlay.
  case overlay
  /// Marked read-only.
  case readonly
  /// `TYPE = e`
  case type(ExpressionID)
  /// `READONLY (TYPE = e)`
  case readonlyType(ExpressionID)
}

/// The constraint before an output section's brace.
public enum OutputSectionConstraint: String, Sendable {
  /// Only if every input section is read-only.
  case onlyIfRO = "ONLY_IF_RO"
  /// Only if some input section is writable.
  case onlyIfRW = "ONLY_IF_RW"
  /// Historical.
  case special = "SPECIAL"
}

/// What stands after an output section's closing brace.
public struct OutputSectionTail: Sendable {
  /// `>REGION`
  public var region: SpannedName?
  /// `AT>REGION`
  public var loadRegion: SpannedName?
  /// `:phdr`, in order.
  public var programHeaders: [SpannedName]
  /// `=fill`
  public var fill: ExpressionID?

  /// A tail; everything is optional.
  public init(
    region: SpannedName? = nil, loadRegion: SpannedName? = nil,
    programHeaders: [SpannedName] = [], fill: ExpressionID? = nil
  ) {
    self.region = region
    self.loadRegion = loadRegion
    self.programHeaders = programHeaders
    self.fill = fill
  }
}

/// An output section description: `.text addr (TYPE) : AT(lma) ALIGN(n) { ... } >REGION`.
public struct OutputSectionDescription: Sendable {
  /// The section's name; `/DISCARD/` throws input away.
  public var name: SpannedName
  /// The address expression before the colon.
  public var address: ExpressionID?
  /// The type in parentheses.
  public var type: OutputSectionType
  /// `AT(lma)`
  public var loadAddress: ExpressionID?
  /// `ALIGN(n)`
  public var alignment: ExpressionID?
  /// `ALIGN_WITH_INPUT`
  public var alignsWithInput: Bool
  /// `SUBALIGN(n)`
  public var subalignment: ExpressionID?
  /// `ONLY_IF_RO` and the like.
  public var constraint: OutputSectionConstraint?
  /// The statements between the braces.
  public var body: [Statement]
  /// What stands after the closing brace.
  public var tail: OutputSectionTail

  /// A description of `name`; the rest is filled in as it is read.
  public init(name: SpannedName, body: [Statement] = []) {
    self.name = name
    address = nil
    type = .normal
    loadAddress = nil
    alignment = nil
    alignsWithInput = false
    subalignment = nil
    constraint = nil
    self.body = body
    tail = OutputSectionTail()
  }
}

/// A member of an overlay.
public struct OverlayMember: Sendable {
  /// The output section's name.
  public var name: SpannedName
  /// The statements between the braces.
  public var body: [Statement]
  /// `:phdr`, in order.
  public var programHeaders: [SpannedName]
  /// `=fill`
  public var fill: ExpressionID?
  /// The member's text.
  public var span: SourceSpan

  /// The member `name`.
  public init(
    name: SpannedName, body: [Statement], programHeaders: [SpannedName], fill: ExpressionID?,
    span: SourceSpan
  ) {
    self.name = name
    self.body = body
    self.programHeaders = programHeaders
    self.fill = fill
    self.span = span
  }
}

/// `OVERLAY start : { ... }`: sections that share an address.
public struct OverlayDescription: Sendable {
  /// The start address.
  public var address: ExpressionID?
  /// Whether `NOCROSSREFS` was given.
  public var forbidsCrossReferences: Bool
  /// `AT(lma)`
  public var loadAddress: ExpressionID?
  /// `SUBALIGN(n)`
  public var subalignment: ExpressionID?
  /// The sections, in order of load address.
  public var members: [OverlayMember]
  /// What stands after the closing brace.
  public var tail: OutputSectionTail

  /// An overlay; the rest is filled in as it is read.
  public init(members: [OverlayMember] = []) {
    address = nil
    forbidsCrossReferences = false
    loadAddress = nil
    subalignment = nil
    self.members = members
    tail = OutputSectionTail()
  }
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

/// One statement of a script, at any level.
public struct Statement: Sendable {
  /// What kind of statement it is, with its parts.
  public enum Kind: Sendable {
    /// `x = e`
    case assignment(Assignment)
    /// `ASSERT(e, "message")`
    case assertion(Assertion)
    /// `ENTRY(symbol)`
    case entry(SpannedName)
    /// `SECTIONS { ... }`
    case sections([Statement])
    /// `MEMORY { ... }`
    case memory([MemoryRegion])
    /// `PHDRS { ... }`
    case programHeaders([ProgramHeaderDescription])
    /// `VERSION { ... }`
    case version([VersionNode])
    /// `.text : { ... }`
    case outputSection(OutputSectionDescription)
    /// `OVERLAY ... { ... }`
    case overlay(OverlayDescription)
    /// `GROUP ... : { ... }` directly inside SECTIONS: its parts in order.
    case sectionGroup([Statement])
    /// `*(.text)` and the like inside an output section.
    case inputSections(InputSectionDescription)
    /// `BYTE(e)` .. `SQUAD(e)`
    case data(DataWidth, ExpressionID)
    /// `FILL(e)`
    case fill(ExpressionID)
    /// `ASCIZ "text"` (2.41+)
    case ascii(SpannedName)
    /// `LINKER_VERSION` (2.41+)
    case linkerVersion
    /// `CONSTRUCTORS`; true for `SORT(CONSTRUCTORS)`.
    case constructors(sorted: Bool)
    /// `CREATE_OBJECT_SYMBOLS`
    case createObjectSymbols
    /// `INPUT(...)`, or `GROUP(...)` when `isGroup`; `LIB(...)` reads as INPUT.
    case input([InputFile], isGroup: Bool)
    /// `INCLUDE file` with what it held; empty if the file could not be opened.
    case include(SpannedName, [Statement])
    /// A command of names.
    case names(NameCommand, [SpannedName])
    /// A command without operands.
    case bare(BareCommand)
    /// A lone `;`.
    case empty
  }

  /// What it is.
  public var kind: Kind
  /// Its whole text without the separator after it.
  public var span: SourceSpan

  /// A statement of `kind` at `span`.
  public init(_ kind: Kind, span: SourceSpan) {
    self.kind = kind
    self.span = span
  }
}
