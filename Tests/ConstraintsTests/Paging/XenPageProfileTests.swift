// Xen on riscv64 and arm64 by its symbols (values of Xen c447b7308b for riscv64), and groups of pages beside a count of them.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct XenPageProfileTests {
  private static let base: UInt64 = 0xffff_ffff_c000_0000
  private static let offsets: [(String, UInt64)] = [
    ("_start", 0), ("_stext", 0), ("_ident_end", 0x372a2), ("_etext", 0x372a8),
    ("_srodata", 0x38000),
    ("_erodata", 0x4ff00), ("__ro_after_init_start", 0x50000), ("__ro_after_init_end", 0x52000),
    ("__init_begin", 0x54000), ("_sinittext", 0x54000), ("_einittext", 0x6287e),
    ("__init_end", 0x98020), ("__bss_start", 0x99000), ("_end", 0xcbf00),
  ]

  private static func plan(_ symbols: [(String, UInt64)]) throws -> SuperpagePlan {
    let image = ImageFacts(kind: .nm, symbols: symbols.map { ($0.0, base + $0.1) }).makeImage()
    return try SuperpagePlan(image, mapped: MappingProfiles.apply(nil, to: image))
  }

  @Test func riscv64IsMappedPageByPage() throws {
    let plan = try Self.plan(Self.offsets)
    #expect(plan.profile == "xen-riscv64")
    #expect(plan.slots.count == 1)
    #expect(
      plan.regions.map(\.name) == [
        "text", "rodata", "ro_after_init", "data", "inittext", "initdata", "bss",
      ])
    #expect(plan.regions[5].range.start == Self.base + 0x63000)
    let context = RuleContext(images: [
      PlannedImage(ImageFacts(kind: .nm).makeImage(), plan: plan)
    ])
    #expect(SuperpageBoundary().check(context).filter { $0.severity != .note }.isEmpty)
  }

  @Test func arm64IsToldByItsNames() throws {
    let symbols = Self.offsets.map { ($0.0 == "_ident_end" ? "_idmap_end" : $0.0, $0.1) }
    let plan = try Self.plan(symbols + [("__init_data_begin", 0x64000)])
    #expect(plan.profile == "xen-arm64")
    #expect(plan.regions.first { $0.name == "initdata" }?.range.start == Self.base + 0x64000)
  }

  /// Every page of every region, by hand.
  @Test func groupsAreThoseOfACount() throws {
    let plan = try Self.plan(Self.offsets)
    let groups = try #require(ContiguousGroups(plan))
    var owner: [UInt64: Set<Int>] = [:]
    for (index, region) in plan.regions.enumerated() {
      for page in region.range.start >> 12...(region.range.end - 1) >> 12 {
        owner[page, default: []].insert(index)
      }
    }
    let whole = Set(owner.keys.map { $0 >> 4 }).filter { group in
      let owners = (0..<16).map { owner[group << 4 + $0] ?? [] }
      return owners[0].count == 1 && owners.allSatisfy { $0 == owners[0] }
    }
    #expect(groups.groups == UInt64(whole.count))
    #expect(groups.allPages == UInt64(owner.values.count { $0.count == 1 }))
    #expect(groups.pages == groups.groups * 16 && groups.hint == "Svnapot")
  }

  /// A map of GNU ld says for which machine it was.
  @Test(arguments: [
    ("elf64-littleriscv", "riscv-sv39"), ("elf64-littleaarch64", "aarch64-4k"),
    ("elf64-x86-64", "x86-64-4level"),
  ])
  func aMapTellsItsMachine(_ format: String, _ model: String) throws {
    var image = ImageFacts(
      kind: .gnuMap, sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x1000)]
    ).makeImage()
    image.outputFormat = Array(format.utf8)
    let mapped = try MappingProfiles.apply("sections", to: image)
    #expect(mapped.model.name == model && !mapped.isModelAssumed)
  }
}
