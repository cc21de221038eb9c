// Which profile fits what, and descriptions from a configuration.

import LdsParser
import Testing

@testable import Constraints

struct MappingProfileTests {
  private static let base: UInt64 = 0xffff_82d0_4000_0000

  private static func image(
    _ symbols: [(String, UInt64)], kind: ImageKind = .nm, machine: UInt16? = nil,
    segments: [SegmentRecord] = [], sections: [ImageFacts.Section] = []
  ) -> Image {
    var image = ImageFacts(
      kind: kind, symbols: symbols, sections: sections, segments: segments
    ).makeImage()
    image.machine = machine
    return image
  }

  private static func load(_ address: UInt64, _ size: UInt64) -> SegmentRecord {
    SegmentRecord(
      type: 1, isReadable: true, isWritable: false, isExecutable: true, virtualAddress: address,
      physicalAddress: address, fileOffset: 0, fileSize: size, memorySize: size, alignment: 0x1000)
  }

  /// The boundaries of Debian's kernel 6.12.107 for riscv64, which maps itself 2 MiB by 2 MiB while it boots.
  @Test func aKernelForRISCVFallsOnMegapages() throws {
    let symbols: [(String, UInt64)] = [
      ("_start", 0xffff_ffff_8000_0000), ("_start_kernel", 0xffff_ffff_8000_10d8),
      ("_text", 0xffff_ffff_8000_2000), ("_etext", 0xffff_ffff_80a7_6978),
      ("__init_text_begin", 0xffff_ffff_80c0_0000), ("__init_data_begin", 0xffff_ffff_80e0_0000),
      ("__init_end", 0xffff_ffff_80e9_fd68), ("__start_rodata", 0xffff_ffff_8100_0000),
      ("_data", 0xffff_ffff_81c0_0000), ("_end", 0xffff_ffff_81e6_b000),
    ]
    let image = Self.image(symbols, machine: 243)
    let plan = try SuperpagePlan(image, mapped: MappingProfiles.apply(nil, to: image))
    #expect(plan.profile == "linux-riscv64")
    #expect(
      plan.regions.map { "\($0.name) \($0.permissions?.description ?? "")" } == [
        "text r-x", "inittext r-x", "initdata rw-", "rodata r--", "data rw-",
      ])
    #expect(plan.frames.allSatisfy { !$0.isMixed })
  }

  @Test func contentsSuggestTheProfile() {
    let xen = [("__2M_text_end", Self.base), ("__2M_rodata_start", Self.base)]
    let linux: [(String, UInt64)] = [("_text", 1), ("_end", 2)]
    #expect(MappingProfiles.suggested(for: Self.image(xen)) == "xen-x86")
    #expect(MappingProfiles.suggested(for: Self.image([xen[0]])) == "sections")
    let x86 = linux + [("startup_64", 1)]
    #expect(MappingProfiles.suggested(for: Self.image(x86)) == "linux-x86_64")
    #expect(MappingProfiles.suggested(for: Self.image(x86, machine: 183)) == "sections")
    let arm = linux + [("primary_entry", 1)]
    #expect(MappingProfiles.suggested(for: Self.image(arm)) == "linux-arm64")
    let riscv = linux + [("_start_kernel", 1), ("__init_data_begin", 1)]
    #expect(MappingProfiles.suggested(for: Self.image(riscv)) == "linux-riscv64")
    #expect(MappingProfiles.suggested(for: Self.image(riscv, machine: 62)) == "sections")
    #expect(MappingProfiles.suggested(for: Self.image(linux)) == "sections")
    let elf = Self.image(linux, kind: .elf, segments: [Self.load(0x1000, 1)])
    #expect(MappingProfiles.suggested(for: elf) == "elf")
  }

  /// Whatever subset of the symbols a version has, the regions that can be known are there.
  @Test func xenWithFewerSymbols() throws {
    let symbols = [
      ("_start", Self.base + 0x20_0000), ("_etext", Self.base + 0x30_0000),
      ("__2M_rodata_start", Self.base + 0x40_0000), ("_erodata", Self.base + 0x41_0000),
      ("__2M_init_start", Self.base + 0x60_0000), ("__init_end", Self.base + 0x70_0000),
      ("_end", Self.base + 0x90_0000),
    ]
    let mapped = try MappingProfiles.apply("xen-x86", to: Self.image(symbols))
    #expect(mapped.regions.map(\.name) == ["text", "rodata", "init", "rwdata"])
    #expect(mapped.regions.map(\.endSource) == ["_etext", "_erodata", "__init_end", "_end"])
    let plan = try SuperpagePlan(Self.image(symbols), mapped: mapped)
    #expect(plan.superpageMappable == nil, "five of seven symbols are missing")
  }

  @Test func aMisalignedSymbolDecidesWithoutTheOthers() throws {
    let symbols = [
      ("_start", Self.base + 0x20_0000), ("__2M_text_end", Self.base + 0x30_1000),
      ("__2M_rodata_start", Self.base + 0x40_0000), ("_end", Self.base + 0x90_0000),
    ]
    let image = Self.image(symbols)
    let plan = try SuperpagePlan(image, mapped: MappingProfiles.apply(nil, to: image))
    #expect(plan.superpageMappable == false)
  }

  @Test func missingSymbolsAreNamed() {
    #expect(
      throws: MappingError.missingSymbols(profile: "linux-arm64", names: ["_text", "_stext"])
    ) { try MappingProfiles.apply("linux-arm64", to: Self.image([("_end", 1)])) }
    #expect(throws: MappingError.unknownProfile("vax")) {
      try MappingProfiles.apply("vax", to: Self.image([]))
    }
    #expect(throws: MappingError.nothingMapped) {
      try MappingProfiles.apply(nil, to: Self.image([("main", 1)]))
    }
  }

  @Test func aSizeThatIsALieIsRefused() throws {
    let image = Self.image([], kind: .elf, segments: [Self.load(0x1000, 1 << 60)])
    let mapped = try MappingProfiles.apply(nil, to: image)
    #expect(throws: MappingError.tooManyFrames((1 << 60) / 0x20_0000 + 1)) {
      try SuperpagePlan(image, mapped: mapped)
    }
  }

  @Test func regionsAreCounted() throws {
    let plan = { (count: Int) in
      // Many to a superpage: it is the number of regions that counts.
      let segments = (0..<UInt64(count)).map { Self.load(0x1000 * ($0 + 1), 0x1000) }
      let image = Self.image([], kind: .elf, segments: segments)
      return try SuperpagePlan(image, mapped: MappingProfiles.apply(nil, to: image))
    }
    #expect(try plan(SuperpagePlan.regionLimit).regions.count == SuperpagePlan.regionLimit)
    #expect(throws: MappingError.tooManyRegions(SuperpagePlan.regionLimit + 1)) {
      try plan(SuperpagePlan.regionLimit + 1)
    }
  }

  @Test func framesAreCounted() throws {
    let plan = { (frames: UInt64) in
      let image = Self.image([], kind: .elf, segments: [Self.load(0, frames * 0x20_0000)])
      return try SuperpagePlan(image, mapped: MappingProfiles.apply(nil, to: image))
    }
    #expect(try plan(SuperpagePlan.frameLimit).frames.count == SuperpagePlan.frameLimit)
    #expect(throws: MappingError.tooManyFrames(SuperpagePlan.frameLimit + 1)) {
      try plan(SuperpagePlan.frameLimit + 1)
    }
  }

  /// What a configuration's `mapping` is read into.
  private static func description() -> MappingDescription {
    var mapping = MappingDescription(
      name: "mapping",
      regions: [
        RegionDescription(
          name: "code", start: ["start"], end: ["start + SIZE"], permissions: [.read, .execute]),
        RegionDescription(
          name: "heap", start: ["start + SIZE"], end: ["0x8000000"], permissions: [.read, .write]),
      ], start: ["start"], end: ["0x8000000"])
    mapping.base = ["0x4000000"]
    mapping.pageSizes = [PageSize(shift: 14), PageSize(shift: 25)]
    mapping.pageTable = "aarch64-16k"
    mapping.firstSlot = 2
    return mapping
  }

  @Test func expressionsOfAConfigurationAreEvaluated() throws {
    let image = Self.image([("start", 0x600_0000)], machine: 183)
    let values: [String: UInt64] = ["start + SIZE": 0x600_8000]
    let mapped = try MappingProfiles.apply(Self.description(), to: image) { values[$0] }
    #expect(mapped.regions.map(\.range.start) == [0x600_0000, 0x600_8000])
    #expect(mapped.base == 0x400_0000)
    let plan = try SuperpagePlan(image, mapped: mapped, loadAddress: 0x4000_0000)
    #expect(plan.pageSize == PageSize(shift: 25))
    #expect(plan.frames.map(\.slot) == [3])
    #expect(plan.frames.map(\.basePages) == [2048])
    #expect(plan.load?.naiveFirst == 33)
    let findings = RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: plan)]))
    #expect(findings.map(\.rule) == ["image-slot", "superpage-boundary"])
  }

  @Test func segmentsFarApartAreNotFilledUp() throws {
    let image = Self.image(
      [], kind: .elf, machine: 62,
      segments: [Self.load(0, 0x1000), Self.load(0xffff_ffff_8100_0000, 0x20_0001)])
    let plan = try SuperpagePlan(image, mapped: MappingProfiles.apply("elf", to: image))
    #expect(plan.frames.map(\.range.start) == [0, 0xffff_ffff_8100_0000, 0xffff_ffff_8120_0000])
  }

  @Test(
    arguments: [
      ("*", "", true), (".text", ".text", true), (".text", ".text.x", false), (".*", ".", true),
      (".note.*", ".note.gnu.build-id", true), ("*a*b*c", "xxaxxbxxbc", true), ("?x", "ax", true),
      ("a*b", "ac", false), ("**", "q", true), ("", "", true), ("", "a", false),
    ]) func sectionPatterns(_ pattern: String, _ name: String, _ expected: Bool)
  {
    #expect(Glob(Array(pattern.utf8)).matches(Array(name.utf8)) == expected)
  }
}
