import Testing

@testable import Constraints

struct AddressRangeTests {
  /// Every range of an 8-bit space moved to the top of the 64-bit one, so that many wrap.
  private static func range(_ start: UInt64, _ count: UInt64) -> AddressRange {
    AddressRange(start: (start &- 128) &* 0x1000, byteCount: count * 0x1000)
  }

  private static func pages(_ range: AddressRange) -> [UInt64] {
    (0..<(range.byteCount / 0x1000)).map { range.start &+ $0 &* 0x1000 }
  }

  @Test func setOperationsAgreeWithSets() {
    var state: UInt64 = 3
    func next(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for _ in 0..<3000 {
      let left = Self.range(next(256), next(40))
      let right = Self.range(next(256), next(40))
      let (a, b) = (Set(Self.pages(left)), Set(Self.pages(right)))
      #expect(left.overlaps(right) == !a.isDisjoint(with: b), "\(left) \(right)")
      #expect(Set(Self.pages(left.intersection(right))) == a.intersection(b), "\(left) \(right)")
      if !right.isEmpty {
        #expect(left.contains(right) == b.isSubset(of: a), "\(left) \(right)")
      }
      let slots = Set(a.map { $0 >> 14 })
      #expect(left.pageCount(PageSize(shift: 14)) == UInt64(slots.count))
      let grown = Set(Self.pages(left.rounded(to: PageSize(shift: 14))).map { $0 >> 14 })
      #expect(grown == slots)
    }
  }

  @Test(
    arguments: zip(
      ["4K", "2M", "1G", "0x1000", "65536", "3M", "", "M", "16E", "99999999999T"],
      [12, 21, 30, 12, 16, nil, nil, nil, nil, nil] as [UInt8?]))
  func sizesAreSpelledAsInConfigurations(_ text: String, _ shift: UInt8?) {
    #expect(PageSize(text)?.shift == shift)
  }

  @Test func byteCountsForPeople() {
    #expect(ByteCountText.readable(0) == "0 bytes")
    #expect(ByteCountText.readable(1) == "1 byte")
    #expect(ByteCountText.readable(4096) == "4 KiB")
    #expect(ByteCountText.readable(0x74_6e20) == "7.2 MiB")
    #expect(ByteCountText.readable(.max) == "16383.9 PiB")
    #expect(ByteCountText.short(0x18_6000) == "1560K")
  }
}
