// Numbers of bytes and multiples as explanations write them: hexadecimal for the machine, KiB for people.

/// `0x94ea (37.2 KiB)`; where a digit after the point would hide what counts, in bytes: `0x1020 (4128 bytes)`.
public func bytesInWords(_ bytes: UInt64) -> String {
  let words = bytes < 8 << 10 && bytes % 1024 != 0 ? decimal(bytes) : ByteCountText.readable(bytes)
  return "\(hexadecimal(bytes)) (\(words))"
}

private func decimal(_ bytes: UInt64) -> String {
  bytes == 1 ? "1 byte" : "\(bytes) bytes"
}

/// `2M` for a round number, `0x1234` for another.
func multipleInWords(_ multiple: UInt64) -> String {
  multiple >= 1024 && multiple & (multiple &- 1) == 0
    ? ByteCountText.short(multiple) : multiple < 10 ? "\(multiple)" : hexadecimal(multiple)
}
