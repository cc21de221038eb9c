// A layout that goes on from the one before it is that of a link that is laid out from the beginning: random links of every
// topic, grown by many sizes one after another.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink)) struct ResumedLayoutTests {
  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  /// Links of each topic, and the first seed; a campaign asks for more.
  private static let count = setting("LDS_RESUMED_LINKS") ?? 2
  private static let first = setting("LDS_RESUMED_SEED") ?? 1

  /// A link that can be laid out.
  private struct Example {
    let text: String
    let script: LinkerScript
    let command: LinkCommand
    let dialect: LinkerDialect

    func model() throws -> LayoutModel {
      try LayoutModel(script, command, by: dialect, provider: FolderSources())
    }

    /// Everything that a layout tells, or why there is none.
    func told(_ model: LayoutModel, _ growths: [LayoutGrowth]) -> [String] {
      do {
        let layout = try model.layoutWithComplaints(growing: growths)
        return layout.sections.map { section in
          """
          \(section.name) \(section.vma) \(section.lma ?? 1) \(section.size ?? 1) \(section.alignment) \
          \(section.flags) \(section.type) \(section.inputs)
          """
        } + layout.symbols.map { "\($0)" }
          + layout.assertions.map { assertion in
            let operands = assertion.operands.map { "\($0.key.index)=\($0.value)" }.sorted()
            return "\(assertion.condition.index) \(assertion.value ?? 1) \(operands)"
          }
          + layout.complaints.map { "\($0)" }
      } catch {
        return [error.message]
      }
    }
  }

  private static func example(
    _ topic: ScriptTopic, _ target: LinkTarget, _ seed: Int, in folder: TemporaryFolder
  ) throws -> Example? {
    guard let linker = JudgingLinker.measured(.bfd, target) else { return nil }
    let example = try DifferentialCase.random(
      linker: linker, style: seed % 2 == 0 ? .wild : .plain, topic: topic, seed: UInt64(seed),
      in: folder)
    try folder.write("S", example.script.text)
    let words = linker.command(example.objects, options: example.script.options)
    guard
      let command = LinkCommand(
        (["ld"] + words).map { Array($0.utf8) }, workingDirectory: FilePath(folder.path))
    else { return nil }
    let script = try ScriptParser.parse(
      folder.buffer("S"), options: ScriptParser.Options(dialect: linker.dialect)
    ).linked(with: LinkSettings(command), dialect: linker.dialect)
    return Example(
      text: example.script.text, script: script, command: command, dialect: linker.dialect)
  }

  @Test(arguments: ScriptTopic.allCases.filter { $0 != .insert })
  func isThatOfOneThatBegins(_ topic: ScriptTopic) throws {
    for target in [LinkTarget.x86_64, .arm, .aarch64] {
      let folder = try TemporaryFolder()
      guard JudgingLinker.measured(.bfd, target) != nil else { continue }
      _ = try ObjectPool(in: folder, for: target)
      for seed in Self.first..<Self.first + Self.count {
        guard let example = try Self.example(topic, target, seed, in: folder),
          let model = try? example.model()
        else { continue }
        var random = SeededGenerator(seed: UInt64(seed))
        for section in model.growing.prefix(4) {
          let bytes = [0, 1, 4096, UInt64(random.below(70_000)), UInt64(random.below(300))]
          for growth in bytes {
            let growths = [LayoutGrowth(section: section, bytes: growth)]
            let told = example.told(model, growths)
            let wanted = example.told(try example.model(), growths)
            let difference = zip(told, wanted).first { $0 != $1 }.map { "\($0), not \($1)" }
            #expect(
              told == wanted,
              "\(target) \(seed): \(String(decoding: section, as: UTF8.self)) by \(growth): \(difference ?? "")\n\(example.text)"
            )
          }
        }
      }
    }
  }
}
