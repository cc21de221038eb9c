// The map of yesterday beside the script and the image of today. The ASSERTs were edited in between and kept their
// messages; the real linker judges the new ones.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: LinkerDifferentialTests.isLDThere))
struct EditedScriptTests {
  /// What became of the ASSERTs.
  enum Edit: CaseIterable {
    /// Every second one asks for the opposite.
    case negated
    /// Each has the message of the next.
    case turned
    /// What the first asked for the last asks for.
    case reversed
    /// A number in each is another one.
    case renumbered
  }

  /// One ASSERT of a script as the generator writes it.
  private struct Written {
    var condition: String
    var message: String
  }

  /// The script in pieces: text, ASSERT, text, ..., text.
  private static func pieces(of script: String) -> (texts: [String], asserts: [Written]) {
    var texts: [String] = []
    var asserts: [Written] = []
    var rest = script[...]
    while let start = rest.range(of: "ASSERT("),
      let comma = rest.range(of: ", \"", range: start.upperBound..<rest.endIndex),
      let end = rest.range(of: "\")", range: comma.upperBound..<rest.endIndex)
    {
      texts.append(String(rest[..<start.lowerBound]))
      asserts.append(
        Written(
          condition: String(rest[start.upperBound..<comma.lowerBound]),
          message: String(rest[comma.upperBound..<end.lowerBound])))
      rest = rest[end.upperBound...]
    }
    return (texts + [String(rest)], asserts)
  }

  private static func edited(_ script: String, _ edit: Edit) -> String {
    var (texts, asserts) = pieces(of: script)
    let old = asserts
    for index in asserts.indices {
      switch edit {
      case .negated:
        if index % 2 == 0 { asserts[index].condition = "!(\(old[index].condition))" }
      case .turned: asserts[index].message = old[(index + 1) % old.count].message
      case .reversed: asserts[index].condition = old[old.count - 1 - index].condition
      case .renumbered:
        asserts[index].condition = old[index].condition.replacingOccurrences(of: "0x4", with: "0x7")
      }
    }
    var text = texts.removeFirst()
    for (assert, next) in zip(asserts, texts) {
      text += "ASSERT(\(assert.condition), \"\(assert.message)\")" + next
    }
    return text
  }

  @Test(arguments: Edit.allCases)
  func verdictsAreOnTheConditionsOfTheScript(_ edit: Edit) throws {
    let linker = try #require(JudgingLinker(.bfd))
    let folder = try TemporaryFolder()
    _ = try ObjectPool(in: folder)
    var decided = 0
    var fromMap = 0
    for seed in 0..<12 {
      var random = SeededGenerator(seed: UInt64(seed))
      var generator = ScriptGenerator(seed: UInt64(seed) &+ 500, style: .plain)
      let script = generator.script()
      let objects = ObjectPool.choose(&random)
      try folder.write("S", script.text)
      guard case .linked = try linker.link(objects, in: folder.path) else { continue }
      try folder.write("old", Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("m")))))
      let text = Self.edited(script.text, edit)
      try folder.write("S", text)
      guard case .linked(let failed) = try linker.link(objects, in: folder.path) else { continue }
      let loaded = LoadedScript(
        path: FilePath("S"), script: ScriptParser.parse(SourceBuffer(name: "S", text: text)))
      let old = try ImageReader.read(try folder.buffer("old"))
      let new = try ImageReader.read(try folder.buffer("o"))
      for images in [[new, old], [old]] {
        for judged in try Session(scripts: [loaded], images: images).judge() {
          for assertion in judged.report.assertions where assertion.verdict != .undecided {
            let message = judged.report.program.names.string(assertion.message)
            decided += 1
            fromMap += assertion.isPrintedVerdict ? 1 : 0
            #expect(
              (assertion.verdict == .fails) == failed.contains(message),
              "\(message) \(assertion.verdict), seed \(seed), \(images.count) files\n\(text)")
          }
        }
      }
    }
    #expect(decided > 100)
    if edit == .turned { #expect(fromMap > 0, "a message is no reason to pass over the map") }
  }
}
