// Every example of every rule runs; the registry and the folder agree.

import Foundation
import LdsParser
import Testing

@testable import Constraints

struct RuleExampleTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Sources/Constraints/Rules").standardizedFileURL

  /// `SuperpageAlignment` of `superpage-alignment`; acronyms stay capital.
  private static func typeName(_ id: String) -> String {
    id.split(separator: "-").map { $0 == "pe" ? "PE" : $0.capitalized }.joined()
  }

  @Test func registryIsTheFolder() throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path)
      .filter { $0.contains("/") && $0.hasSuffix(".swift") }
      .map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
    #expect(files.sorted() == RuleRegistry.all.map { "\($0)" }.sorted())
    let ids = RuleRegistry.all.map { $0.description.id }
    #expect(ids == ids.sorted())
    #expect(ids.map(Self.typeName) == RuleRegistry.all.map { "\($0)" })
  }

  @Test(arguments: RuleRegistry.all.map { $0.description.id })
  func descriptionIsWhole(_ id: String) throws {
    let description = try #require(RuleRegistry.rule(id)).description
    #expect(description.good.count >= 2, "near misses are half of a specification")
    #expect(!description.bad.isEmpty)
    for text in [description.summary, description.rationale, description.fix] {
      #expect(!text.isEmpty && !text.hasPrefix(" ") && !text.hasSuffix(" "))
    }
    #expect(!description.summary.hasSuffix("."))
    #expect(!description.needs.isEmpty)
  }

  @Test(arguments: RuleRegistry.all.map { $0.description.id })
  func imageExamplesComeOut(_ id: String) throws {
    let rule = try #require(RuleRegistry.rule(id))
    for example in rule.description.good + rule.description.bad {
      guard case .image(let facts) = example.input else { continue }
      let image = facts.makeImage()
      let mapped = try MappingProfiles.apply(facts.profile, to: image)
      let plan = try SuperpagePlan(image, mapped: mapped)
      let context = RuleContext(images: [PlannedImage(image, plan: plan)])
      let findings = rule.init().check(context)
      #expect(findings.map(\.message) == example.messages, "\(id): \(example.title)")
      #expect(findings.allSatisfy { $0.rule == id })
    }
    for example in rule.description.bad {
      if case .image = example.input { #expect(!example.messages.isEmpty) }
    }
  }

  /// A good example of one rule is no error for any other.
  @Test func goodExamplesAreSound() throws {
    for rule in RuleRegistry.all {
      for example in rule.description.good {
        guard case .image(let facts) = example.input else { continue }
        let image = facts.makeImage()
        let mapped = try MappingProfiles.apply(facts.profile, to: image)
        let plan = try SuperpagePlan(image, mapped: mapped)
        let findings = RuleRegistry.check(
          RuleContext(images: [PlannedImage(image, plan: plan)]))
        let errors = findings.filter { $0.severity == .error }.map { "\($0.rule): \($0.message)" }
        #expect(errors == [], "\(rule.description.id): \(example.title)")
      }
    }
  }
}
