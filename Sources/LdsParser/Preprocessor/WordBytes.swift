// Which bytes words of preprocessed text are made of.

/// The bytes of identifiers and numbers: `$` and letters beyond ASCII belong to names of C, not to those of assembler
/// text, which may begin an operand there.
struct WordBytes {
  let isAssembler: Bool

  /// Whether a byte goes on with an identifier.
  @inline(__always)
  func isName(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
      || byte == UInt8(ascii: "_") || (byte == UInt8(ascii: "$") || byte >= 0x80) && !isAssembler
  }

  /// Whether a byte goes on with a number: `1.5e+3`, `0x1p-2`, `2M`.
  @inline(__always)
  func isNumber(_ byte: UInt8, after last: UInt8) -> Bool {
    if isName(byte) || byte == UInt8(ascii: ".") { return true }
    guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") else { return false }
    return last | 0x20 == UInt8(ascii: "e") || last | 0x20 == UInt8(ascii: "p")
  }
}
