// What an ASSERT is about, behind the way it is written: `!(x & 0x1fffff)` says that x is a multiple of 2M.

public import LdsParser

/// A comparison with room on one side: `value <= limit`. Where the value is a number and the limit is not, it asks for
/// that much: a lower bound.
public struct ClaimedBound: Sendable, Hashable {
  /// What must not be larger.
  public var value: ExpressionID
  /// What it is compared with.
  public var limit: ExpressionID
  /// Whether the two may not be equal either.
  public var isStrict: Bool
}

/// What a condition claims.
public indirect enum AssertionClaim: Sendable, Hashable {
  /// A value is a multiple of a number: `!(x & (2^k - 1))`, `x % n == 0`, `x == ALIGN(x, n)`,
  /// `x == (x & ~(2^k - 1))`; `measure` is the mask, the divisor or the second operand of ALIGN. Of `!((a | b) & mask)` each
  /// operand is one.
  case alignment(of: ExpressionID, to: UInt64, measure: ExpressionID)
  /// Bits that are no alignment are clear: `(x & mask) == 0`.
  case clearBits(of: ExpressionID, mask: UInt64)
  /// A size or address stays below a limit: `end - start <= N`.
  case bound(ClaimedBound)
  /// One place does not come after another: `a <= b`.
  case order(ClaimedBound)
  /// A value is 0 or a power of two: `(x & (x - 1)) == 0`.
  case powerOfTwo(ExpressionID)
  /// An output section has no contents: `!SIZEOF(.s)`.
  case emptiness(NameID)
  /// Two values are equal.
  case equality(ExpressionID, ExpressionID)
  /// All of these.
  case all([AssertionClaim])
  /// One of these.
  case any([AssertionClaim])
  /// None of the known shapes.
  case other

  /// Short stable name of the shape.
  public var name: String {
    switch self {
    case .alignment: "alignment"
    case .clearBits: "clear-bits"
    case .bound: "bound"
    case .powerOfTwo: "power-of-two"
    case .order: "order"
    case .emptiness: "emptiness"
    case .equality: "equality"
    case .all: "all"
    case .any: "any"
    case .other: "other"
    }
  }
}
