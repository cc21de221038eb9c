// Character constants in conditions: `'a'`, `'\n'`, `'ab'`.

enum CharacterConstant {
  /// The value of a digit of any radix up to 16.
  static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The value of a constant, as gcc computes it: several characters make one 32-bit integer.
  static func value(_ text: [UInt8], isUnsigned: Bool) -> Int64? {
    guard let open = text.firstIndex(of: UInt8(ascii: "'")), text.count > open + 2 else {
      return nil
    }
    var position = open + 1
    var result: UInt32 = 0
    var count = 0
    while position < text.count - 1 {
      var byte = UInt32(text[position])
      position += 1
      if byte == UInt32(UInt8(ascii: "\\")) {
        guard let escaped = escape(text, &position) else { return nil }
        byte = escaped
      }
      result = result << 8 | (open > 0 ? byte : byte & 0xFF)
      count += 1
    }
    if count == 1, open == 0 {
      let byte = UInt8(truncatingIfNeeded: result)
      return isUnsigned ? Int64(byte) : Int64(Int8(bitPattern: byte))
    }
    return Int64(Int32(bitPattern: result))
  }

  private static func escape(_ text: [UInt8], _ position: inout Int) -> UInt32? {
    guard position < text.count - 1 else { return nil }
    let byte = text[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "a"): return 7
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "v"): return 11
    case UInt8(ascii: "e"), UInt8(ascii: "E"): return 27
    case UInt8(ascii: "x"):
      var value: UInt32 = 0
      while position < text.count - 1, let digit = digit(text[position]) {
        value = value << 4 | UInt32(digit)
        position += 1
      }
      return value
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var value = UInt32(byte - UInt8(ascii: "0"))
      for _ in 0..<2 {
        guard position < text.count - 1, let digit = digit(text[position]), digit < 8 else { break }
        value = value << 3 | UInt32(digit)
        position += 1
      }
      return value
    default: return UInt32(byte)
    }
  }
}
