// A GNU ld or lld map as the linker's own account of the script: what it read, in order, with the value
// that it printed beside each statement.

/// The value column of an assignment or ASSERT line (ld-semantics 6.6).
public enum PrintedValue: Sendable, Hashable {
  /// `0x...`
  case value(UInt64)
  /// `[0x...]`: final value of a symbol that the script refers to before it assigns it.
  case selfReference(UInt64)
  /// `[!provide]`
  case notProvided
  /// `*undef*`
  case undefined
  /// `[unresolved]`
  case unresolved
  /// The map prints no value (lld).
  case none
}

/// One line of the statement part of a map.
public struct MapStatement: Sendable {
  /// What the line is.
  public enum Kind: Sendable {
    /// An output section: its index in ``Image/outputSections``.
    case outputSection(Int)
    /// An input section: its index in ``Image/inputSections``.
    case inputSection(Int)
    /// Padding of `size` bytes at `address`.
    case fill(address: UInt64, size: UInt64)
    /// The last input section or padding before another statement, of a map that was read without input
    /// sections: where the location counter is.
    case contents(address: UInt64, size: UInt64)
    /// `BYTE` .. `SQUAD` at `address`: the whole 64-bit value and the expression, as far as printed.
    case data(DataWidth, address: UInt64, value: UInt64?, expression: ExpressionID?)
    /// An assignment with the value printed beside it.
    case assignment(Assignment, PrintedValue)
    /// An ASSERT with the value printed beside it.
    case assertion(Assertion, PrintedValue)
    /// A pattern of input sections, or another word that stands in an output section only: FILL, CONSTRUCTORS.
    case pattern
    /// An ASSERT of which the map shows the place alone (lld).
    case unnamedAssertion
  }

  /// What it is.
  public var kind: Kind
  /// Offset of the line in the map.
  public var offset: UInt32
  /// In lld maps, the location counter before the statement.
  public var locationCounter: UInt64?
  /// In lld maps, how far the statement moves it.
  public var advance: UInt64 = 0

  /// A statement of `kind` on the line at `offset`.
  public init(
    _ kind: Kind, offset: UInt32, locationCounter: UInt64? = nil, advance: UInt64 = 0
  ) {
    self.kind = kind
    self.offset = offset
    self.locationCounter = locationCounter
    self.advance = advance
  }
}
