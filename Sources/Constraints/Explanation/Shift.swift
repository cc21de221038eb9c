// How far a place may move when a statement before it is edited: a range of distances that are all multiples of
// one power of two.
//
//     . = ALIGN(4096);     added: what follows moves by 0 up to 4095 bytes
//     .rodata : { ... }    ... by 0 up to 4096, if its alignment is 16
//     . = ALIGN(4096);     from here on by 0 or 4096

internal import LdsParser

/// A distance of which only bounds are known.
struct Shift: Sendable, Hashable {
  /// The least distance in bytes, upwards.
  var least: UInt64
  /// The greatest.
  var most: UInt64
  /// A power of two that divides it.
  var granule: UInt64
  /// Places with the same number move by the same distance; 0 is not at all.
  var group: Int

  /// Not at all.
  static let zero = Shift(least: 0, most: 0, granule: 1 << 63, group: 0)

  /// Exactly `distance` bytes.
  init(by distance: UInt64, group: Int) {
    self.init(
      least: distance, most: distance,
      granule: distance == 0 ? 1 << 63 : distance & (0 &- distance),
      group: distance == 0 ? 0 : group)
  }

  private init(least: UInt64, most: UInt64, granule: UInt64, group: Int) {
    self.least = least
    self.most = most
    self.granule = granule
    self.group = group
  }

  /// At most `most` bytes, a multiple of `granule`.
  init(upTo most: UInt64, granule: UInt64, group: Int) {
    self.init(least: 0, most: most, granule: granule, group: group)
  }

  /// Whether the place stays.
  var isZero: Bool { most == 0 }

  /// The distance of the next multiple of `alignment`, which lies at or behind the place before and after the
  /// edit; nil if the distance is no longer bounded.
  ///
  /// - Parameters:
  ///   - alignment: a power of two.
  ///   - place: where the place was before the edit; nil if unknown.
  func aligned(
    to alignment: UInt64, from place: UInt64? = nil, group next: inout Int
  ) -> Shift? {
    if isZero || granule % alignment == 0 { return self }
    guard alignment < 1 << 40, most < 1 << 40 else { return nil }
    next += 1
    let mask = alignment &- 1
    if let place {
      let old = LinkerArithmetic.alignUp(place, to: alignment)
      let first = LinkerArithmetic.alignUp(place &+ least, to: alignment) &- old
      let last = LinkerArithmetic.alignUp(place &+ most, to: alignment) &- old
      if first == last { return Shift(by: first, group: next) }
      return Shift(least: first, most: last, granule: alignment, group: next)
    }
    return Shift(
      least: least & ~mask, most: (most &+ mask) & ~mask, granule: alignment, group: next)
  }

  /// As ``aligned(to:group:)``, where the alignment is not known beyond being a power of two up to `limit`.
  func aligned(upTo limit: UInt64, group next: inout Int) -> Shift? {
    if isZero || granule % limit == 0 { return self }
    guard limit < 1 << 40, most < 1 << 40 else { return nil }
    next += 1
    let mask = limit &- 1
    return Shift(least: 0, most: (most &+ mask) & ~mask, granule: granule, group: next)
  }
}
