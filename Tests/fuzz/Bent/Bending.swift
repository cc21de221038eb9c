// What is done to a file: cut it short, take a piece out, write a piece twice, change bytes and numbers.

import TestSupport

/// Damage as files get it, and as an attacker makes it.
enum Bending {
  /// `bytes` with one to three things wrong.
  static func bend(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var result = bytes
    for _ in 0...random.below(3) where !result.isEmpty { change(&result, &random) }
    return result
  }

  private static func change(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    switch random.below(8) {
    case 0: bytes.removeLast(random.below(bytes.count) + 1)
    case 1: bytes.removeSubrange(piece(bytes, &random))
    case 2:
      let copied = Array(bytes[piece(bytes, &random)])
      bytes.insert(contentsOf: copied, at: random.below(bytes.count))
    case 3: changeNumber(&bytes, &random)
    default: for _ in 0...random.below(8) { changeByte(&bytes, &random) }
    }
  }

  private static func piece(_ bytes: [UInt8], _ random: inout SeededGenerator) -> Range<Int> {
    let start = random.below(bytes.count)
    return start..<min(bytes.count, start + 1 + random.below(random.once(in: 4) ? 20_000 : 200))
  }

  /// Headers decide most, so half of the changes go there.
  private static func place(_ bytes: [UInt8], _ random: inout SeededGenerator) -> Int {
    random.below(random.once(in: 2) ? min(bytes.count, 256) : bytes.count)
  }

  private static func changeByte(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let place = place(bytes, &random)
    switch random.below(5) {
    case 0: bytes[place] = 0xff
    case 1: bytes[place] = 0
    case 2: bytes[place] ^= 1 << UInt8(random.below(8))
    case 3: bytes[place] = random.pick(Array("(){}[]*?\"'\\,;:=<>#\n\t 0x".utf8)) ?? 0
    default: bytes[place] = UInt8(random.below(256))
    }
  }

  /// A digit becomes a large number, four bytes an extreme one.
  private static func changeNumber(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let start = place(bytes, &random)
    if let digit = bytes[start...].firstIndex(where: { (0x30...0x39).contains($0) }),
      digit - start < 200
    {
      let text = random.pick(["ffffffffffffffff", "99999999999999999999", "8000000000000000", "0"])
      bytes.replaceSubrange(digit...digit, with: Array((text ?? "").utf8))
      return
    }
    let value = random.pick([
      [0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [1, 0, 0, 0],
    ])
    for (offset, byte) in (value ?? []).enumerated() where start + offset < bytes.count {
      bytes[start + offset] = UInt8(byte)
    }
  }
}
