// One statement of a linker script, and what several kinds of it share: what was written, in order, with the
// place of every part.

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
    /// `CLASS(name) { ... }` directly inside SECTIONS: input sections that ``classReference(_:)`` places (lld 20).
    case sectionClass(SpannedName, [Statement])
    /// `CLASS(name)` inside an output section.
    case classReference(SpannedName)
    /// `OVERWRITE_SECTIONS { ... }`: descriptions that take the place of others with their names (lld).
    case overwriteSections([Statement])
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

extension [Statement] {
  /// The statements as the linker comes to them: those of an included file in the place of its INCLUDE, those of files
  /// that it includes as well (ld manual, "Commands Dealing with Files").
  public var openingIncludes: [Statement] {
    let hasIncludes = contains { if case .include = $0.kind { true } else { false } }
    guard hasIncludes else { return self }
    return flatMap { statement in
      if case .include(_, let body) = statement.kind { body.openingIncludes } else { [statement] }
    }
  }
}
