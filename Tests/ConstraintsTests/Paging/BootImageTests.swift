// Each fault of the corpus is found by the rule meant for it, and sound images give no error.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct BootImageTests {
  private static func findings(_ image: Image) throws -> [Finding] {
    let mapped = try MappingProfiles.apply(nil, to: image)
    #expect(mapped.description.name == "xen-x86")
    let plan = try SuperpagePlan(image, mapped: mapped)
    return RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: plan)]))
      .filter { $0.severity > .note }
  }

  private static func check(_ linker: String, _ files: [String]) throws {
    for boot in BootImage.corpus {
      let folder = try TemporaryFolder()
      let evidence = try boot.link(linker, evidence: files, in: folder)
      for image in evidence {
        let findings = try findings(image)
        let errors = findings.filter { $0.severity == .error }
        let about = "\(linker) \(boot.fault) \(boot.sizes) \(image.kind): \(errors.map(\.message))"
        guard let rule = boot.rule else {
          #expect(findings.isEmpty, "\(about)")
          continue
        }
        if boot.fault == .writableExecutableOrphan, image.kind == .lldMap {
          // Neither flags nor patterns: the name alone tells.
          #expect(findings.map(\.rule) == ["stray-section"], "\(about)")
          continue
        }
        // A map tells no flags: there the orphan is what can be seen of it.
        let expected =
          boot.fault == .writableExecutableOrphan && image.kind != .elf ? "stray-section" : rule
        #expect(errors.contains { $0.rule == expected }, "\(about)")
        let others = Set(errors.map(\.rule)).subtracting([rule, "stray-section"])
        #expect(others.isEmpty, "\(about)")
        if boot.fault != .writableExecutableOrphan {
          #expect(Set(errors.map(\.rule)) == [rule], "\(about)")
        }
      }
    }
  }

  @Test(.enabled(if: ExternalTool.path("ld") != nil && ExternalTool.path("as") != nil))
  func imagesOfGNULd() throws {
    try Self.check(try #require(ExternalTool.path("ld")), ["image", "image.map"])
  }

  @Test(.enabled(if: ExternalTool.path("ld.lld") != nil && ExternalTool.path("as") != nil))
  func imagesOfLLD() throws {
    try Self.check(try #require(ExternalTool.path("ld.lld")), ["image", "image.map"])
  }

  @Test(.enabled(if: BootImage.linksPE)) func imagesOfThePELinker() throws {
    for boot in BootImage.corpus {
      // A PE image has no load addresses.
      guard boot.fault != .loadAddressOff else { continue }
      for alignment in [0x1000, 0x20_0000] where boot.fault != .smallPages || alignment == 0x1000 {
        let image = try boot.linkPE(sectionAlignment: alignment, in: TemporaryFolder())
        let findings = try Self.findings(image)
        var expected: Set<String> = boot.rule.map { [$0] } ?? []
        if alignment == 0x1000, boot.fault != .smallPages {
          expected.insert("pe-section-alignment")
        }
        let about = "\(boot.fault) \(alignment) \(boot.sizes): \(findings.map(\.message))"
        let errors = Set(findings.filter { $0.severity == .error }.map(\.rule))
        #expect(errors.subtracting(["stray-section"]) == expected, "\(about)")
      }
    }
  }

  /// Real builds of Xen, where `LDS_XEN_BUILDS` names the folder of them.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["LDS_XEN_BUILDS"] != nil))
  func realImages() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["LDS_XEN_BUILDS"])
    for (name, slots, mixed, mappable) in [
      ("x86-default/xen-syms", "1..2", 2, false), ("x86-default/xen.efi", "1..4", 0, true),
      ("x86-align2M/xen-syms", "1..4", 0, true), ("x86-align2M/xen.efi", "1..4", 0, true),
    ] {
      let path = folder + "/" + name
      let image = try ImageReader.read(
        SourceBuffer(path: FilePath(path), bytes: BootImage.bytes(path)))
      let mapped = try MappingProfiles.apply(nil, to: image)
      let plan = try SuperpagePlan(image, mapped: mapped, loadAddress: 173 << 21)
      #expect(plan.slotText == slots, "\(name)")
      #expect(plan.mixedFrames.count == mixed, "\(name)")
      #expect(plan.superpageMappable == mappable, "\(name)")
      #expect(plan.load?.naiveLast == 173 + plan.slots.last, "\(name)")
      #expect(try Self.findings(image).isEmpty, "\(name)")
    }
  }
}
