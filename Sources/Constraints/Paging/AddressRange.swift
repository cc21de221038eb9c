// Ranges of addresses: half-open, and aware that an address space ends.

/// The `byteCount` bytes from `start` on, counted modulo 2^64.
///
/// The last byte may be the last of the address space (`end` is then 0), and a range may go on at address
/// 0 after it. A range of all 2^64 bytes cannot be said; nothing maps that.
public struct AddressRange: Hashable, Sendable {
  /// Address of the first byte.
  public var start: UInt64
  /// Number of bytes.
  public var byteCount: UInt64

  /// The `byteCount` bytes from `start` on.
  public init(start: UInt64, byteCount: UInt64) {
    self.start = start
    self.byteCount = byteCount
  }

  /// The bytes from `start` up to and without `end`; it wraps if `end` is below `start`.
  public init(start: UInt64, end: UInt64) {
    self.init(start: start, byteCount: end &- start)
  }

  /// Address after the last byte; 0 when the last byte is the last of the address space.
  public var end: UInt64 { start &+ byteCount }

  /// Address of the last byte; meaningless for an empty range.
  public var last: UInt64 { end &- 1 }

  /// Whether there is no byte in it.
  public var isEmpty: Bool { byteCount == 0 }

  /// Whether it goes on at address 0 after the last address.
  public var wraps: Bool { !isEmpty && last < start }

  /// Whether `address` is in it.
  public func contains(_ address: UInt64) -> Bool { address &- start < byteCount }

  /// Whether every byte of `other` is in it.
  public func contains(_ other: AddressRange) -> Bool {
    let offset = other.start &- start
    return offset <= byteCount && other.byteCount <= byteCount &- offset
  }

  /// Whether the two have a byte in common.
  public func overlaps(_ other: AddressRange) -> Bool {
    !isEmpty && !other.isEmpty && (contains(other.start) || other.contains(start))
  }

  /// The common bytes as seen from this range: the first run of them where, with wrap-around, there are
  /// two; empty where there is none.
  public func intersection(_ other: AddressRange) -> AddressRange {
    guard overlaps(other) else { return AddressRange(start: start, byteCount: 0) }
    let first = contains(other.start) && !other.contains(start) ? other.start : start
    let mine = byteCount &- (first &- start)
    let theirs = other.byteCount &- (first &- other.start)
    return AddressRange(start: first, byteCount: min(mine, theirs))
  }

  /// Grown outwards to whole pages of `size`.
  public func rounded(to size: PageSize) -> AddressRange {
    guard !isEmpty else { return AddressRange(start: size.floor(start), byteCount: 0) }
    return AddressRange(start: size.floor(start), end: size.ceiling(end))
  }

  /// Number of pages of `size` that hold a byte of it.
  public func pageCount(_ size: PageSize) -> UInt64 {
    guard !isEmpty else { return 0 }
    let highest = UInt64.max >> UInt64(size.shift)
    return (((last >> UInt64(size.shift)) &- (start >> UInt64(size.shift))) & highest) &+ 1
  }

  /// The same bytes without wrap-around: one range, or two that meet at address 0.
  var unwrapped: [AddressRange] {
    guard wraps, end != 0 else { return isEmpty ? [] : [self] }
    return [AddressRange(start: start, end: 0), AddressRange(start: 0, end: end)]
  }
}

extension AddressRange: CustomStringConvertible {
  /// `[0x1000, 0x2000)`.
  public var description: String { "[\(hexadecimal(start)), \(hexadecimal(end)))" }
}
