// Releases of linkers: `2.40`, `19.1`.

/// A release of a linker.
public struct LinkerVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Major number, 2 for every GNU ld of interest.
  public var major: Int
  /// Minor number, such as 40.
  public var minor: Int

  /// Version `major.minor`.
  public init(_ major: Int, _ minor: Int = 0) {
    self.major = major
    self.minor = minor
  }

  /// The version in `2.44`, `19` or `2.40.50.20230625`; nil if `text` is none.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...5).contains(parts.count),
      parts.allSatisfy({ (1...9).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isDigit) }),
      let major = Int(parts[0])
    else { return nil }
    self.init(major, parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// `2.40`
  public var description: String { "\(major).\(minor)" }

  /// Older versions first.
  public static func < (left: LinkerVersion, right: LinkerVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
