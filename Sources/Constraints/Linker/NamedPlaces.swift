// What a script names and objects or the command line decide: each is a place of which nothing is known, so that it
// is at least equal to itself.

internal import LdsParser

/// The places of a program's names.
package struct NamedPlaces: Sendable {
  /// For each symbol of an expression, the places of its address and of its section's start.
  private(set) var objects: [NameID: (address: PlaceID, base: PlaceID)] = [:]
  /// For each constant of an expression, the place of its number.
  private(set) var pageSizes: [NameID: PlaceID] = [:]

  /// Adds the places of `program` to `numbers`, before those of a pass.
  init(_ program: Program, _ numbers: inout Numbers) {
    for index in 0..<UInt32(truncatingIfNeeded: program.expressions.count) {
      switch program.expressions[ExpressionID(index: index)] {
      case .symbol(let name) where objects[name] == nil:
        let address = numbers.places.add(Place(cause: .object(name)))
        objects[name] = (address, numbers.places.add(Place(cause: .object(name))))
      case .nameCall(.constant, let name) where pageSizes[name] == nil:
        var place = Place(cause: .pageSize(name))
        place.isPowerOfTwo = true
        pageSizes[name] = numbers.places.add(place)
      default: break
      }
    }
  }

  /// An object's symbol: absolute, or in a section.
  func symbol(_ name: NameID, _ numbers: Numbers) -> Outcome? {
    guard let (address, base) = objects[name] else { return nil }
    let number = numbers.number(LinearForm(address))
    let start = numbers.number(LinearForm(base))
    var outcome = Outcome(
      Value(
        offset: numbers.subtract(number, start), address: number, in: .holding(name, letter: 0),
        isInside: true))
    outcome.merge(Outcome(Value(number, kind: .absolute)))
    return outcome
  }

  /// The start of the section that holds an object's symbol.
  func base(of name: NameID, _ numbers: Numbers) -> Number? {
    (objects[name]?.base).map { numbers.number(LinearForm($0)) }
  }

  /// A page size.
  func pageSize(_ name: NameID, _ numbers: Numbers) -> Number? {
    pageSizes[name].map { numbers.number(LinearForm($0)) }
  }
}
