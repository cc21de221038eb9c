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
  public var displayName: String { row.name }

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
  public var rank: Int { row.rank }

  /// Whether it is the map of a linker.
  public var isMap: Bool { row.isMap }

  /// Whether symbols that are local to an object stand in it among the others, unmarked.
  var listsLocals: Bool { self == .lldMap || self == .moldMap }

  /// The linker that writes it, where its rules are known.
  public var linker: LinkerDialect? { row.linker }

  /// Whether files of this kind tell `what`.
  public func tells(_ what: LinkAccount) -> Bool { row.tells.isSuperset(of: what) }

  /// What is to be known of a kind; a new one is a case and a row.
  private var row: Row {
    switch self {
    case .elf: Row("ELF file", rank: 0, tells: [.everySection, .scriptSymbols, .loadAddresses])
    case .pe: Row("PE file", rank: 0, tells: [.scriptSymbols, .loadAddresses])
    case .gnuMap:
      Row(
        "GNU ld map", rank: 1, mapOf: .bfd,
        tells: [
          .statements, .everyInput, .everySection, .droppedSections, .objectSymbols, .scriptSymbols,
          .loadAddresses,
        ])
    case .lldMap: Row("lld map", rank: 2, mapOf: .lld, tells: .everySection)
    case .goldMap: Row("gold map", rank: 2, mapOf: nil, tells: [.scriptSymbols, .loadAddresses])
    case .moldMap: Row("mold map", rank: 2, mapOf: nil, tells: [.scriptSymbols, .loadAddresses])
    case .nm: Row("symbol listing", rank: 3, tells: [.scriptSymbols, .loadAddresses])
    case .xenSymbols: Row("Xen symbol map", rank: 4, tells: [.scriptSymbols, .loadAddresses])
    }
  }

  /// Whether it is the linked file itself, or an object.
  public var isBinary: Bool { self == .elf || self == .pe }
}

/// What a kind of file tells of the link that it is about, beside sections and symbols.
public struct LinkAccount: OptionSet, Sendable {
  /// One bit each.
  public let rawValue: UInt8

  /// The things with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The statements of the script as they were linked: patterns, and the values that the linker printed beside
  /// assignments and ASSERTs.
  public static let statements = LinkAccount(rawValue: 1)
  /// Every input section by the name that patterns saw, the discarded ones among them.
  public static let everyInput = LinkAccount(rawValue: 2)
  /// Every output section that takes room in memory, by the linker's name for it.
  public static let everySection = LinkAccount(rawValue: 4)
  /// Output sections that the linker dropped, as empty ones, and symbols in them.
  public static let droppedSections = LinkAccount(rawValue: 8)
  /// Every global symbol of an object that is in a section.
  public static let objectSymbols = LinkAccount(rawValue: 16)
  /// Symbols that the script sets.
  public static let scriptSymbols = LinkAccount(rawValue: 32)
  /// The load addresses of empty sections as LOADADDR has them, if it tells load addresses.
  public static let loadAddresses = LinkAccount(rawValue: 64)
}

extension ImageKind {
  private struct Row {
    var name: String
    var rank: Int
    var isMap: Bool
    var linker: LinkerDialect?
    var tells: LinkAccount

    init(_ name: String, rank: Int, tells: LinkAccount) {
      (self.name, self.rank, self.tells) = (name, rank, tells)
      (isMap, linker) = (false, nil)
    }

    /// The map of a linker.
    init(_ name: String, rank: Int, mapOf linker: LinkerDialect?, tells: LinkAccount) {
      (self.name, self.rank, self.tells) = (name, rank, tells)
      (isMap, self.linker) = (true, linker)
    }
  }
}
