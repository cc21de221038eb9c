// Sizes that a page-table entry can map: 4 KiB, 2 MiB, 1 GiB and their relatives.

import LdsParser

/// A page size: a power of two.
public struct PageSize: Hashable, Sendable, Comparable {
  /// Binary logarithm of the size in bytes, at most 63.
  public let shift: UInt8

  /// The page of `1 << shift` bytes.
  public init(shift: UInt8) {
    self.shift = min(shift, 63)
  }

  /// The page of `bytes` bytes; nil unless that is a power of two.
  public init?(bytes: UInt64) {
    guard bytes != 0, bytes & (bytes &- 1) == 0 else { return nil }
    shift = UInt8(truncatingIfNeeded: bytes.trailingZeroBitCount)
  }

  /// The size that `text` spells as configuration files do: `4K`, `2M`, `1G`, `0x1000` or `4096`.
  public init?(_ text: String) {
    guard let bytes = Self.number(text) else { return nil }
    self.init(bytes: bytes)
  }

  /// 4 KiB.
  public static let size4K = PageSize(shift: 12)
  /// 2 MiB, the superpage of x86-64.
  public static let size2M = PageSize(shift: 21)
  /// 1 GiB.
  public static let size1G = PageSize(shift: 30)

  /// The size in bytes.
  public var bytes: UInt64 { 1 << UInt64(shift) }

  /// The bits of an address inside a page.
  public var mask: UInt64 { bytes &- 1 }

  /// Whether `address` is the start of a page.
  public func isAligned(_ address: UInt64) -> Bool { address & mask == 0 }

  /// The start of the page that holds `address`.
  public func floor(_ address: UInt64) -> UInt64 { address & ~mask }

  /// The first page start at or after `address`; 0 past the top of the address space.
  public func ceiling(_ address: UInt64) -> UInt64 { (address &+ mask) & ~mask }

  /// Smaller pages first.
  public static func < (left: PageSize, right: PageSize) -> Bool { left.shift < right.shift }

  /// The number that `text` spells, with K, M, G or T after it for the binary multiples.
  public static func number(_ text: String) -> UInt64? {
    NumberText.bytes(text)
  }
}

extension PageSize: CustomStringConvertible {
  /// `4K`, `2M`, `1G`, `32M`.
  public var description: String { ByteCountText.short(bytes) }
}

/// Byte counts as people write them.
public enum ByteCountText {
  private static let units: [(UInt64, String)] = [
    (1 << 50, "P"), (1 << 40, "T"), (1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K"),
  ]

  /// Exact in the largest unit that divides it: `2M`, `1224K`, `20` for 20 bytes.
  public static func short(_ bytes: UInt64) -> String {
    for (unit, letter) in units where bytes != 0 && bytes % unit == 0 {
      return "\(bytes / unit)\(letter)"
    }
    return "\(bytes)"
  }

  /// For people, with one digit after the point: `3.9 MiB`, `12 KiB`, `20 bytes`.
  public static func readable(_ bytes: UInt64) -> String {
    for (unit, letter) in units where bytes >= unit {
      let tenths = (bytes / unit) &* 10 &+ (bytes % unit) / (unit / 10 + 1)
      let fraction = tenths % 10
      return "\(tenths / 10)" + (fraction == 0 ? "" : ".\(fraction)") + " \(letter)iB"
    }
    return bytes == 1 ? "1 byte" : "\(bytes) bytes"
  }
}

/// Addresses as every report writes them.
public func hexadecimal(_ value: UInt64) -> String {
  "0x" + String(value, radix: 16)
}
