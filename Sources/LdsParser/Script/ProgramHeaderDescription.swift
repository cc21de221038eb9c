// One entry of PHDRS: `text PT_LOAD FILEHDR PHDRS AT(0x1000) FLAGS(5);`.

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
