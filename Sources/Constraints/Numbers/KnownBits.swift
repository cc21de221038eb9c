// Which bits of an unknown number are known: `0x…00000` for an address aligned to 1 MiB. After LLVM's
// KnownBits (llvm/lib/Support/KnownBits.cpp), of which the carry rule is the heart.

/// What is known of each bit of a 64-bit number.
package struct KnownBits: Sendable, Hashable {
  /// The known bits.
  package private(set) var mask: UInt64
  /// Their values; 0 where nothing is known.
  package private(set) var value: UInt64

  /// The bits of `mask` are known to be those of `value`.
  package init(mask: UInt64, value: UInt64) {
    self.mask = mask
    self.value = value & mask
  }

  /// Every bit of `value`.
  package init(_ value: UInt64) {
    self.init(mask: .max, value: value)
  }

  /// Nothing.
  package static let none = KnownBits(mask: 0, value: 0)

  /// The least number with these bits.
  package var least: UInt64 { value }
  /// The largest number with these bits.
  package var most: UInt64 { value | ~mask }
  /// The number, if every bit is known.
  package var exact: UInt64? { mask == .max ? value : nil }
  /// How many of the lowest bits are known to be 0; 64 for the number 0.
  package var trailingZeros: Int { (~mask | value).trailingZeroBitCount }

  /// The lowest `count` bits are 0, and nothing else is known.
  package static func zeros(_ count: Int) -> KnownBits {
    KnownBits(mask: count >= 64 ? .max : (1 << UInt64(count)) &- 1, value: 0)
  }

  /// What is known in both cases.
  package func joined(_ other: KnownBits) -> KnownBits {
    KnownBits(mask: mask & other.mask & ~(value ^ other.value), value: value)
  }

  /// What both say of the same number.
  package func met(_ other: KnownBits) -> KnownBits {
    KnownBits(mask: mask | other.mask, value: value | other.value)
  }

  /// Whether both can be the same number.
  package func isCompatible(_ other: KnownBits) -> Bool {
    mask & other.mask & (value ^ other.value) == 0
  }

  package static prefix func ~ (bits: KnownBits) -> KnownBits {
    KnownBits(mask: bits.mask, value: ~bits.value)
  }

  package static func & (left: KnownBits, right: KnownBits) -> KnownBits {
    let zeros = (left.mask & ~left.value) | (right.mask & ~right.value)
    let ones = left.value & right.value
    return KnownBits(mask: zeros | ones, value: ones)
  }

  package static func | (left: KnownBits, right: KnownBits) -> KnownBits {
    ~(~left & ~right)
  }

  package static func ^ (left: KnownBits, right: KnownBits) -> KnownBits {
    KnownBits(mask: left.mask & right.mask, value: left.value ^ right.value)
  }

  package static func + (left: KnownBits, right: KnownBits) -> KnownBits {
    sum(left, right, carry: 0)
  }

  package static func - (left: KnownBits, right: KnownBits) -> KnownBits {
    sum(left, ~right, carry: 1)
  }

  package static func * (left: KnownBits, right: KnownBits) -> KnownBits {
    if let one = left.exact, let other = right.exact { return KnownBits(one &* other) }
    return zeros(min(left.trailingZeros + right.trailingZeros, 64))
  }

  package static func << (bits: KnownBits, count: UInt64) -> KnownBits {
    let shifted = KnownBits(mask: bits.mask &<< count, value: bits.value &<< count)
    return shifted.met(zeros(Int(count & 63)))
  }

  package static func >> (bits: KnownBits, count: UInt64) -> KnownBits {
    let top = ~(UInt64.max &>> count)
    return KnownBits(mask: (bits.mask &>> count) | top, value: bits.value &>> count)
  }

  /// A bit of a sum is known where both bits and the carry into them are; the carry is known where the
  /// least and the largest possible sum agree on it.
  private static func sum(_ left: KnownBits, _ right: KnownBits, carry: UInt64) -> KnownBits {
    let least = left.least &+ right.least &+ carry
    let most = left.most &+ right.most &+ carry
    let carriesAlways = least ^ left.least ^ right.least
    let carriesEver = most ^ left.most ^ right.most
    let known = left.mask & right.mask & ~(carriesAlways ^ carriesEver)
    return KnownBits(mask: known, value: least)
  }
}
