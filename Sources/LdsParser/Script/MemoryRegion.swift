// One line of MEMORY: `rom (rx) : ORIGIN = 0, LENGTH = 256K`.

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
