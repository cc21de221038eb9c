// Random links of every topic and machine: each layout is that of the real linker, or refused.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct RandomLayoutTests {
  /// A topic on a machine.
  struct Run: Sendable, CustomTestStringConvertible {
    let topic: ScriptTopic
    let target: LinkTarget

    var testDescription: String { "\(topic.rawValue) for \(target.rawValue)" }
  }

  static let runs: [Run] = [LinkTarget.x86_64, .i386, .arm, .aarch64]
    .filter { JudgingLinker.measured(.bfd, $0) != nil }
    .flatMap { target in
      ScriptTopic.allCases.filter { $0 != .insert }.map { Run(topic: $0, target: target) }
    }

  /// Links of each run, and the first seed; a campaign asks for more.
  private static let count = setting("LDS_LAYOUT_LINKS") ?? 6
  private static let first = setting("LDS_LAYOUT_SEED") ?? 1

  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  @Test(arguments: runs)
  func isThatOfTheLinker(_ run: Run) throws {
    let linker = try #require(JudgingLinker.measured(.bfd, run.target))
    let folder = try TemporaryFolder()
    _ = try ObjectPool(in: folder, for: run.target)
    var counts: [String: Int] = [:]
    for seed in Self.first..<Self.first + Self.count {
      let example = try DifferentialCase.random(
        linker: linker, style: seed % 2 == 0 ? .wild : .plain, topic: run.topic, seed: UInt64(seed),
        in: folder)
      try folder.write("S", example.script.text)
      guard
        case .linked = try linker.link(
          example.objects, options: example.script.options, in: folder.path)
      else { continue }
      let words = linker.command(example.objects, options: example.script.options)
      let result = try LaidOutLink.layOut(words, in: folder)
      switch result {
      case .equal: counts["equal", default: 0] += 1
      case .refused(let reason): counts["refused: \(reason)", default: 0] += 1
      case .stops, .differs, .notLinked:
        try keep(folder, run, seed)
        Issue.record(
          "seed \(seed): \(result)\n\(words.joined(separator: " "))\n\(example.script.text)")
      }
    }
    if Self.count > 6 { print(run.testDescription, counts) }
  }

  /// Keeps the files of a link that differs, if `LDS_LAYOUT_KEEP` names a folder.
  private func keep(_ folder: TemporaryFolder, _ run: Run, _ seed: Int) throws {
    guard let kept = ProcessInfo.processInfo.environment["LDS_LAYOUT_KEEP"] else { return }
    let name = "\(run.topic.rawValue)-\(run.target.rawValue)-\(seed)"
    try FileManager.default.copyItem(atPath: folder.path, toPath: kept + "/" + name)
  }
}
