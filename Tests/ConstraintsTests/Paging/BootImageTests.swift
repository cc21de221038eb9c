// Each fault of the corpus is found by the rule meant for it, and sound images give no error.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct BootImageTests {
  private static func errors(_ image: Image) throws -> [Finding] {
    let mapped = try MappingProfiles.apply(nil, to: image)
    #expect(mapped.description.name == "xen-x86")
    let plan = try SuperpagePlan(image, mapped: mapped)
    return RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: plan)]))
      .filter { $0.severity == .error }
  }

  private static func check(_ linker: String, _ files: [String]) throws {
    for boot in BootImage.corpus {
      let folder = try TemporaryFolder()
      let evidence = try boot.link(linker, evidence: files, in: folder)
      for image in evidence {
        let errors = try errors(image)
        let about = "\(linker) \(boot.fault) \(boot.sizes) \(image.kind): \(errors.map(\.message))"
        guard let rule = boot.rule else {
          #expect(errors.isEmpty, "\(about)")
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
    try Self.check(try #require(ExternalTool.path("ld.lld")), ["image"])
  }
}
