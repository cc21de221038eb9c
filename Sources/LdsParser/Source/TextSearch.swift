// Text within text, byte for byte.

extension String {
  /// Whether `part` stands in it, byte for byte.
  ///
  /// The library's `contains(_: String)` is part of the regular expressions: one call of it brings all of
  /// them into a static binary, more than a megabyte; so do `replacing` and `firstRange(of:)`.
  package func includes(_ part: String) -> Bool {
    let part = Array(part.utf8)
    var rest = utf8[...]
    while rest.count >= part.count {
      if rest.starts(with: part) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
