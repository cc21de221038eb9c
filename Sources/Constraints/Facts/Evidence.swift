// What the files given for one image say about the names of a program: the facts that an exact evaluation
// starts from.

public import LdsParser

/// Facts about one image, from one file or several that complete each other.
public struct Evidence: Sendable {
  /// An output section of the image.
  public struct Section: Sendable, Hashable {
    /// The name's bytes.
    public var name: [UInt8]
    /// Address; nil where the evidence does not tell.
    public var vma: UInt64?
    /// Load address; nil where the evidence does not tell.
    public var lma: UInt64?
    /// Size in bytes; nil where the evidence does not tell.
    public var size: UInt64?
    /// Alignment in bytes; nil where the evidence does not tell.
    public var alignment: UInt64?
    /// Flags; nil where the evidence does not tell.
    public var flags: SectionFlags?
    /// Whether a map lists nothing in it but what is called thread-local zeros, which take no room whatever the output
    /// section is called.
    public var isThreadLocalByRows = false
    /// Whether the linker may have known it as thread-local, if the image says so: a segment for those holds it.
    public var isOfThreadSegment = true
    /// Whether the linker wrote it anew behind the script, so that a map prints another size than expressions saw:
    /// attributes of objects, which are merged.
    public var isResized = false
    /// Whether it is loaded by a segment that has bytes in the file: tools behind the link give others new load addresses.
    public var isLoadedWithBytes = true
    /// Whether segments that hold its address load it at different addresses: tools behind the link may have moved it from
    /// one to the other.
    public var isLoadDisputed = false
    /// Who made it; nil where the evidence does not tell.
    public var maker: SectionMaker?
    /// For an orphan that a map lists behind a section of the script which was dropped: that section of the program.
    public var droppedHost: Int?
    /// Whether a map is what tells its load address.
    public var isLoadListed = false
    /// Index of the file that lists it in ``Evidence/files``; others may have filled in what it leaves out.
    public var file: Int

    /// Where it ends, modulo 2^64; nil where the evidence does not tell.
    var end: UInt64? {
      guard let vma, let size else { return nil }
      return vma &+ size
    }

    /// A section with what is known of it.
    public init(
      name: [UInt8], vma: UInt64?, lma: UInt64? = nil, size: UInt64?, alignment: UInt64? = nil,
      flags: SectionFlags? = nil, file: Int = 0
    ) {
      self.name = name
      self.vma = vma
      self.lma = lma
      self.size = size
      self.alignment = alignment
      self.flags = flags
      self.file = file
    }
  }

  /// Where a symbol of the image is.
  public enum Place: Sendable, Hashable {
    /// In the output section with this index in ``Evidence/sections``.
    case section(Int)
    /// In some output section; its nm letter in lower case, 0 if not known.
    case someSection(letter: UInt8)
    /// Absolute.
    case absolute
    /// Absolute or in a section: the evidence does not tell.
    case unknown
    /// Referenced and not defined.
    case undefined
  }

  /// A symbol of the image.
  public struct Symbol: Sendable, Hashable {
    /// Its address, or the number of an absolute symbol.
    public var address: UInt64
    /// Where it is.
    public var place: Place
    /// Index of the file that says so in ``Evidence/files``.
    public var file: Int
    /// Whether lld's value has bit 0 set besides: a function of Thumb, MIPS16 or microMIPS.
    public var hasInstructionBit = false
    /// Whether it may be local to an object, and not defined to the linker's expressions.
    public var mayBeLocal = false
    /// Whether its number is an offset in a thread-local block if an object defines it, and not the script.
    public var isOffsetOfObject = false

    /// A symbol at `address`.
    public init(address: UInt64, place: Place, file: Int) {
      self.address = address
      self.place = place
      self.file = file
    }
  }

  /// What two files say of one load address.
  public struct ContraryLoads: Sendable, Hashable {
    /// The load addresses.
    public var first, second: UInt64
    /// Indices of the files that give them in ``Evidence/files``.
    public var files: [Int]
  }

  /// A memory region.
  public struct Region: Sendable, Hashable {
    /// Its first address.
    public var origin: UInt64
    /// Its size in bytes.
    public var length: UInt64
    /// Index of the file that says so in ``Evidence/files``.
    public var file: Int
  }

  /// The files, in the order given.
  public var files: [FilePath] = []
  /// Their kinds, in the same order.
  public var kinds: [ImageKind] = []
  /// Whether the linker wrote an ELF file, as far as the files tell.
  public var isELF = false
  /// Whether the linker may have found more code in its first passes than it wrote.
  var mayRelax = false
  /// How addresses are shown.
  public var addressForm = AddressForm.listed(isNarrow: false)
  /// Whether the image keeps only the lower half of a value.
  public var is32Bit: Bool { addressForm.is32Bit }
  /// Symbols by name.
  public var symbols: [[UInt8]: Symbol] = [:]
  /// Output sections in the image's order; empty where no file tells.
  public var sections: [Section] = []
  /// Whether sizes were rounded after the ASSERTs were judged, as in the map of a PE link (6.8, case 7);
  /// those of sections that are not empty are left out then.
  public var hasRoundedSizes = false
  /// Sections that only a map beside an ELF image lists: the linker dropped them, or they were removed afterwards.
  public var absentSections: [[UInt8]: Section] = [:]
  /// Sections of the script that may be none of those in memory.
  public var unpromisedSections: Set<[UInt8]> = []
  /// Sections of the script that may be none of those in memory, so that an ELF image without them may have had them:
  /// `strip -g` and `objcopy -R` take such sections away.
  public var removableSections: Set<[UInt8]> = []
  /// Names of which a map of GNU ld beside the image lists more sections than the script has statements.
  var listedNamesakes: Set<[UInt8]> = []
  /// Whether tools behind the link made the segments of the image anew, so that its load addresses are not the linker's.
  var hasMisplacedSegments = false
  /// Load addresses that an image and a map beside it have of one section, where they differ.
  public var contraryLoads: [[UInt8]: ContraryLoads] = [:]
  /// Sections of which a map has the address that the image has: the linker put them there.
  public var confirmedStarts: Set<[UInt8]> = []
  /// Which output sections ``sections`` lists.
  public var sectionAccount = SectionAccount.some
  /// Whether a section that is missing from ``sections`` is not in the image.
  public var hasAllSections: Bool { sectionAccount != .some }
  /// Whether ``sections`` also lists sections that the linker dropped, as empty ones.
  public var listsDroppedSections: Bool { sectionAccount == .link }
  /// Which symbols ``symbols`` lists.
  public var symbolAccount = SymbolAccount.some
  /// Whether a symbol that is not listed is known to be undefined.
  public var hasAllSymbols: Bool { symbolAccount == .all }
  /// Whether ``symbols`` has what the script defined.
  public var hasScriptSymbols: Bool { symbolAccount >= .scripts }
  /// Size of file and program headers; nil where the evidence does not tell.
  public var headerSize: UInt64?
  /// Memory regions by name.
  public var regions: [[UInt8]: Region] = [:]
  /// Whether a region that ``regions`` does not have is not declared, so that a linker takes it for all memory; constraints
  /// stand outside of the script that declares them.
  public var hasAllRegions = true
  /// Whether the form in which the image leaves the build, and the linked file itself, are known.
  var knowsShippedImage = false
  /// Symbols known to be defined by objects, whatever the script does with them.
  public var objectSymbols: Set<[UInt8]> = []
  /// Where symbols are in the input sections of objects given beside the image.
  var objectOffsets: [[UInt8]: UInt64] = [:]
  /// Names of the sections of objects given beside the image.
  var objectSections: Set<[UInt8]> = []
  /// Sections of the script for which no object given beside the image has anything.
  var sectionsWithoutInputs: Set<[UInt8]> = []
  /// Names that the image has as local symbols only.
  public var localSymbols: Set<[UInt8]> = []
  /// Names that the image has as symbols of which it does not tell the value that expressions saw.
  var untoldSymbols: Set<[UInt8]> = []
  /// Numbers of a listing that may be addresses, or offsets in a thread-local block, and so tell no value.
  public var ambiguousNumbers: [[UInt8]: UInt64] = [:]
  /// Values of `CONSTANT(...)`, where known.
  public var constants: [String: UInt64] = [:]
  /// What is known of the link's command line.
  public var settings = LinkSettings()
  /// Addresses of input sections that a map of GNU ld lists with a size before, by index of the output section in
  /// ``sections``: strings or constants were merged in them.
  var mergedRows: [Int: [ClosedRange<UInt64>]] = [:]
  /// Where the location counter was at the statements of the program.
  var listedPlaces = ListedPlaces()

  /// No evidence.
  public init() {}

  /// The size of a section of the script that is not in ``sections``: 0 if the linker dropped it; nil if it may have
  /// been removed afterwards.
  func absentSize(_ name: [UInt8]) -> UInt64? {
    guard hasAllSections else { return nil }
    if let listed = absentSections[name] { return listed.size }
    if hasAllObjects, sectionsWithoutInputs.contains(name) { return 0 }
    return removableSections.contains(name) ? nil : 0
  }

  /// Whether the objects of the link, all of which are at hand, tell what is defined. Those for link-time optimisation do
  /// not: the linker makes others of them.
  var hasAllObjects: Bool {
    settings.hasAllObjects && !objectSections.contains { $0.starts(with: ".gnu.lto_".utf8) }
  }

  /// Whether no object of the link defines a symbol, and none of the linker's own can have the name: those are reserved to
  /// it, or make up for a script without sections.
  func isUndefinedByObjects(_ name: [UInt8], in program: Program) -> Bool {
    hasAllObjects && !objectSymbols.contains(name) && name.first != UInt8(ascii: "_")
      && !program.sections.isEmpty
  }

  /// Whether no object of the link has a section of the name, and the linker makes none.
  func isInNoObject(section name: [UInt8]) -> Bool {
    hasAllObjects && !objectSections.contains(name) && !SectionNames.mayBeOfLinker(name)
  }

  /// Whether an image that does not have a section of this name may have had one that was not in memory.
  func mayHaveLost(_ name: [UInt8]) -> Bool {
    kinds.contains(.elf) && absentSections[name] == nil && !SectionNames.promisesMemory(name)
  }
}
