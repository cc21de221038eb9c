// What a link is made of while it is laid out: files, their sections, output sections, symbols. They refer to one
// another and change from stage to stage, as in the linker.

internal import LdsParser

/// An input file: an object, a member of an archive, or what the linker makes itself.
final class LinkFile {
  /// Its object; nil for the linker's own.
  let object: ObjectFile?
  /// The name that file patterns see: as on the command line, of a member the member's name alone.
  let name: [UInt8]
  /// The archive that it came from, as on the command line.
  let archive: [UInt8]?
  /// The file name by which its archive was asked for; nil for one of `-l`.
  var archiveRequest: [UInt8]?
  /// Its sections in order; the linker's own and COMMON come last.
  var sections: [InputSection] = []
  /// Where the map of the link has its sections among all others, by their numbers; empty for one that was loaded.
  var placesInMap: [Int: Int] = [:]
  /// Its sections by their numbers.
  private var byNumber: [InputSection?] = []

  init(object: ObjectFile?, name: [UInt8], archive: [UInt8]?) {
    self.object = object
    self.name = name
    self.archive = archive
  }

  /// `lib.a(member.o)`
  var label: [UInt8] {
    guard let archive else { return name }
    return archive + [UInt8(ascii: "(")] + name + [UInt8(ascii: ")")]
  }

  func section(numbered number: Int) -> InputSection? {
    byNumber.indices.contains(number) ? byNumber[number] : nil
  }

  func add(_ section: InputSection, numbered number: Int?) {
    sections.append(section)
    guard let number else { return }
    while byNumber.count <= number { byNumber.append(nil) }
    byNumber[number] = section
  }
}

/// An input section.
final class InputSection {
  /// Where it went.
  enum Home {
    /// Nowhere yet.
    case open
    /// It is not linked.
    case discarded
    /// This output section.
    case output(OutputSection)
  }

  unowned let file: LinkFile
  let name: NameID
  /// As the object has it; nil for the linker's own and for COMMON.
  let record: ObjectSection?
  /// The ELF type.
  let type: UInt32
  var bits: SectionBits
  /// Its size; that before merging is in ``rawSize``.
  var size: UInt64
  var rawSize: UInt64
  var alignmentPower: Int
  var home = Home.open
  /// Where it begins in its output section.
  var offset: UInt64 {
    get { place &+ (run?.shift ?? 0) }
    set { place = newValue &- (run?.shift ?? 0) }
  }
  private var place: UInt64 = 0
  /// What one pattern took is moved together.
  var run: InputRun?
  /// The merged contents that it is part of.
  var merging: MergedGroup?
  /// The members of the group that it is in, or that it is the head of.
  var group: [InputSection] = []
  var isMarked = false
  /// Its place among all input sections.
  var order = 0

  init(
    _ file: LinkFile, name: NameID, record: ObjectSection?, type: UInt32, bits: SectionBits,
    size: UInt64, alignmentPower: Int
  ) {
    self.file = file
    self.name = name
    self.record = record
    self.type = type
    self.bits = bits
    self.size = size
    rawSize = size
    self.alignmentPower = alignmentPower
  }

  /// The size of an entry of constants.
  var entrySize: UInt64 { record?.entrySize ?? 0 }
  /// The output section, if it has one.
  var output: OutputSection? { if case .output(let section) = home { section } else { nil } }
  /// Whether no output section has taken it, and none can be said not to.
  var isOpen: Bool { if case .open = home { true } else { false } }
  /// Whether it is not linked.
  var isDiscarded: Bool { if case .discarded = home { true } else { false } }
}

/// An output section proper: what BFD has, once something went into a section of the script.
final class OutputSection {
  let name: NameID
  /// Its number among all that were made, dropped ones too.
  let index: Int
  var bits: SectionBits
  var vma: UInt64 = 0
  var lma: UInt64 = 0
  /// The load address that the file tells, where program headers say another one than the script saw.
  var storedLMA: UInt64?
  var size: UInt64 = 0
  /// Whether PHDRS puts it into a segment of notes.
  var isOfNoteSegment = false
  /// Its size in the pass before.
  var sizeBefore: UInt64 = 0
  var alignmentPower = 0
  var inputs: [InputSection] = []
  var isRemoved = false
  var hasInput = false
  var entrySize: UInt64 = 0
  /// The ELF type, 0 for none yet.
  var type: UInt32
  /// The statement that it belongs to.
  unowned let statement: SectionStatement

  init(_ name: NameID, index: Int, type: UInt32, bits: SectionBits, of statement: SectionStatement)
  {
    self.name = name
    self.index = index
    self.type = type
    self.bits = bits
    self.statement = statement
  }

  /// Whether it is a note that is loaded.
  var isNote: Bool { type == ObjectSection.Kind.note && bits.contains(.loaded) }
  /// The bytes that it takes from the address space.
  var room: UInt64 { bits.isThreadLocalZeros ? 0 : size }
}

/// A global symbol.
final class LinkSymbol {
  enum State {
    case new, undefined, undefinedWeak, defined, definedWeak, common
  }

  /// What its value counts from.
  enum Home {
    case absolute
    case input(InputSection)
    case output(OutputSection)
  }

  let name: NameID
  var state = State.new
  var value: UInt64 = 0
  var home = Home.absolute
  var size: UInt64 = 0
  var alignmentPower = 0
  /// `STT_FUNC` and the like.
  var type: UInt8 = 0
  /// The file that defines it.
  var file: LinkFile?
  /// Whether a statement of the script has set it.
  var isOfScript = false
  /// The pass in which a statement set it last.
  var pass = 0
  /// Whether an object defines it beside the script.
  var isAlsoOfObject = false
  /// Whether the linker defined it: `__start_X`.
  var isOfLinker = false
  /// Whether its value was computed from what the pass had not come to.
  var isAhead = false

  init(_ name: NameID) { self.name = name }

  var isDefined: Bool { state == .defined || state == .definedWeak }
  var isUndefined: Bool { state == .new || state == .undefined || state == .undefinedWeak }
}

/// The linker's table of global symbols.
final class LinkSymbols {
  private var byName: [LinkSymbol?] = []
  /// All of them, in the order in which they were first looked up.
  private(set) var all: [LinkSymbol] = []

  func find(_ name: NameID) -> LinkSymbol? {
    let index = Int(name.index)
    return index < byName.count ? byName[index] : nil
  }

  /// The symbol of this name, which is made if it is new.
  func entry(_ name: NameID) -> LinkSymbol {
    if let known = find(name) { return known }
    let symbol = LinkSymbol(name)
    while byName.count <= Int(name.index) { byName.append(nil) }
    byName[Int(name.index)] = symbol
    all.append(symbol)
    return symbol
  }

  /// Takes out those that were looked up later.
  func forget(behind count: Int) {
    for symbol in all.dropFirst(count) { byName[Int(symbol.name.index)] = nil }
    all.removeLast(max(0, all.count - count))
  }

  /// Refers to a symbol: nobody need define it, but who can is asked for.
  func refer(to name: NameID) {
    let symbol = entry(name)
    if symbol.state == .new { symbol.state = .undefined }
  }
}
