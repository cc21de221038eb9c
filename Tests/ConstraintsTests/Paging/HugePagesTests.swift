// Whole pages inside the code of a program, and load addresses that no superpage can follow.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite struct HugePagesTests {
  private func plan(
    _ profile: String, _ segments: [SegmentRecord], loadAddress: UInt64? = nil
  ) throws -> SuperpagePlan {
    var facts = ImageFacts(profile: profile)
    facts.segments = segments
    var image = facts.makeImage()
    image.machine = 62
    return try SuperpagePlan(
      image, mapped: MappingProfiles.apply(profile, to: image), loadAddress: loadAddress)
  }

  private func segment(
    _ address: UInt64, _ size: UInt64, offset: UInt64? = nil, physical: UInt64? = nil,
    alignment: UInt64 = 0x20_0000
  ) -> SegmentRecord {
    var segment = PagingExamples.load(address, size, "r-x", offset: offset, alignment: alignment)
    segment.physicalAddress = physical ?? address
    return segment
  }

  @Test func wholePagesAreThoseInside() throws {
    let pages = HugePages(try plan("thp", [segment(0x41_0000, 0x90_0000, offset: 0x1_0000)]))
    let code = try #require(pages.code.first)
    #expect(code.whole == 0x60_0000 && code.head == 0x1f_0000 && code.tail == 0x11_0000)
    #expect(code.isCongruent == true && !pages.isPositionIndependent)
    #expect(pages.words.first?.hasPrefix("partly: LOAD 0: 6 MiB of 9 MiB (66 %)") == true)
  }

  @Test(arguments: [
    (UInt64(0x40_0000), UInt64(0x4f000), UInt64(0), UInt64(0x20_0000), "no: no whole 2M page"),
    (0x40_0000, 0x40_0000, 0x1000, 0x1000, "no: LOAD 0: 4 MiB of 4 MiB (100 %)"),
    (0x40_0000, 0x40_0000, 0x20_0000, 0x20_0000, "yes: LOAD 0: 4 MiB of 4 MiB (100 %)"),
    (0, 0x40_0000, 0, 0x1000, "by luck: LOAD 0: 4 MiB of 4 MiB (100 %)"),
    (0, 0x40_0000, 0, 0x20_0000, "yes: LOAD 0: 4 MiB of 4 MiB (100 %)"),
  ]) func isTold(
    _ address: UInt64, _ size: UInt64, _ offset: UInt64, _ alignment: UInt64, _ words: String
  ) throws {
    let pages = HugePages(
      try plan("thp", [segment(address, size, offset: offset, alignment: alignment)]))
    #expect(pages.words.first?.hasPrefix(words) == true, "\(pages.words)")
    let isMended = pages.words.contains { $0.contains("-z max-page-size=0x200000") }
    #expect(isMended == (alignment < 0x20_0000))
  }

  private static let high: UInt64 = 0xffff_ffff_8000_0000

  @Test func loadAddressHasToAgree() throws {
    let off = try plan("elf", [segment(Self.high, 0x1000, physical: 0x10_1000)])
    #expect(off.superpageMappable == false)
    #expect(off.misloaded?.physical == 0x10_1000)
    let agrees = try plan("elf", [segment(Self.high, 0x1000, physical: 0x20_0000)])
    #expect(agrees.superpageMappable == true && agrees.misloaded == nil)
  }

  @Test func theLoadersAddressCounts() throws {
    let segments = [segment(Self.high, 0x1000, physical: 0x10_1000)]
    #expect(try plan("elf", segments, loadAddress: 0x40_0000).superpageMappable == true)
    #expect(try plan("elf", segments, loadAddress: 0x10_0000).superpageMappable == false)
  }
}
