// Every example of every rule runs; the registry and the folder agree.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct RuleExampleTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Sources/Constraints/Rules").standardizedFileURL

  /// `SuperpageAlignment` of `superpage-alignment`; acronyms stay capital.
  private static func typeName(_ id: String) -> String {
    id.split(separator: "-").map { ["pe", "rwx"].contains($0) ? $0.uppercased() : $0.capitalized }
      .joined()
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

  /// The context of an example, with the places of its marks.
  private static func context(_ example: RuleExample) throws -> (RuleContext, [Int]?) {
    let planned = ([example.image].compactMap(\.self) + example.others).map { facts in
      let image = facts.makeImage()
      let mapped = try? MappingProfiles.apply(facts.profile, to: image)
      return PlannedImage(image, plan: mapped.flatMap { try? SuperpagePlan(image, mapped: $0) })
    }
    guard let text = example.script else { return (RuleContext(images: planned), nil) }
    let marked = MarkedText(text)
    let script: LinkerScript
    if marked.text.contains("#define") {
      let expansion = Expansion(marked.text)
      script = ScriptParser.parse(expansion.script.source, in: expansion.sources)
    } else {
      script = ScriptParser.parse(
        SourceBuffer(name: "example.lds", text: marked.text), provider: NoSources())
    }
    #expect(!script.isRefused, "\(example.title): \(script.diagnostics.map(\.message))")
    var context = RuleContext(
      script: script, images: planned,
      linkers: [.bfd, .lld] + (example.linkerVersion.map { [LinkerDialect(.bfd, $0)] } ?? []))
    context.startup = example.configuration.flatMap { text in
      let configuration = ConfigurationReader.read(SourceBuffer(name: "c.json", text: text))
      #expect(configuration.diagnostics.map(\.message) == [])
      return StartupContract(configuration)
    }
    context.others = [example.beside].compactMap(\.self).map {
      ScriptParser.parse(SourceBuffer(name: "beside.lds", text: $0), provider: NoSources())
    }
    return (context, marked.offsets)
  }

  @Test(arguments: RuleRegistry.all.map { $0.description.id })
  func examplesComeOut(_ id: String) throws {
    let rule = try #require(RuleRegistry.rule(id))
    for example in rule.description.good + rule.description.bad {
      let (context, marks) = try Self.context(example)
      let isRunnable = rule.description.needs.allSatisfy(context.has)
      #expect(isRunnable, "\(id): \(example.title)")
      let findings = isRunnable ? rule.init().check(context) : []
      if !example.messages.isEmpty || marks == nil {
        #expect(findings.map(\.message) == example.messages, "\(id): \(example.title)")
      }
      if let marks, !marks.isEmpty || example.messages.isEmpty {
        let places = findings.map { finding -> Int? in
          guard case .source(let span) = finding.place else { return nil }
          return context.script.map { Int($0.sources.authoredSpan(of: span).start) }
        }
        #expect(
          places == marks, "\(id): \(example.title): \(findings.map(\.message))")
      }
      #expect(findings.allSatisfy { $0.rule == id && !$0.subject.isEmpty })
    }
    for example in rule.description.bad {
      #expect(!example.messages.isEmpty || example.script?.contains("↓") == true)
    }
    for example in rule.description.good {
      #expect(example.messages.isEmpty && example.script?.contains("↓") != true)
    }
  }

  /// A good example of one rule is no error for any other.
  @Test func goodExamplesAreSound() throws {
    for rule in RuleRegistry.all {
      for example in rule.description.good {
        let findings = RuleRegistry.check(try Self.context(example).0)
        let errors = findings.filter { $0.severity == .error }.map { "\($0.rule): \($0.message)" }
        #expect(errors == [], "\(rule.description.id): \(example.title)")
      }
    }
  }
}
