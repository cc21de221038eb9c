// Maps of chosen size, in the shape of GNU ld's: ordinary ones, and ones in which every line is unusual.

import Glibc

/// Writes maps for the benchmark, piece by piece: what this process holds would count as its children's.
enum SyntheticMap {
  private static let piece = 1 << 16

  private static let head = """

    Memory Configuration

    Name             Origin             Length             Attributes
    *default*        0x0000000000000000 0xffffffffffffffff

    Linker script and memory map

    LOAD a.o

    .text           0x0000000000401000 0x10000000

    """
  private static let tail = """
                    0x0000000000000001                ASSERT ((symbol_0 != 0x0), symbol_0 missing)
    OUTPUT(a.out elf64-x86-64)

    """

  /// A map of about `bytes` bytes: a named section, its columns, one symbol, over and over.
  static func writeOrdinary(bytes: Int, to path: String) {
    var text = Array(head.utf8)
    var index = 0
    var written = 0
    guard let file = unsafe fopen(path, "w") else { return }
    defer { unsafe _ = fclose(file) }
    while written < bytes {
      if text.count > piece {
        written += text.count
        unsafe flush(&text, to: file)
      }
      let address = padded(0x401000 + index * 64, 16)
      text += Array(" .text._ZN4llvm8function\(index)Ev\n".utf8)
      text += Array(
        "                0x\(address)       0x3b lib/libobjects.a(file\(index / 40).cpp.o)\n".utf8)
      text += Array("                0x\(address)                symbol_\(index)\n".utf8)
      text += Array(" *fill*         0x\(padded(0x40103b + index * 64, 16))        0x5 \n".utf8)
      index += 1
    }
    text += Array(tail.utf8)
    unsafe flush(&text, to: file)
  }

  /// A map of `lines` lines of which none is in the place or form that it has in real maps.
  static func writeHostile(lines: Int, to path: String) {
    var text = Array(head.utf8)
    guard let file = unsafe fopen(path, "w") else { return }
    defer { unsafe _ = fclose(file) }
    for index in 0..<lines {
      if text.count > piece { unsafe flush(&text, to: file) }
      switch index % 5 {
      case 0: text += Array("what is this line \(index)\n".utf8)
      case 1: text += Array("                  0x12  nothing\n".utf8)
      case 2:
        text += Array(
          "                0x0000000000000001                x\(index) = ((0x1 +\n".utf8)
      case 3:
        text += Array("                0x0000000000000001                ASSERT ((a == b, m\n".utf8)
      default: text += Array(" .name_without_columns_\(index)\n".utf8)
      }
    }
    text += Array(tail.utf8)
    unsafe flush(&text, to: file)
  }

  private static func flush(_ text: inout [UInt8], to file: UnsafeMutablePointer<FILE>) {
    unsafe _ = text.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    text.removeAll(keepingCapacity: true)
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let hex = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - hex.count)) + hex
  }
}
