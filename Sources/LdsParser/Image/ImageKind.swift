// The kinds of evidence, and everything that depends on the kind alone.

/// The kinds of file that describe a linked image.
public enum ImageKind: String, Sendable, CaseIterable {
  /// GNU ld `-Map`.
  case gnuMap = "gnu-map"
  /// lld `-Map`.
  case lldMap = "lld-map"
  /// gold `-Map`.
  case goldMap = "gold-map"
  /// mold `-Map`.
  case moldMap = "mold-map"
  /// nm in any of its formats, System.map included.
  case nm
  /// Xen's own symbol listing, `xen-syms.map`.
  case xenSymbols = "xen-symbols"
  /// ELF image or relocatable object.
  case elf
  /// PE/COFF image or object.
  case pe

  /// The kind for people.
  public var displayName: String {
    switch self {
    case .gnuMap: "GNU ld map"
    case .lldMap: "lld map"
    case .goldMap: "gold map"
    case .moldMap: "mold map"
    case .nm: "symbol listing"
    case .xenSymbols: "Xen symbol map"
    case .elf: "ELF file"
    case .pe: "PE file"
    }
  }

  /// How much a file of this kind says beside others of the same image; less is more. Every choice between
  /// files is made in this order, and so is the one that a report names an image by.
  ///
  /// 1. The image is what runs, and the one kind that knows the section of every symbol.
  /// 2. A map of GNU ld is the linker's own account of the same link: statements with their values, regions,
  ///    symbols of dropped sections. It has no absolute symbols of objects, and rounds sections of PE images
  ///    (ld-semantics 6.8, case 7).
  /// 3. Maps of other linkers list sections and symbols; what stands beside an assignment is no value there.
  /// 4. A listing of nm was made from the image and knows a symbol's class, but no section.
  /// 5. Xen's listing was made from that of nm and leaves absolute symbols out.
  public var rank: Int {
    switch self {
    case .elf, .pe: 0
    case .gnuMap: 1
    case .lldMap, .goldMap, .moldMap: 2
    case .nm: 3
    case .xenSymbols: 4
    }
  }

  /// Whether it is the map of a linker.
  public var isMap: Bool {
    switch self {
    case .gnuMap, .lldMap, .goldMap, .moldMap: true
    case .elf, .pe, .nm, .xenSymbols: false
    }
  }

  /// Whether it is the linked file itself, or an object.
  public var isBinary: Bool { self == .elf || self == .pe }
}
