// The one model behind every kind of evidence: what a linker made, as far as one file tells it.

/// What the header of a PE image promises to who loads it (PE Format, "Optional Header Windows-Specific Fields").
public struct PEPromises: Sendable, Hashable {
  /// `SizeOfImage`: bytes that the image takes in memory.
  public var sizeOfImage: UInt64
  /// `Subsystem`: 10 to 13 for EFI.
  public var subsystem: UInt16
  /// `DllCharacteristics`.
  public var characteristics: UInt16

  /// What a header says.
  public init(sizeOfImage: UInt64, subsystem: UInt16, characteristics: UInt16) {
    self.sizeOfImage = sizeOfImage
    self.subsystem = subsystem
    self.characteristics = characteristics
  }

  /// `IMAGE_DLLCHARACTERISTICS_NX_COMPAT`: what is not code need not be executable.
  public var isNXCompatible: Bool { characteristics & 0x100 != 0 }
  /// Whether firmware loads it: an EFI application, driver or ROM.
  public var isForFirmware: Bool { (10...13).contains(subsystem) }
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
  /// What input sections had before the linker relaxed or merged them, by index in ``inputSections``; only GNU maps
  /// tell, and only of those whose size changed.
  public var sizesBeforeRelaxing: [Int: UInt64] = [:]
  /// Input sections of which a GNU map lists a size before; also where ``inputSections`` was not asked for.
  package var resizedInputs: [InputSectionRecord] = []
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
  /// The format that the linker wrote, by its name in BFD (`elf64-x86-64`), as the last line of a GNU ld map tells; nil
  /// for other files.
  public var outputFormat: [UInt8]?
  /// ELF or COFF machine number; nil where the evidence does not tell.
  public var machine: UInt16?
  /// The bit of a symbol's value that is no part of its address: maps of lld and gold have it set for functions of
  /// Thumb, MIPS16 and microMIPS, nm and GNU ld do not.
  var instructionBit: UInt64 {
    machine == ELF.machineARM || machine == ELF.machineMIPS ? 1 : 0
  }
  /// Whether it is the linker's account of a PE link, which rounds sizes and cuts names after the ASSERTs were judged: the
  /// linker's own symbol for such links stands in it.
  package var isMapOfPE: Bool {
    kind.tells(.statements) && names.find("__file_alignment__") != nil
  }
  /// Whether it is such an account for i386, in which names stand without the underscore that C puts in front; those that
  /// the linker makes itself have it. (Some releases print the addresses of such a link with 16 digits.)
  package var cutsUnderscores: Bool {
    isMapOfPE && (is32Bit == true || names.find("___ImageBase") != nil)
  }
  /// What the file tells of the linker that made it; nil if nothing.
  public var linker: LinkerEvidence?
  /// Whether thread-local symbols count from a section that the file does not have: GNU ld leaves out an empty one at the
  /// start of the template, and gives its symbols to a section beside it.
  var losesThreadLocalStart = false
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
  /// What the header of a PE image promises to who loads it; nil for other files.
  public var promises: PEPromises?
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
    linker = nil
    isRelocatable = false
    entry = nil
    imageBase = nil
    sectionAlignment = nil
    promises = nil
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
