// The script as the linker lays it out: one list of statements, sections with their bodies, overlays spelled out. Each
// statement remembers what the last pass found for it.

internal import LdsParser

/// A statement of the list.
enum LayoutStatement {
  case assignment(AssignmentStatement)
  case assertion(Assertion)
  case section(SectionStatement)
}

/// A statement of a section's body.
enum BodyStatement {
  case inputs(InputStatement)
  /// An input section that no pattern took.
  case placed(PlacedInput)
  case data(DataStatement)
  case assignment(AssignmentStatement)
  case assertion(Assertion)
  /// `CREATE_OBJECT_SYMBOLS`: makes the section, which stays even if it is empty.
  case objectSymbols
  /// `FILL`: makes the section, and takes no room.
  case other
}

/// An assignment.
final class AssignmentStatement {
  let assignment: Assignment
  /// Whether a PROVIDE has taken effect.
  var isProvided = false
  /// How far it moved the location counter in the last sizing pass.
  var padding: UInt64 = 0
  /// Whether it sets a symbol that no expression reads, and cannot stop the linker.
  var isOfNoConsequence = false

  init(_ assignment: Assignment) { self.assignment = assignment }
}

/// `BYTE(e)` and the like.
final class DataStatement {
  let size: UInt64
  let value: ExpressionID?

  init(size: UInt64, value: ExpressionID?) {
    self.size = size
    self.value = value
  }
}

/// `*(.text)`
final class InputStatement {
  let description: InputSectionDescription
  private(set) var placed: [PlacedInput] = []
  let run = InputRun()

  init(_ description: InputSectionDescription) { self.description = description }

  /// Adds an input section behind those that are there.
  func take(_ section: InputSection) {
    section.run = run
    placed.append(PlacedInput(section))
  }
}

/// What one pattern took: where it begins at an address with the same remainder, its input sections stand as before, each
/// moved by as much as the first.
final class InputRun {
  /// By how much its input sections are moved since they were placed one by one.
  var shift: UInt64 = 0
  /// Where they were placed one by one, and what came of it; nil if sizes may have changed since.
  var extent: Extent?

  /// Input sections that were placed one by one.
  struct Extent {
    /// Where the first was placed: the address, and the offset in the output section.
    let start: UInt64
    let offset: UInt64
    /// The largest of their alignments, less one.
    let mask: UInt64
    /// The bytes that they take with the paddings between them.
    let length: UInt64
    /// Whether one of them takes part.
    let isFilled: Bool
    /// The layout model's state that it was found in.
    let age: Int
  }
}

/// An input section in its place.
final class PlacedInput {
  let section: InputSection
  /// The bytes before it.
  var padding: UInt64 = 0

  init(_ section: InputSection) { self.section = section }
}

/// A memory region.
final class LayoutRegion {
  let name: NameID?
  /// What goes here if it names no region.
  let attributes: RegionAttributes
  let originExpression: ExpressionID?
  let lengthExpression: ExpressionID?
  var origin: UInt64 = 0
  var length = UInt64.max
  var current: UInt64 = 0
  /// The section that the load address of the next one follows.
  var last: LeadingSection?

  /// The region that is everywhere.
  init(name: NameID?) {
    self.name = name
    attributes = RegionAttributes()
    originExpression = nil
    lengthExpression = nil
  }

  /// A line of MEMORY.
  init(_ region: MemoryRegion, _ names: NameTable) {
    name = region.name.name
    attributes = RegionAttributes(region.attributes, names, linker: .bfd)
    originExpression = region.origin
    lengthExpression = region.length
  }

  func reset() {
    current = origin
    last = nil
  }
}

/// An output section of the script, or one that an orphan made.
final class SectionStatement {
  /// What becomes of it.
  enum Fate {
    case laidOut
    /// Its ONLY_IF_RO or ONLY_IF_RW was not met: its statements count as if they stood between sections.
    case notTaken
    /// It was dropped, and takes no part.
    case ignored
  }

  enum Kind {
    case normal, noLoad, noAllocation, readOnly, firstOverlay, overlay
  }

  let name: NameID
  var kind = Kind.normal
  var address: ExpressionID?
  var loadAddress: ExpressionID?
  var alignment: ExpressionID?
  var subalignment: ExpressionID?
  var alignsWithInput = false
  var constraint: OutputSectionConstraint?
  var body: [BodyStatement] = []
  var regionName: NameID?
  var loadRegionName: NameID?
  var headers: [NameID] = []
  /// Where the location counter is behind an overlay: the largest end of its members.
  var overlayEnd: [SectionStatement] = []
  /// The section's own statements.
  var span: SourceSpan?

  var region: LayoutRegion?
  var loadRegion: LayoutRegion?
  var output: OutputSection?
  /// The flags of a standard section that nothing is in.
  var standardBits: SectionBits = []
  /// Whether an earlier statement has the same name.
  var isDuplicate = false
  var fate = Fate.laidOut
  /// Whether FILL or CREATE_OBJECT_SYMBOLS has made it, without the flags that its type gives.
  var isMadePlain = false
  /// Whether its type is DSECT, which is a symbol's address to ld.lld.
  var isDummy = false
  /// Whether it sets symbols, so that its location counter counts though it is dropped.
  var updatesDot = false
  /// How far this pass has come with it.
  var progress = SectionProgress.ahead

  /// Whether it says CREATE_OBJECT_SYMBOLS.
  var namesObjects: Bool {
    body.contains { if case .objectSymbols = $0 { true } else { false } }
  }

  init(_ name: NameID) { self.name = name }

  /// The flags that it is compared by where an orphan looks for its like.
  var bits: SectionBits { output?.bits ?? standardBits }
}

extension LayoutRegion: Equatable {
  static func == (one: LayoutRegion, other: LayoutRegion) -> Bool { one === other }
}

extension SectionStatement {
  /// Its regions, as far as they are settled.
  var regions: SectionRegions<LayoutRegion> {
    SectionRegions(
      region: region, loadRegion: loadRegion, hasAddress: address != nil,
      hasLoadAddress: loadAddress != nil)
  }
}
