// Hash flooding: names that somebody prepared so that simpler hashes put them all into one slot, whatever their
// seed, are spread here like any others.

import Testing

@testable import LdsParser

struct NameHashTests {
  private static let seeds: [UInt64] = [1, 2, 0x9e37_79b9_7f4a_7c15, .max]

  /// How many of 65,536 slots the names get.
  private func slots(_ names: [[UInt8]], seed: UInt64) -> Int {
    Set(names.map { NameHash.of($0[...], seed: seed) & 0xffff }).count
  }

  private func expectSpread(_ names: [[UInt8]]) {
    #expect(Set(names).count == 4096)
    // Of 4096 names thrown at random some 120 meet another one.
    for seed in Self.seeds { #expect(slots(names, seed: seed) > 3800, "seed \(seed)") }
  }

  private func bytes(_ word: UInt64, _ count: Int = 8) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
  }

  /// A factor that the name alone decided would be zero, and so would be the product.
  @Test(arguments: [0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db] as [UInt64])
  func namesThatHoldTheConstants(constant: UInt64) {
    expectSpread((0..<4096).map { bytes($0 &* 0x1234_5678_9abc_def1) + bytes(constant) })
    expectSpread((0..<4096).map { bytes(constant) + bytes($0 &* 0x1234_5678_9abc_def1) })
    expectSpread((0..<4096).map { bytes($0, 7) + [1] + bytes(constant) + bytes(constant) })
  }

  @Test func namesThatDifferInFewBits() {
    expectSpread((0..<4096).map { Array("symbol_\($0)".utf8) })
    expectSpread((0..<4096).map { [UInt8](repeating: 65, count: 100) + bytes($0, 2) })
    expectSpread((0..<4096).map { bytes($0, 2) + [UInt8](repeating: 65, count: 100) })
    expectSpread((0..<4096).map { [UInt8](repeating: 0, count: $0) })
  }

  /// FNV-1a as it is used with a seed: how two names differ depends on the seed's last byte only, so for each of 256
  /// seeds names can be made that all have one hash.
  private func weakHash(_ name: [UInt8], from state: UInt32) -> UInt32 {
    name.reduce(state) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }

  @Test func namesWithOneHashElsewhere() throws {
    let digits = Array("0123456789abcdef".utf8)
    var state: UInt32 = 42
    var names: [[UInt8]] = [[]]
    for _ in 0..<12 {
      var seen: [UInt32: [UInt8]] = [:]
      var pair: ([UInt8], [UInt8])?
      for number in 0..<(1 << 20) where pair == nil {
        let block = (0..<6).map { digits[(number &* 0x9e37_79b1) >> (4 * $0) & 15] }
        let hash = weakHash(block, from: state)
        if let other = seen[hash], other != block { pair = (other, block) }
        seen[hash] = block
      }
      let (one, other) = try #require(pair)
      names = names.flatMap { [$0 + one, $0 + other] }
      state = weakHash(one, from: state)
    }
    // With any seed of the same last byte they still meet.
    for seed in [42, 42 + 256 * 7, 42 + 256 * 99_999] as [UInt32] {
      #expect(Set(names.map { weakHash($0, from: seed) }).count == 1)
    }
    expectSpread(names)
  }

  /// The tables of names with them.
  @Test func tablesTakeThemAll() {
    let names = (0..<4096).map { bytes($0, 7) + [1] + bytes(0xe703_7ed1_a0b4_28db) }
    var table = NameTable()
    var identifiers = IdentifierTable()
    for name in names { #expect(table.intern(name).index == UInt32(table.count - 1)) }
    #expect(names.map { identifiers.intern($0) } == Array(0..<4096))
    #expect(names.map { identifiers.intern($0) } == Array(0..<4096))
  }
}
