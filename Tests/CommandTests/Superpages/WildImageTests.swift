// Images that lie: whatever numbers a file holds, there is a plan or an error, and every picture of it.

import Constraints
import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct WildImageTests {
  private struct Numbers {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }

    /// An address near one of the places where arithmetic goes wrong.
    mutating func address() -> UInt64 {
      let places: [UInt64] = [
        0, 0x1000, 0x20_0000, 0x4000_0000, 1 << 47, 0xffff_8000_0000_0000, 0xffff_82d0_4020_0000,
        0xffff_ffff_8100_0000, 0xffff_ffff_ffe0_0000, .max,
      ]
      let place = places[Int(below(UInt64(places.count)))]
      let step = [1, 0x1000, 0x20_0000][Int(below(3))] as UInt64
      return below(2) == 0 ? place &+ below(8) &* step : place &- below(8) &* step
    }

    mutating func size() -> UInt64 {
      let sizes: [UInt64] = [0, 1, 0xfff, 0x1000, 0x20_0000, 0x40_0000, 1 << 32, 1 << 63, .max]
      return sizes[Int(below(UInt64(sizes.count)))] &+ below(3)
    }

    mutating func permissions() -> Permissions { Permissions(rawValue: UInt8(below(8))) }
  }

  private static func facts(_ numbers: inout Numbers) -> ImageFacts {
    let kinds: [ImageKind] = [.elf, .pe, .gnuMap, .nm]
    let names =
      ["_start", "_end", "__image_base__", "_text", "startup_64", "__init_begin", "__init_end"]
      + [
        "__2M_text_end", "__2M_rodata_start", "__2M_rodata_end", "__2M_init_start",
        "__2M_init_end", "__2M_rwdata_start", "__2M_rwdata_end", "__2M_text_start",
      ]
    var symbols: [(String, UInt64)] = []
    for name in names where numbers.below(3) > 0 { symbols.append((name, numbers.address())) }
    let sections = (0..<numbers.below(5)).map { index in
      ImageFacts.Section(
        ".s\(index)", at: numbers.address(), size: numbers.size(),
        numbers.below(3) == 0 ? nil : numbers.permissions(), lma: numbers.address())
    }
    let segments = (0..<numbers.below(4)).map { _ in
      SegmentRecord(
        type: 1, isReadable: true, isWritable: numbers.below(2) == 0,
        isExecutable: numbers.below(2) == 0, virtualAddress: numbers.address(),
        physicalAddress: numbers.address(), fileOffset: numbers.address(),
        fileSize: numbers.size(), memorySize: numbers.size(),
        alignment: numbers.below(2) == 0 ? 0x20_0000 : numbers.address())
    }
    let profiles = MappingProfiles.names
    return ImageFacts(
      kind: kinds[Int(numbers.below(4))], symbols: symbols, sections: sections, segments: segments,
      sectionAlignment: numbers.below(2) == 0 ? numbers.address() : nil,
      profile: numbers.below(2) == 0 ? nil : profiles[Int(numbers.below(UInt64(profiles.count)))])
  }

  @Test func nothingTraps() {
    var numbers = Numbers(state: 11)
    var plans = 0
    let count = Effort.times(900)
    for _ in 0..<count {
      let facts = Self.facts(&numbers)
      let image = facts.makeImage()
      let loadAddress = numbers.below(2) == 0 ? numbers.address() : nil
      guard let mapped = try? MappingProfiles.apply(facts.profile, to: image),
        let plan = try? SuperpagePlan(image, mapped: mapped, loadAddress: loadAddress)
      else { continue }
      plans += 1
      #expect(plan.frames.allSatisfy { $0.padding ?? 0 <= plan.pageSize.bytes })
      let findings = RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: plan)]))
      guard plan.frames.count < 600 else { continue }
      let output = Output.inMemory()
      PlanText(writer: TextWriter(output: output, decorator: PlainDecorator())).write(plan)
      let result = SuperpageResult(
        plan: plan,
        findings: findings.map { ReportResolver(sources: image.sources).finding($0) })
      PlanJSON(json: JSONWriter(output)).write(
        [result], differences: [], SyntheticReport.root)
      #expect(!PlanSVG.document([result], differences: []).isEmpty)
      #expect(!PlanHTML(results: [result], comparison: nil).document.isEmpty)
      #expect(PlanComparison(plan, plan).differences.isEmpty)
    }
    #expect(plans * 6 > count, "\(plans) plans are too few to say anything")
  }
}
