// The pieces of script of Tests/conformance/syntax.tsv, with what four releases of GNU ld and nine of lld made of each.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite struct SyntaxConformanceTests {
  private struct Row {
    var place: String
    var text: String
    var isAccepted: [String: Bool]

    /// The script of the row, as run.py makes it.
    func script(_ template: String) -> String {
      var head = ""
      let words = text.split { !$0.isLetter && $0 != "_" }
      if ["tail", "head", "after", "mid"].contains(place), words.contains("R") {
        head = "MEMORY { R : ORIGIN = 0x400000, LENGTH = 16M }"
      }
      if place == "tail" || place == "mid", text.contains(":t") {
        head += "PHDRS { t PT_LOAD; }"
      }
      let fills = template.split(separator: "@", omittingEmptySubsequences: false)
      let result = fills.enumerated().map { index, part in
        if index % 2 == 0 { return String(part) }
        if part == place.uppercased() { return text }
        return part == "HEAD" ? "0x401000" : ""
      }
      return head + "\n" + result.joined()
    }
  }

  private static func rows() throws -> [Row] {
    let folder = Checkout.path("Tests/conformance")
    let table = try String(contentsOfFile: folder + "/syntax.tsv", encoding: .utf8)
    var keys: [String] = []
    return table.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      if line.hasPrefix("# place") { keys = Array(fields.dropFirst(2)) }
      guard !line.hasPrefix("#") else { return nil }
      return Row(
        place: fields[0], text: fields[1],
        isAccepted: Dictionary(
          uniqueKeysWithValues: zip(keys, fields.dropFirst(2).map { $0 == "accepted" })))
    }
  }

  private struct Included: SourceProvider {
    func open(_ path: FilePath) -> SourceBuffer? {
      let texts = [
        "inc.ld": "incsym = 1;\n", "incmid.ld": ".inc : { BYTE(1) }\n",
        "incin.ld": "*(.inc) incsym = .;\n",
      ]
      return texts[path.display].map { SourceBuffer(name: path.display, text: $0) }
    }
  }

  /// What the linker takes is refused nowhere, and of what it refuses all but what hangs on the objects is told.
  @Test(arguments: [
    ("bfd@2.35", 56), ("bfd@2.40", 48), ("bfd@2.44", 48), ("bfd@2.47", 48), ("lld@16", 16),
    ("lld@19", 16), ("lld@21", 16), ("lld@22", 16),
  ]) func refusals(_ name: String, _ most: Int) throws {
    let folder = Checkout.path("Tests/conformance")
    let template = try String(contentsOfFile: folder + "/syntax.lds", encoding: .utf8)
    let dialect = try #require(LinkerRequest(name)?.dialects.first)
    let rule = try #require(RuleRegistry.rule("linker-refusal")).init()
    var missed: [String] = []
    for row in try Self.rows() {
      let script = ScriptParser.parse(
        SourceBuffer(name: "S", text: row.script(template)), options: .init(dialect: dialect),
        provider: Included())
      let reasons =
        script.isRefused
        ? script.diagnostics.map(\.message)
        : rule.check(RuleContext(script: script, dialect: dialect, linkers: [dialect]))
          .map(\.message)
      if row.isAccepted[name] == true {
        #expect(reasons.isEmpty, "\(name) takes this: \(row.place) \(row.text)")
      } else if reasons.isEmpty {
        missed.append("\(row.place) \(row.text)")
      }
    }
    #expect(missed.count <= most, "\(name): \(missed.count) \(missed.joined(separator: "\n"))")
  }
}
