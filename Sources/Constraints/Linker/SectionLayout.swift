// How a linker lays out output sections: one conformer a linker. The walk over statements, which asks, is the same for
// both.

package import LdsParser

/// What the line before an output section's brace comes to.
package struct SectionHeader: Sendable {
  /// The address, if the script gives one.
  package var address: Outcome?
  /// The number of `ALIGN(n)`, if there is one.
  package var alignment: Outcome?
}

/// One linker's rules for output sections and the location counter.
package protocol SectionLayout: Sendable {
  /// Arithmetic, with the places of this layout.
  var numbers: Numbers { get set }
  /// What is known beside the script.
  var facts: any LayoutFacts { get }
  /// Whether nothing is known of the layout: the script alone is at hand, and does something that is not worked out.
  var isLost: Bool { get }

  /// Called when a pass begins.
  mutating func beginPass()
  /// Called behind the last sizing pass.
  mutating func beginFinalPhase()

  /// The location counter before a section's line: orphans may be placed there.
  mutating func beforeSection(_ index: Int, dot: Number) -> Number
  /// The location counter on opening a section with this line.
  mutating func enter(_ index: Int, from dot: Number, header: SectionHeader) -> Number
  /// The location counter after the input sections placed by `step` in a section.
  mutating func afterInputs(step: Int, in index: Int?, dot: Number) -> Number
  /// The location counter behind data.
  mutating func afterData(dot: Number) -> Number
  /// The location counter behind a closed section, given what it was inside at the end.
  mutating func leave(_ index: Int, inside: Number) -> Number
  /// The location counter behind an overlay.
  mutating func leaveOverlay(_ members: [Int], dot: Number) -> Number

  /// The location counter before an assignment to it between sections: orphans may be placed there.
  mutating func beforeMove(step: Int, dot: Number) -> Number
  /// The location counter before any other statement between sections.
  mutating func beforeRead(step: Int, dot: Number) -> Number
  /// The location counter after `. = target`; nil if the target is not one number.
  mutating func move(step: Int, from dot: Number, to target: Number?, isInside: Bool) -> Number
  /// The location counter at a line of a map that may stand inside the section with this index or behind it.
  func beforeEither(_ index: Int, dot: Number) -> Number

  /// The VMA of an output section.
  func start(of section: Int) -> Number
  /// `SIZEOF`, `ALIGNOF`, or the final load address of the output section with this index.
  func fact(_ function: NameFunction, ofSection index: Int, _ name: NameID) -> Number
  /// What is known of an object's symbol where nothing tells more.
  func objectSymbol(_ name: NameID) -> ObjectSymbol
  /// The start of the section that holds an object's symbol.
  func base(ofSectionHolding name: NameID) -> Number
  /// A page size of which only the name is known.
  func pageSize(_ name: NameID) -> Number

  /// How a step moved the location counter in the last sizing pass; nil if it did not.
  func landing(of step: Int) -> Number?
}
