// What a link by lld is made of while it is laid out, in lld's own terms: files, input sections, output sections with their
// commands, symbols (lld/ELF/InputFiles.h, InputSection.h, OutputSections.h, Symbols.h).

internal import LdsParser

/// An input file: an object, a member of an archive, or lld's own (`ctx.internalFile`).
final class LLDFile {
  let object: ObjectFile?
  /// The name that file patterns see: `lib.a:member.o` for a member.
  let name: [UInt8]
  /// The archive's name as on the command line.
  let archive: [UInt8]?
  /// `lib.a(member.o)`
  let label: [UInt8]
  /// Whether nothing of it is linked until a symbol of it is wanted.
  var isLazy: Bool
  let number: Int
  /// Its sections by their numbers; nil for what lld does not look at.
  var sections: [LLDInput?] = []
  /// What it promises of its code.
  var features: UInt32 = 0
  /// The sections of groups that are linked already, by their numbers.
  var discarded: Set<Int> = []

  init(
    _ object: ObjectFile?, member: [UInt8], archive: [UInt8]?, isLazy: Bool, number: Int
  ) {
    self.object = object
    self.archive = archive
    self.isLazy = isLazy
    self.number = number
    name = archive.map { $0 + [UInt8(ascii: ":")] + member } ?? member
    label = archive.map { $0 + [UInt8(ascii: "(")] + member + [UInt8(ascii: ")")] } ?? member
  }

  func section(numbered number: Int) -> LLDInput? {
    sections.indices.contains(number) ? sections[number] : nil
  }
}

/// An input section (`InputSectionBase`).
final class LLDInput {
  unowned let file: LLDFile
  let name: NameID
  /// As the object has it; nil for what lld makes.
  let record: ObjectSection?
  let type: UInt32
  let flags: UInt64
  let entrySize: UInt64
  var size: UInt64
  var alignment: UInt64
  /// Its place among all that were made.
  let number: Int
  var isLive = true
  /// Whether it stays although nothing may be in it (`SyntheticSection::isNeeded`).
  var isNeeded = true
  /// The output section that it went into.
  var parent: LLDOutput?
  /// Where it begins in its output section (`outSecOff`).
  var offset: UInt64 = 0
  /// The other members of its group, if garbage is collected by groups.
  var group: [LLDInput] = []
  /// Its strings or constants, if they are merged (`MergeInputSection`).
  var pieces: LLDPieces?
  /// Its records, if it is `.eh_frame` (`EhInputSection`).
  var frames: LLDFramePieces?
  /// What it is about, if it is ordered as that is (`getLinkOrderDep`).
  var partner: LLDInput?
  /// The sections that are about it (`dependentSections`).
  var dependents: [LLDInput] = []

  init(
    _ file: LLDFile, name: NameID, record: ObjectSection?, type: UInt32, flags: UInt64,
    entrySize: UInt64 = 0, size: UInt64, alignment: UInt64, number: Int
  ) {
    self.file = file
    self.name = name
    self.record = record
    self.type = type
    self.flags = flags
    self.entrySize = entrySize
    self.size = size
    self.alignment = alignment
    self.number = number
  }

  var isAllocated: Bool { flags & ObjectSection.Flag.allocate != 0 }
  /// The section that is written in its place: merged contents have one for many.
  var written: LLDInput { pieces?.merged ?? frames?.whole ?? self }
}

/// A command inside an output section.
enum LLDCommand {
  case inputs(LLDInputs)
  case assignment(LLDAssignment)
  case assertion(Assertion)
  case data(size: UInt64, value: ExpressionID?)
}

/// A command between output sections.
enum LLDTopCommand {
  case section(LLDOutput)
  case assignment(LLDAssignment)
  case assertion(Assertion)
  /// Behind the members of OVERLAY, which begin at one address: the end of the largest.
  case overlayEnd([LLDOutput])
}

/// `symbol = e`, or `. = e` (`SymbolAssignment`).
final class LLDAssignment {
  let assignment: Assignment
  /// When it was read, as DEFINED counts.
  let order: Int
  /// What it sets; nil for the location counter, and for a PROVIDE that nobody asked for.
  var symbol: LLDSymbol?
  /// Whether it still has to be asked for.
  var isProvide: Bool
  let endsRelro: Bool

  init(_ assignment: Assignment, order: Int, endsRelro: Bool) {
    self.assignment = assignment
    self.order = order
    self.endsRelro = endsRelro
    isProvide = assignment.kind.isProvide
  }
}

/// An output section (`OutputSection`).
final class LLDOutput: LLDRanked {
  let name: NameID
  let index: Int
  var type = ObjectSection.Kind.contents
  var flags: UInt64 = 0
  var alignment: UInt64 = 1
  var address: UInt64 = 0
  var size: UInt64 = 0
  var commands: [LLDCommand] = []
  /// The statement's expressions and tail.
  let statement: SectionStatement?
  /// Whether `(NOLOAD)` said its type.
  var typeIsSet = false
  /// Whether `(INFO)` and the like keep it out of memory.
  var isNonAlloc = false
  /// Whether the script's place for it is none (`sectionIndex == UINT32_MAX`).
  var isOrphan = false
  var hasInputs = false
  var isUsedInExpression = false
  var expressionsUseSymbols = false
  /// Whether it lies between DATA_SEGMENT_ALIGN and DATA_SEGMENT_RELRO_END.
  var isRelro = false
  var isLive = true
  var rank: UInt32 = 0
  var headers: [NameID] = []
  var region: LLDRegion?
  var loadRegion: LLDRegion?
  var load: LLDHeader?
  var fileOffset: UInt64 = 0
  /// The member of an OVERLAY at whose address it begins; itself for the first.
  var overlayStart: LLDOutput?
  /// The member of an OVERLAY behind which it is loaded.
  var overlayBefore: LLDOutput?
  /// The address that an option gives.
  var givenAddress: UInt64?

  init(_ name: NameID, index: Int, statement: SectionStatement?) {
    self.name = name
    self.index = index
    self.statement = statement
    headers = statement?.headers ?? []
  }

  /// Whether the script says where it begins.
  var isPlaced: Bool {
    statement?.address != nil || givenAddress != nil || overlayStart != nil
  }
  /// Whether the script says where it is loaded, other than by a region.
  var isLoadedByItself: Bool { statement?.loadAddress != nil || overlayStart != nil }
  var isAllocated: Bool { flags & ObjectSection.Flag.allocate != 0 }
  var isThreadLocal: Bool { flags & ObjectSection.Flag.threadLocal != 0 }
  var isNoBits: Bool { type == ObjectSection.Kind.noBits }
  /// Whether it takes no addresses that others could have.
  var isThreadLocalZeros: Bool { isThreadLocal && isNoBits }
  /// `getLMA`
  var loadAddress: UInt64 { load.map { address &+ $0.loadOffset } ?? address }
  /// Its input sections in order.
  var inputs: [LLDInput] {
    commands.flatMap { command -> [LLDInput] in
      if case .inputs(let inputs) = command { inputs.sections } else { [] }
    }
  }
}

/// A memory region.
final class LLDRegion {
  let name: NameID
  let origin: ExpressionID
  let length: ExpressionID
  /// What goes here if it names no region.
  let attributes: RegionAttributes
  var position: UInt64 = 0

  /// A line of MEMORY.
  init(_ region: MemoryRegion, _ names: NameTable) {
    name = region.name.name
    origin = region.origin
    length = region.length
    attributes = RegionAttributes(region.attributes, names, linker: .lld)
  }
}

/// A program header.
final class LLDHeader {
  let type: UInt64
  var flags: UInt64
  var first: LLDOutput?
  var last: LLDOutput?
  /// Load addresses minus addresses.
  var loadOffset: UInt64 = 0
  /// What AT says.
  var loadAddress: UInt64?

  init(type: UInt64, flags: UInt64) {
    self.type = type
    self.flags = flags
  }

  static let load: UInt64 = 1
  static let threadLocal: UInt64 = 7

  func add(_ section: LLDOutput) {
    last = section
    if first == nil { first = section }
    if type == Self.load { section.load = self }
  }
}

/// A global symbol.
final class LLDSymbol {
  enum State {
    /// Somebody asked for its name.
    case placeholder
    case undefined
    /// A member of an archive defines it.
    case lazy(LLDFile)
    case common
    case defined
  }

  /// What its value counts from; for an output section the value -1 is its end.
  enum Home {
    case absolute
    case input(LLDInput)
    case output(LLDOutput)
  }

  let name: NameID
  var state = State.placeholder
  var isWeak = false
  var isReferenced = false
  /// Whether an object or the script has to do with it (`isUsedInRegularObj`).
  var isUsed = false
  var value: UInt64 = 0
  var size: UInt64 = 0
  var alignment: UInt64 = 1
  /// `STT_FUNC` and the like.
  var type: UInt8 = 0
  var home = Home.absolute
  var file: LLDFile?
  /// The section of its file that it is in, until the sections are made.
  var section = 0
  var isAbsoluteInFile = false
  var isOfScript = false
  /// When the script's first assignment of it was read; 0 for one that an object defines (`scriptSymOrder`).
  var order = 0
  /// Whether a PROVIDE of it was found to be of no use.
  var isProvideUnused = false

  init(_ name: NameID) { self.name = name }

  var isDefined: Bool { if case .defined = state { true } else { false } }
  var isCommon: Bool { if case .common = state { true } else { false } }
  var isUndefined: Bool {
    switch state {
    case .undefined, .placeholder: true
    default: false
    }
  }
}
