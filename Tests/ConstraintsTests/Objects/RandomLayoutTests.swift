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

  private static func runs(_ choice: LinkerChoice?) -> [Run] {
    [LinkTarget.x86_64, .i386, .arm, .aarch64, .riscv64Fixed]
      .filter { linker(choice, for: $0) != nil }
      .flatMap { target in
        ScriptTopic.allCases.filter { $0 != .insert }.map { Run(topic: $0, target: target) }
      }
  }

  /// Links of each run, and the first seed; a campaign asks for more.
  private static let count = setting("LDS_LAYOUT_LINKS") ?? 2
  private static let first = setting("LDS_LAYOUT_SEED") ?? 1

  /// The linker that is compared with if `LDS_LAYOUT_LINKER` says so: `bfd@2.44` and the like.
  private static let named = ProcessInfo.processInfo.environment["LDS_LAYOUT_LINKER"]
    .flatMap(LinkerChoice.init)

  private static func linker(_ choice: LinkerChoice?, for target: LinkTarget) -> JudgingLinker? {
    choice.map { JudgingLinker($0, target) } ?? .measured(.bfd, target)
  }

  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  @Test(arguments: runs(named))
  func isThatOfTheLinker(_ run: Run) throws {
    try compare(run, with: try #require(Self.linker(Self.named, for: run.target)), Self.count)
  }

  static let releases =
    (["2.44", "2.47"].map { LinkerChoice.release(.bfd, $0) }
    + ["19", "21", "22"].map { LinkerChoice.release(.lld, $0) })
    .filter { $0.program(for: .x86_64) != nil }

  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func isThatOfItsRelease(_ choice: LinkerChoice) throws {
    // One ld.lld is for all machines: two of them show what depends on the machine.
    let isOne = choice.program(for: .x86_64)?.family == .lld
    for run in Self.runs(choice) where !isOne || [.x86_64, .arm].contains(run.target) {
      try compare(run, with: try #require(Self.linker(choice, for: run.target)), 1)
    }
  }

  private func compare(_ run: Run, with linker: JudgingLinker, _ count: Int) throws {
    let folder = try TemporaryFolder()
    _ = try ObjectPool(in: folder, for: run.target)
    var counts: [String: Int] = [:]
    for seed in Self.first..<Self.first + count {
      let example = try DifferentialCase.random(
        linker: linker, style: seed % 2 == 0 ? .wild : .plain, topic: run.topic, seed: UInt64(seed),
        in: folder)
      try folder.write("S", example.script.text)
      guard
        case .linked = try linker.link(
          example.objects, options: example.script.options, in: folder.path)
      else { continue }
      let words = linker.command(example.objects, options: example.script.options)
      let result = try LaidOutLink.layOut(words, in: folder, by: linker.dialect)
      switch result {
      case .equal: counts["equal", default: 0] += 1
      case .refused(let reason): counts["refused: \(reason)", default: 0] += 1
      case .stops, .differs, .notLinked:
        try keep(folder, run, seed)
        Issue.record(
          "seed \(seed): \(result)\n\(words.joined(separator: " "))\n\(example.script.text)")
      }
    }
    if count > 6 { print(run.testDescription, counts) }
  }

  /// Keeps the files of a link that differs, if `LDS_LAYOUT_KEEP` names a folder.
  private func keep(_ folder: TemporaryFolder, _ run: Run, _ seed: Int) throws {
    guard let kept = ProcessInfo.processInfo.environment["LDS_LAYOUT_KEEP"] else { return }
    let name = "\(run.topic.rawValue)-\(run.target.rawValue)-\(seed)"
    try FileManager.default.copyItem(atPath: folder.path, toPath: kept + "/" + name)
  }
}
