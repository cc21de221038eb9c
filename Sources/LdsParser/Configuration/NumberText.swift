// Byte counts and addresses as people write them in options and configuration files.

/// Numbers in text.
public enum NumberText {
  /// The number that `text` spells, decimal or `0x`, with K, M, G or T after it for the binary multiples:
  /// `4096`, `0x1000`, `4K`. Nil for anything else and for what does not fit.
  public static func bytes(_ text: String) -> UInt64? {
    var digits = text[...]
    var scale: UInt64 = 1
    switch digits.last {
    case "K", "k": scale = 1 << 10
    case "M", "m": scale = 1 << 20
    case "G", "g": scale = 1 << 30
    case "T", "t": scale = 1 << 40
    default: break
    }
    if scale != 1 { digits = digits.dropLast() }
    let isHex = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    if isHex { digits = digits.dropFirst(2) }
    // UInt64("+1") would be 1.
    guard digits.first?.isHexDigit == true, let number = UInt64(digits, radix: isHex ? 16 : 10)
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
    return overflow ? nil : bytes
  }
}
