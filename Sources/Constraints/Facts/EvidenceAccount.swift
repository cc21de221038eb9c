// How much the files of an image tell, where they may tell more or less of one thing.

/// How an image shows addresses, with which linkers calculate in 64 bits.
public enum AddressForm: Sendable, Hashable {
  /// Whole.
  case whole
  /// The lower half of them.
  case lowerHalf
  /// The lower half, of 32-bit MIPS, where the linker may have had copies of the sign above.
  case signExtended
  /// Nothing tells but a symbol listing, whose columns are narrow (8 digits) or not: nm shows addresses of MIPS that it
  /// has sign-extended with 16.
  case listed(isNarrow: Bool)

  /// Whether the image keeps only the lower half of a value.
  public var is32Bit: Bool {
    switch self {
    case .whole: false
    case .lowerHalf, .signExtended: true
    case .listed(let isNarrow): isNarrow
    }
  }
}

/// Which output sections files list.
public enum SectionAccount: Sendable, Hashable {
  /// None, or not all that are in the image.
  case some
  /// All that are in the image.
  case image
  /// All of the link, those that were dropped as empty ones: a map of GNU ld.
  case link
}

/// Which symbols files list.
public enum SymbolAccount: Sendable, Hashable, Comparable {
  /// Some.
  case some
  /// Those that the script defined among them: a PROVIDE whose symbol is not there was not applied.
  case scripts
  /// All: what is not there is undefined. An account by hand; no image gives one, since symbols of discarded sections
  /// are in none.
  case all
}
