// What a layout has to be told that no rule of a linker decides: sizes, alignments, which sections are there, what
// objects define. Facts are data; the rules are the layout's. An image answers from what came of a link, the proof
// answers nothing at all, what-if answers from a link under another script.

package import LdsParser

/// How the linker's symbol table has a name before any statement of the script sets it.
package enum ObjectSymbol: Sendable {
  /// Defined by an object, or by evidence that does not tell who defined it.
  case defined(Outcome)
  /// Defined, or local to an object, which is not defined to the linker.
  case perhaps(Outcome)
  /// Known not to be defined.
  case undefined
  /// Nothing is known, and why.
  case unknown(Lack)
}

/// What is known of an output section that no statement makes.
package enum UnlistedSection: Sendable {
  /// It is there, under this index.
  case found(Int)
  /// It is not there: the linker stops.
  case absent
  /// The facts do not tell.
  case unknown(Lack)
}

/// Whether the linker kept an output section.
package enum SectionPresence: Sendable, Hashable {
  /// It is in the image.
  case kept
  /// It was dropped.
  case dropped
  /// Its ONLY_IF_RO or ONLY_IF_RW was not met: it is as if its statements stood between sections.
  case notTaken
  /// Either, or the facts do not tell.
  case open
}

/// Whether a section moves the location counter behind its end.
package enum SectionRoom: Sendable, Hashable {
  /// It takes addresses.
  case taken
  /// It begins at the location counter and takes no addresses: thread-local zeros.
  case none
  /// The location counter behind it is not known.
  case open
}

/// What is known of one output section.
package struct SectionFacts: Sendable {
  /// Whether it was kept.
  package var presence: SectionPresence
  /// Its address, where the facts tell.
  package var start: UInt64?
  /// Its size in bytes, where the facts tell.
  package var size: UInt64?
  /// Whether it takes addresses.
  package var room: SectionRoom
  /// What it may be used for; nil where that is not known.
  package var flags: SectionFlags?

  /// Whether it is part of the image in memory; nil where that is not known.
  package var isAllocated: Bool? { flags?.contains(.allocated) }
  /// Whether its bytes are in the file and go into memory; nil where that is not known.
  package var isLoaded: Bool? {
    flags.map { $0.contains(.allocated) && !$0.contains(.noBits) }
  }

  /// Nothing is known.
  package static let open = SectionFacts(presence: .open, room: .open)
}

/// An orphan, as far as it moves the location counter.
package struct OrphanFacts: Sendable {
  /// Its index, see ``LayoutFacts/section(_:)``.
  package var index: Int
  /// Its address; nil if that is not known.
  package var start: UInt64?
  /// The bytes that it takes, 0 for thread-local zeros; nil if that is not known.
  package var size: UInt64?
  /// Whether it may have been dropped: an empty row of a map.
  package var mayBeDropped: Bool
}

/// The orphans behind an output section.
package enum OrphanPlacement: Sendable {
  /// There are none that take addresses.
  case none
  /// These, in this order, in the linker's usual place.
  case listed([OrphanFacts])
  /// There may be some in the usual place.
  case hidden
  /// There may be some anywhere behind the section, between the statements that follow it.
  case anywhere
}

/// The answers that a layout needs.
package protocol LayoutFacts: Sendable {
  /// Whether they are of one link or of all links.
  var premise: NumberPremise { get }
  /// What is known of the link's command line.
  var settings: LinkSettings { get }
  /// Whether the linker is known to have written an ELF file.
  var isELF: Bool { get }
  /// How much of an address they tell.
  var addressWidth: AddressWidth { get }
  /// Whether the linker may have found more code in its first passes than it wrote.
  var mayRelax: Bool { get }
  /// The size of the file and program headers; nil if not known.
  var headerSize: UInt64? { get }

  /// What is known of the output section with this index: one of the program, or behind those one of the image's
  /// orphans.
  func section(_ index: Int) -> SectionFacts
  /// Whether the address of a section is the linker's for certain: an image may have been changed behind the link, or
  /// an option have moved the section.
  func isStartCertain(_ index: Int) -> Bool
  /// Whether two files give the section different load addresses.
  func hasContraryLoads(_ index: Int) -> Bool
  /// Whether nothing speaks against a load address that the rules give a section.
  func mayBeLoaded(_ index: Int, at address: UInt64) -> Bool
  /// `ALIGNOF` or the load address of the section, as far as the facts tell.
  func fact(_ function: NameFunction, ofSection index: Int) -> UInt64?
  /// Whether there is an output section of this name that the program does not mention.
  func unlistedSection(_ name: NameID) -> UnlistedSection
  /// Which of the program's output sections called `name` expressions mean, `first` being the first of them; nil if
  /// none of them was taken.
  func section(meantBy name: NameID, _ first: Int) -> Int?
  /// The location counter before and behind the statement at a step, in the linker's last pass; nil if not known.
  func listedPlace(of step: Int) -> (before: UInt64, behind: UInt64)?
  /// The location counter in the linker's last pass at a step between sections, as a symbol tells that is set from it
  /// where nothing has moved it since; as much of it as an image keeps. Nil if none does.
  func toldPlace(of step: Int) -> UInt64?
  /// Whether an output section may start at the address.
  func startsSection(_ address: UInt64) -> Bool
  /// The orphans behind the section with this index; before all if nil.
  func orphans(behind index: Int?) -> OrphanPlacement
  /// The addresses of all orphans, as far as they are told, by their indices.
  var orphanStarts: [(index: Int, start: UInt64)] { get }
  /// Whether sections that were dropped, and of which nothing is told, stood behind this one; before all if nil.
  func hidesDroppedSections(behind index: Int?) -> Bool

  /// What objects make of a symbol, `base` being where output sections start.
  func objectSymbol(_ name: NameID, base: (SectionKey) -> Number) -> ObjectSymbol
  /// Where a symbol is in the input section of the object that defines it; nil if that is not known.
  func offsetInObject(_ name: NameID) -> UInt64?
  /// Whether an object defines the symbol; nil if that is not known.
  func isDefinedByObject(_ name: NameID) -> Bool?
  /// The address that a symbol which the script assigns has in the end; nil if not known.
  func finalAddress(_ name: NameID) -> UInt64?
  /// Whether the address that a symbol has in the end is where the location counter was, if it is set from that.
  func tellsLocationCounter(_ name: NameID) -> Bool
  /// The value and place that a symbol which the script assigns has in the end, `base` being where output sections
  /// start; nil if not known.
  func finalSymbol(_ name: NameID, base: (SectionKey) -> Number) -> Outcome?
  /// Whether the PROVIDE at `step`, which would set the symbol to `value`, takes effect; nil if unknown.
  func isProvided(step: Int, _ name: NameID, value: Outcome) -> Bool?

  /// `CONSTANT(name)`; nil where the facts do not tell.
  func constant(_ name: String) -> UInt64?
  /// A region that the program does not declare; nil if there is none.
  func region(_ function: NameFunction, _ name: NameID) -> Number?

  /// Tells where the location counter is before a section, for facts that move with it.
  mutating func enter(_ index: Int, from dot: Number)
}

extension LayoutFacts {
  package var settings: LinkSettings { LinkSettings() }

  package var isELF: Bool { false }

  package var mayRelax: Bool { false }

  package var addressWidth: AddressWidth { .full }

  package func isStartCertain(_ index: Int) -> Bool { true }

  package func listedPlace(of step: Int) -> (before: UInt64, behind: UInt64)? { nil }

  package func toldPlace(of step: Int) -> UInt64? { nil }

  package func offsetInObject(_ name: NameID) -> UInt64? { nil }

  package func tellsLocationCounter(_ name: NameID) -> Bool { true }

  package func hasContraryLoads(_ index: Int) -> Bool { false }
  package func mayBeLoaded(_ index: Int, at address: UInt64) -> Bool { true }

  package func section(meantBy name: NameID, _ first: Int) -> Int? { first }

  package func finalSymbol(_ name: NameID, base: (SectionKey) -> Number) -> Outcome? { nil }

  package mutating func enter(_ index: Int, from dot: Number) {}

  /// Whether statements may stand elsewhere among the sections than in the script: a section whose ONLY_IF was not met may
  /// stay in lld's list without a place of its own, and from it on all is moved as orphans are, statements as far as to
  /// the start (lld/ELF/Writer.cpp, sortSections).
  func reordersStatements(of program: Program) -> Bool {
    program.sections.indices.contains { index in
      guard program.sections[index].isConstrained else { return false }
      let section = section(index)
      // An empty one may be what is left of one that was not taken.
      return section.presence == .open || section.presence == .kept && section.size ?? 0 == 0
    }
  }
}
