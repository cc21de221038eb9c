// Output sections: `.text 0x1000 (NOLOAD) : AT(0x2000) { *(.text) } >ram AT>rom :code =0x90`.

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
