// The facts of a proof: none. What holds without them holds in every link.

package import LdsParser

/// Nothing is known of the link.
package struct NoFacts: LayoutFacts {
  package let premise = NumberPremise.everyLink
  package let headerSize: UInt64? = nil

  /// No facts.
  package init() {}

  package func section(_ index: Int) -> SectionFacts { .open }
  package func fact(_ function: NameFunction, ofSection index: Int) -> UInt64? { nil }
  package func unlistedSection(_ name: NameID) -> UnlistedSection {
    .unknown(Lack(.sectionExistence(name), mayStop: true))
  }
  package func startsSection(_ address: UInt64) -> Bool { true }
  package func orphans(behind index: Int?) -> OrphanPlacement { .hidden }
  package var orphanStarts: [(index: Int, start: UInt64)] { [] }
  package func hidesDroppedSections(behind index: Int?) -> Bool { false }
  package func objectSymbol(_ name: NameID, base: (SectionKey) -> Number) -> ObjectSymbol {
    .unknown(Lack(.symbol(name)))
  }
  package func isDefinedByObject(_ name: NameID) -> Bool? { nil }
  package func finalAddress(_ name: NameID) -> UInt64? { nil }
  package func isProvided(step: Int, _ name: NameID, value: Outcome) -> Bool? { nil }
  package func constant(_ name: String) -> UInt64? { nil }
  package func region(_ function: NameFunction, _ name: NameID) -> Number? { nil }
}
