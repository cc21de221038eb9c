// Sums of unknown places: `_end - _start` is `1·P7 - 1·P2 + 0x40`. Where the places cancel, the number is
// known although no address is.

/// A place of the layout of which the address is not known: an index into ``PlaceTable``.
package typealias PlaceID = Int32

/// `constant + Σ factor · place`, modulo 2^64.
package struct LinearForm: Sendable, Hashable {
  /// One summand.
  package struct Term: Sendable, Hashable {
    /// The place.
    package var place: PlaceID
    /// How often it counts.
    package var factor: Int32
  }

  /// The number without the places.
  package var constant: UInt64
  /// The places, in order of number, each once, none with factor 0.
  package private(set) var terms: [Term]

  /// Forms with more summands are not kept: nothing would cancel.
  static let limit = 6

  /// A number.
  package init(_ constant: UInt64) {
    self.constant = constant
    terms = []
  }

  /// `offset` behind a place.
  package init(_ place: PlaceID, offset: UInt64 = 0) {
    constant = offset
    terms = [Term(place: place, factor: 1)]
  }

  /// The place if the form is one place and an offset.
  package var place: PlaceID? {
    terms.count == 1 && terms[0].factor == 1 ? terms[0].place : nil
  }

  /// The places if the form is one place less another.
  package var difference: (from: PlaceID, to: PlaceID)? {
    guard terms.count == 2 else { return nil }
    switch (terms[0].factor, terms[1].factor) {
    case (1, -1): return (terms[1].place, terms[0].place)
    case (-1, 1): return (terms[0].place, terms[1].place)
    default: return nil
    }
  }

  /// The form with the places that `address` tells as numbers.
  func replacing(_ address: (PlaceID) -> UInt64?) -> LinearForm {
    guard terms.contains(where: { address($0.place) != nil }) else { return self }
    var result = LinearForm(constant)
    for term in terms {
      if let known = address(term.place) {
        result.constant &+= known &* UInt64(bitPattern: Int64(term.factor))
      } else {
        result.terms.append(term)
      }
    }
    return result
  }

  /// The sum, or the difference if `isNegative`; nil if it has too many summands.
  package func adding(_ other: LinearForm, isNegative: Bool = false) -> LinearForm? {
    var result = self
    result.constant = isNegative ? constant &- other.constant : constant &+ other.constant
    for term in other.terms {
      let factor = isNegative ? -term.factor : term.factor
      guard result.add(Term(place: term.place, factor: factor)) else { return nil }
    }
    return result.terms.count <= Self.limit ? result : nil
  }

  private mutating func add(_ term: Term) -> Bool {
    let index = terms.firstIndex { $0.place >= term.place } ?? terms.count
    guard index < terms.count, terms[index].place == term.place else {
      terms.insert(term, at: index)
      return true
    }
    let (factor, overflow) = terms[index].factor.addingReportingOverflow(term.factor)
    if overflow || factor == .min { return false }
    if factor == 0 { terms.remove(at: index) } else { terms[index].factor = factor }
    return true
  }
}
