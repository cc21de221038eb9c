// Where the sections end that a pass has closed. Of an image that shows lower halves alone, a section that seems to stand
// before that end may be one that stands behind 4 GiB.

/// How far a pass has come.
package struct PassedEnd: Sendable {
  /// The end of the section that takes addresses and was closed last.
  private var closed = Number(0)
  /// An address behind the lower half that the location counter may have had.
  private var farthest: Number?

  /// Where the sections before end, or what lies beyond the lower half if the location counter may have been there.
  var end: Number { farthest ?? closed }

  /// Closes a section that takes addresses and ends at `end`; one that is not known tells nothing.
  mutating func close(at end: Number) {
    if end.exact != nil { closed = end }
  }

  /// Tells an address that the location counter may have had, of several.
  mutating func reach(_ address: UInt64, beyond width: AddressWidth) {
    if address > width.mask { farthest = Number(address) }
  }
}
