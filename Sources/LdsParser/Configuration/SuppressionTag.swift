// The names of Xen's tags for static analysers: SAF-12-safe (xen/docs/misra/documenting-violations.rst).

/// A tag as it stands in a comment or a database.
public struct SuppressionTag: Sendable, Hashable {
  /// What the tag says of the finding.
  public enum Kind: Sendable, Hashable {
    /// `SAF-<n>-safe`: found, looked at, harmless.
    case safe
    /// `SAF-<n>-false-positive-lds-check`: a mistake of this program.
    case falsePositive
  }

  /// The number, which Xen never gives to another tag.
  public var number: Int
  /// What it says.
  public var kind: Kind

  /// The tag at the start of `bytes`, which a blank or the end has to follow. Nil for other text and for
  /// false positives of other tools.
  public init?(_ bytes: some Collection<UInt8>) {
    let word = bytes.prefix { $0 > 0x20 && $0 != UInt8(ascii: "*") }
    guard word.starts(with: "SAF-".utf8) else { return nil }
    let digits = word.dropFirst(4).prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty, digits.count <= 9, digits.count == 1 || digits.first != 0x30 else {
      return nil
    }
    let rest = word.dropFirst(4 + digits.count)
    if rest.elementsEqual("-safe".utf8) {
      kind = .safe
    } else if rest.elementsEqual("-false-positive-lds-check".utf8) {
      kind = .falsePositive
    } else {
      return nil
    }
    number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
