// Images of 32 bits. Linkers calculate with 64 bits, and the image keeps the lower half: what follows 0xffffffff is at
// 0x100000000 for the script, and at 0 in the image. The layout computes, and meets what the image shows with it.

internal import LdsParser

/// How many bits of an address an image keeps.
package enum AddressWidth: Sendable, Hashable {
  /// All of them.
  case full
  /// The lower half.
  case lowerHalf

  /// The bits that are kept.
  var mask: UInt64 { self == .full ? .max : 0xffff_ffff }

  /// The address in an image that shows `shown` of it, `start` being an address of the same output section.
  func address(_ shown: UInt64, inSectionAt start: Number) -> Number {
    guard self == .lowerHalf else { return Number(shown) }
    guard let start = start.exact else {
      return Self.hasOpenHalf(start) ? open(shown) : Number(shown)
    }
    // What is below the start of its section is so by less than half of the address space.
    let distance = UInt64(
      bitPattern: Int64(Int32(truncatingIfNeeded: shown &- start)))
    let size = (shown &- start) & mask
    return Number(start &+ (size <= mask / 4 * 3 ? size : distance))
  }

  /// The start of an output section of which the image shows `shown`.
  ///
  /// A start that some alignment of the location counter explains follows the location counter; any other is an
  /// address of its own, from the script or an option, and has no upper half. Where an alignment would pass the end of
  /// the lower half, both may be.
  ///
  /// - Parameters:
  ///   - shown: What the image shows.
  ///   - computed: What the script says of it; nil if it gives no address.
  ///   - pointer: Where the section would start without alignment.
  ///   - isTold: Whether the script tells that it follows the location counter.
  ///   - earlier: The end of the section before it.
  func start(
    _ shown: UInt64, computed: Number?, pointer: Number, isTold: Bool, earlier: Number
  ) -> Number {
    guard self == .lowerHalf else { return Number(shown) }
    if let computed = computed?.exact, computed & mask == shown { return Number(computed) }
    guard let pointer = pointer.exact else {
      // Where both bounds lead to the same address, everything between them does.
      if pointer.most &- pointer.least <= mask / 2 {
        let bounds = [pointer.least, pointer.most].map {
          start(
            shown, computed: computed, pointer: Number($0), isTold: isTold, earlier: earlier)
        }
        if bounds[0] == bounds[1] { return bounds[0] }
      }
      if Self.hasOpenHalf(pointer) || Self.hasOpenHalf(earlier) { return open(shown) }
      // Going back is a step of its own or a step past the end.
      guard let end = earlier.exact, end & mask > shown || end > mask else { return Number(shown) }
      return open(shown)
    }
    let padding = (shown &- pointer) & mask
    let following = pointer &+ padding
    let isAligned = padding == 0 || padding >> UInt64(min(following.trailingZeroBitCount, 31)) == 0
    guard isAligned, computed == nil else { return Number(shown) }
    let passesEnd = following & ~mask != pointer & ~mask
    return passesEnd && !isTold ? open(shown) : Number(following)
  }

  private static func hasOpenHalf(_ number: Number) -> Bool {
    number.lack?.items.contains(.upperHalf) == true
  }

  /// An address of which the upper half is not known.
  func open(_ shown: UInt64) -> Number {
    var knowledge = Knowledge(unknown: Lack(.upperHalf))
    knowledge.bits = KnownBits(mask: mask, value: shown)
    knowledge.least = shown
    return Number(knowledge)
  }

  /// The number between the bounds of `computed` of which an image shows `shown`; nil if there may be several.
  func number(_ shown: UInt64, within computed: Number) -> UInt64? {
    guard self == .lowerHalf else { return shown }
    guard computed.most &- computed.least < mask else { return nil }
    let number = computed.least &+ ((shown &- computed.least) & mask)
    return number <= computed.most ? number : nil
  }
}
