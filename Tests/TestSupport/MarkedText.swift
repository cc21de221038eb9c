// Test input with marks at the places that matter, so that nobody counts columns.

/// Text with `↓` before each byte of interest:
///
///     let marked = MarkedText("ASSERT(↓a, ↓\"b\")")
///     marked.text      // ASSERT(a, "b")
///     marked.offsets   // [7, 10]
public struct MarkedText: Sendable {
  /// The text without its marks.
  public let text: String
  /// Byte offset of each mark in ``text``.
  public let offsets: [Int]

  /// Takes the marks out of `marked`.
  public init(_ marked: String) {
    var plain = ""
    var found: [Int] = []
    for scalar in marked.unicodeScalars {
      if scalar == "↓" {
        found.append(plain.utf8.count)
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    text = plain
    offsets = found
  }
}
