// The one model behind every kind of evidence: what a linker made, as far as one file tells it.

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

/// What one file says of an image.
public struct Image: Sendable {
  /// The file.
  public var path: FilePath
  /// Its kind.
  public var kind: ImageKind
  /// Symbols in file order.
  public var symbols: SymbolTable
  /// Output sections in file order.
  public var outputSections: [OutputSectionRecord]
  /// Input sections in file order; only maps have them.
  public var inputSections: [InputSectionRecord]
  /// Program headers; only ELF files have them.
  public var segments: [SegmentRecord]
  /// Memory regions without `*default*`; only GNU maps have them.
  public var regions: [RegionRecord]
  /// The statement part of a map, in order.
  public var statements: [MapStatement]
  /// Names used by `statements`.
  public var names: NameTable
  /// Expressions used by `statements`; their spans point into the map.
  public var expressions: ExpressionTable
  /// The sources that spans point into: the file itself as source 0.
  public var sources: SourceSet
  /// Whether addresses have 32 bits; nil where the evidence does not tell.
  public var is32Bit: Bool?
  /// ELF or COFF machine number; nil where the evidence does not tell.
  public var machine: UInt16?
  /// Whether it is a relocatable object and not a linked image.
  public var isRelocatable: Bool
  /// Entry point, nil where the evidence does not tell.
  public var entry: UInt64?
  /// PE image base.
  public var imageBase: UInt64?
  /// PE section alignment in bytes.
  public var sectionAlignment: UInt64?
  /// PE file alignment in bytes.
  public var fileAlignment: UInt64?
  /// Lines of a map that fitted no known form.
  public var unknownLineCount: Int
  /// Oddities that do not stop the reading.
  public var diagnostics: [Diagnostic]

  /// An image about which nothing is known yet but its file.
  public init(buffer: SourceBuffer, kind: ImageKind) {
    path = buffer.path
    self.kind = kind
    symbols = SymbolTable(names: buffer)
    outputSections = []
    inputSections = []
    segments = []
    regions = []
    statements = []
    names = NameTable()
    expressions = ExpressionTable()
    sources = SourceSet()
    is32Bit = nil
    machine = nil
    isRelocatable = false
    entry = nil
    imageBase = nil
    sectionAlignment = nil
    fileAlignment = nil
    unknownLineCount = 0
    diagnostics = []
  }
}

/// What a reader is asked for; parts that nobody needs are skipped where that saves time.
public struct ImageParts: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8

  /// Parts from their bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Symbols.
  public static let symbols = ImageParts(rawValue: 1)
  /// Output sections, segments and regions.
  public static let sections = ImageParts(rawValue: 2)
  /// Input sections.
  public static let inputSections = ImageParts(rawValue: 4)
  /// Assignments, ASSERTs and the order of statements.
  public static let statements = ImageParts(rawValue: 8)
  /// Everything.
  public static let all: ImageParts = [.symbols, .sections, .inputSections, .statements]
}
