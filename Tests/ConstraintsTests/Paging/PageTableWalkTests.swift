// The page-table arithmetic against an independent walk that makes every entry.

import Testing

@testable import Constraints

/// Numbers that are the same on every run (SplitMix64).
private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Page tables as a machine has them: entries at (level, table prefix and index).
private struct Walk {
  struct Key: Hashable {
    var level: Int
    var prefix: UInt64
  }

  var leaves: Set<Key> = []
  var tables: Set<Key> = []
  let model: PageTableModel

  /// Maps every base page of `pages` on its own, choosing for each the largest page that lies wholly in
  /// the range.
  init(_ model: PageTableModel, pages: [UInt64], largest: PageSize, displacement: UInt64) {
    self.model = model
    let all = Set(pages)
    // Whether all pages of a page of a level are in the range.
    var whole: [Key: Bool] = [:]
    for page in pages {
      let address = page << UInt64(model.basePage.shift)
      let level = model.levels.indices.first { index in
        let level = model.levels[index]
        guard level.canMap, level.entrySize <= largest, displacement % level.entrySize.bytes == 0
        else { return false }
        let key = Key(level: index, prefix: address / level.entrySize.bytes)
        if let known = whole[key] { return known }
        let first = key.prefix * level.entrySize.bytes >> UInt64(model.basePage.shift)
        let count = level.entrySize.bytes / model.basePage.bytes
        let isWhole = all.count >= count && (first..<(first + count)).allSatisfy(all.contains)
        whole[key] = isWhole
        return isWhole
      }
      guard let level else { continue }
      leaves.insert(Key(level: level, prefix: address >> UInt64(model.levels[level].shift)))
      for above in 0...level {
        let tableShift = UInt64(model.levels[above].shift) + UInt64(model.levels[above].indexBits)
        let prefix = above == 0 || tableShift >= 64 ? 0 : address >> tableShift
        tables.insert(Key(level: above, prefix: prefix))
      }
    }
  }

  var mappedBytes: UInt64 {
    leaves.reduce(0) { $0 + model.levels[$1.level].entrySize.bytes }
  }
}

struct PageTableWalkTests {
  /// A small format: sizes near each other, so that short ranges use every level.
  private static func toy(_ numbers: inout Numbers) -> PageTableModel {
    var shift: UInt8 = 4
    var levels: [PageTableLevel] = []
    for depth in 0..<Int.random(in: 2...4, using: &numbers) {
      let bits = UInt8.random(in: 1...3, using: &numbers)
      let canMap = depth == 0 || Bool.random(using: &numbers)
      levels.insert(
        PageTableLevel("T\(depth)", shift: shift, indexBits: bits, canMap: canMap), at: 0)
      shift += bits
    }
    return PageTableModel(name: "toy", title: "toy", virtualBits: shift, levels: levels)
  }

  private static func compare(
    _ model: PageTableModel, _ range: AddressRange, _ largest: PageSize, _ displacement: UInt64
  ) {
    let shift = UInt64(model.basePage.shift)
    let first = range.start >> shift
    let count = range.isEmpty ? 0 : (range.end &- 1) >> shift &- first &+ 1
    let pages = (0..<count).map { first + $0 }
    let walk = Walk(model, pages: pages, largest: largest, displacement: displacement)
    guard let demand = model.demand(for: range, largest: largest, displacement: displacement) else {
      Issue.record("nothing mapped for \(range)")
      return
    }
    let entries = model.levels.indices.map { level in
      UInt64(walk.leaves.count { $0.level == level })
    }
    let tables = model.levels.indices.map { level in
      UInt64(walk.tables.count { $0.level == level })
    }
    #expect(demand.entries == entries, "\(model) \(range) \(largest) \(displacement)")
    #expect(demand.tables == tables, "\(model) \(range) \(largest) \(displacement)")
    #expect(demand.mappedBytes == walk.mappedBytes)
  }

  @Test(arguments: 5..<9 as Range<UInt64>) func smallFormatsAgreeWithTheWalk(seed: UInt64) {
    var numbers = Numbers(state: seed)
    for _ in 0..<750 {
      let model = Self.toy(&numbers)
      let space = UInt64(1) << UInt64(model.virtualBits)
      let start = UInt64.random(in: 0..<space, using: &numbers)
      let length = UInt64.random(in: 0...(space - start), using: &numbers)
      let sizes = model.pageSizes
      let largest = sizes[Int.random(in: 0..<sizes.count, using: &numbers)]
      let displacement =
        model.basePage.bytes * UInt64.random(in: 0...64, using: &numbers)
      Self.compare(model, AddressRange(start: start, byteCount: length), largest, displacement)
    }
  }

  @Test(arguments: PageTableModel.all) func realFormatsAgreeWithTheWalk(_ model: PageTableModel) {
    var numbers = Numbers(state: UInt64(model.levels.count) * 77)
    let base: UInt64 = model.virtualBits >= 48 ? 0x0000_7ac0_4000_0000 : 0x20_4000_0000
    for _ in 0..<12 {
      let pages = UInt64.random(in: 0...3000, using: &numbers)
      let slack = UInt64.random(in: 0..<model.basePage.bytes, using: &numbers)
      let shift = UInt64.random(in: 0..<4096, using: &numbers) * model.basePage.bytes
      let range = AddressRange(
        start: base &- 0x60_0000 &+ shift &+ slack, byteCount: pages * model.basePage.bytes)
      for largest in model.pageSizes.prefix(2) {
        Self.compare(model, range, largest, UInt64.random(in: 0...1, using: &numbers) << 16)
      }
    }
  }

  @Test func everyFormatIsWhole() {
    for model in PageTableModel.all {
      var shift = model.virtualBits
      for level in model.levels {
        #expect(level.shift + level.indexBits == shift, "\(model.name) \(level.name)")
        shift = level.shift
      }
      #expect(model.levels.last?.canMap == true)
      #expect(PageTableModel.named(model.name) == model)
    }
  }

  @Test func pageSizesOfEachFormat() {
    let sizes = PageTableModel.all.map { model in
      model.name + " " + model.pageSizes.map(\.description).joined(separator: " ")
    }
    #expect(
      sizes == [
        "x86-64-4level 4K 2M 1G", "x86-64-5level 4K 2M 1G", "aarch64-4k 4K 2M 1G",
        "aarch64-16k 16K 32M", "aarch64-64k 64K 512M", "riscv-sv39 4K 2M 1G",
        "riscv-sv48 4K 2M 1G 512G", "riscv-sv57 4K 2M 1G 512G 256T", "powerpc-radix-4k 4K 2M 1G",
        "powerpc-radix-64k 64K 2M 1G",
      ])
  }

  @Test func physicalMemoryThatIsOffByLessThanAPageCannotBeMapped() {
    let range = AddressRange(start: 0x1000, byteCount: 0x1000)
    #expect(
      PageTableModel.x86FourLevel.demand(for: range, largest: .size2M, displacement: 1) == nil)
  }

  @Test func aRangeAcrossTheTopKeepsOneRoot() throws {
    let range = AddressRange(start: 0xffff_ffff_ffff_f000, byteCount: 0x2000)
    let demand = try #require(PageTableModel.x86FourLevel.demand(for: range, largest: .size4K))
    #expect(demand.entries == [0, 0, 0, 2])
    #expect(demand.tables == [1, 2, 2, 2])
    #expect(range.wraps)
    #expect(range.pageCount(.size4K) == 2)
  }

  @Test func slotsStartOverBehindTheTable() throws {
    let level = try #require(PageTableModel.x86FourLevel.level(mapping: .size2M))
    let span = try #require(
      level.slots(of: AddressRange(start: 0xffff_82d0_7fc0_0000, byteCount: 0x80_0000)))
    #expect(span == SlotSpan(first: 510, last: 1, count: 4, tables: 2))
    #expect(span.leavesTable)
  }
}
