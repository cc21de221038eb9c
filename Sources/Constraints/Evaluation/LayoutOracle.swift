// What a pass over a program has to ask about the layout: an image answers with facts, a proof with
// assumptions. The walker that asks is the same.

package import LdsParser

/// How the linker's symbol table has a name before any statement of the script sets it.
package enum ObjectSymbol<Number: Sendable & Hashable>: Sendable {
  /// Defined by an object, or by evidence that does not tell who defined it.
  case defined(Outcome<Number>)
  /// Known not to be defined.
  case undefined
  /// Nothing is known, and why.
  case unknown(Lack)
}

/// Answers about layout for one program.
package protocol LayoutOracle: Sendable {
  /// The domain of its numbers.
  associatedtype Domain: ValueDomain

  /// Arithmetic.
  var domain: Domain { get }
  /// The size of the file and program headers.
  var headerSize: Domain.Number { get }
  /// What is known of the link's command line.
  var settings: LinkSettings { get }

  /// What objects make of a symbol.
  func objectSymbol(_ name: NameID) -> ObjectSymbol<Domain.Number>
  /// Whether an object defines the symbol; nil if that is not known.
  func isDefinedByObject(_ name: NameID) -> Bool?
  /// The address that a symbol which the script assigns has in the end; nil if not known.
  func finalAddress(_ name: NameID) -> Domain.Number?
  /// Whether the PROVIDE at `step`, which would set the symbol to `value`, takes effect; nil if unknown.
  func isProvided(
    step: Int, _ name: NameID, value: Outcome<Domain.Number>
  ) -> Bool?

  /// The VMA of an output section.
  func base(of section: SectionKey) -> Domain.Number
  /// Whether an output section may start at the address.
  func startsSection(_ address: UInt64) -> Bool
  /// `SIZEOF`, `ALIGNOF`, or the final load address of the output section with this index.
  func fact(_ function: NameFunction, ofSection index: Int, _ name: NameID) -> Domain.Number
  /// Whether the image has an output section of this name that the program does not mention; the answer
  /// is its key, nil if there is none, with the lack if that is not known.
  func unlistedSection(_ name: NameID) -> UnlistedSection<Domain.Number>
  /// `CONSTANT(name)`; nil if the linker knows no such constant.
  func constant(_ name: NameID) -> Domain.Number?
  /// A region that the program does not declare; nil if there is none.
  func region(_ function: NameFunction, _ name: NameID) -> Domain.Number?

  /// Called when the walk begins.
  mutating func beginPass()
  /// The location counter on opening a section: its VMA.
  mutating func enter(_ index: Int, from dot: Domain.Number) -> Domain.Number
  /// The location counter after the input sections placed by `step`.
  mutating func afterInputs(step: Int, dot: Domain.Number) -> Domain.Number
  /// The location counter behind a closed section, given what it was inside at the end.
  mutating func leave(_ index: Int, inside: Domain.Number) -> Domain.Number
  /// The location counter before an assignment to it between sections: orphans are placed there.
  mutating func beforeMove(step: Int, dot: Domain.Number) -> Domain.Number
  /// The location counter before any other statement between sections.
  mutating func beforeRead(step: Int, dot: Domain.Number) -> Domain.Number
  /// The location counter at a line of a map that may stand inside the section with this index or behind it.
  func beforeEither(_ index: Int, dot: Domain.Number) -> Domain.Number
  /// The location counter behind an overlay.
  mutating func leaveOverlay(_ members: [Int], dot: Domain.Number) -> Domain.Number

  /// Whether a pass that begins with the values of an earlier one ends with its results, the oracle
  /// remembering nothing.
  static var repeatsItself: Bool { get }

  /// Whether sections are entered with what their lines say.
  static var readsHeaders: Bool { get }
  /// The location counter before a section's line: orphans may be placed there.
  mutating func beforeSection(_ index: Int, dot: Domain.Number) -> Domain.Number
  /// The location counter on opening a section with this line.
  mutating func enter(
    _ index: Int, from dot: Domain.Number, header: SectionHeader<Domain.Number>
  ) -> Domain.Number
  /// The location counter after `. = target`; nil if the target is not one number.
  mutating func move(
    step: Int, from dot: Domain.Number, to target: Domain.Number?, isInside: Bool
  ) -> Domain.Number
  /// The location counter behind data.
  mutating func afterData(dot: Domain.Number) -> Domain.Number
  /// What a symbol is worth that still has the value of an earlier pass.
  func carried(_ name: NameID, _ outcome: Outcome<Domain.Number>) -> Outcome<Domain.Number>
  /// What a symbol is worth of which it is not known whether the script sets it; nil if that is known.
  func uncertain(_ name: NameID) -> Outcome<Domain.Number>?
  /// The outcome as it is kept in the symbol that `step` sets.
  func remembered(_ outcome: Outcome<Domain.Number>, step: Int) -> Outcome<Domain.Number>
}

/// What is known of an output section that no statement mentions.
package enum UnlistedSection<Number: Sendable & Hashable>: Sendable {
  /// It is there.
  case found(SectionKey, index: Int)
  /// It is not there: the linker stops.
  case absent
  /// The evidence does not tell.
  case unknown(Lack)
}
