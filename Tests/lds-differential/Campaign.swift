// One run of random links with one linker: counts, a line of progress, and every difference made small.

import Foundation
import Glibc
import LdsParser
import TestSupport

/// A run with one linker on one topic.
struct Campaign {
  private let linker: JudgingLinker
  private let topic: ScriptTopic
  private let options: DifferentialOptions
  private let folder: TemporaryFolder
  private let start = Date()
  private var differences = 0
  private(set) var tally = DifferentialTally()

  init(_ linker: JudgingLinker, _ topic: ScriptTopic, _ options: DifferentialOptions) throws {
    self.linker = linker
    self.topic = topic
    self.options = options
    folder = try TemporaryFolder()
    _ = try ObjectPool(in: folder, for: linker.target)
  }

  mutating func run() throws {
    var index = 0
    while index < options.cases, !isLate {
      let seed = options.seed &* 1_000_003 &+ UInt64(index)
      let result: DifferentialCase.Result
      var example = DifferentialCase(
        linker: linker, script: GeneratedScript(text: "", options: []), objects: [])
      do {
        example = try DifferentialCase.random(
          linker: linker, style: options.style, topic: topic, seed: seed, isSane: options.isSane,
          in: folder)
        result = try example.run(in: folder)
      } catch let error as ReadError {
        result = .refused("seed \(seed), a file that cannot be read: \(error.message)")
        try keepFiles(of: example, seed)
      }
      tally.add(result)
      if let finding = result.firstFault(options.evidence) ?? undecided(result) {
        try show(example, finding, seed)
      }
      index += 1
      if index % 20 == 0 { showProgress(index) }
    }
    if isTerminal { print("\r\u{1B}[K", terminator: "") }
    print(
      "\(linker.path) \(linker.version.major).\(linker.version.minor) for \(linker.target.rawValue), \(options.style.rawValue) scripts, "
        + "topic \(topic.rawValue), seed \(options.seed), \(Int(Date().timeIntervalSince(start))) s"
    )
    for line in tally.lines { print("  \(line)") }
  }

  /// An ASSERT that is undecided for the cause that was asked for.
  private func undecided(_ result: DifferentialCase.Result) -> DifferentialCase.Finding? {
    guard case .judged(let findings, _) = result, let cause = options.cause else { return nil }
    return findings.first { finding in
      finding.cause == cause && (options.evidence ?? finding.evidence) == finding.evidence
    }
  }

  private var isLate: Bool {
    options.minutes.map { Date().timeIntervalSince(start) > Double($0) * 60 } ?? false
  }

  private var isTerminal: Bool { isatty(1) == 1 }

  private func showProgress(_ index: Int) {
    guard isTerminal else { return }
    print(
      "\r\u{1B}[K\(linker.program.family.rawValue) \(topic.rawValue): \(index) links, \(tally.wrong) wrong",
      terminator: "")
    fflush(nil)
  }

  /// Makes the case small and prints it; keeps its files where the user asked for them.
  private mutating func show(
    _ example: DifferentialCase, _ finding: DifferentialCase.Finding, _ seed: UInt64
  ) throws {
    differences += 1
    guard differences <= options.shown else { return }
    let small = options.isAsIs ? example : try example.minimized(finding, in: folder)
    let result = try small.run(in: folder)
    print("difference \(differences), seed \(seed), \(finding.evidence.rawValue):")
    let words = finding.cause.map { "\(finding.name): \($0)" }
    print("  \(words ?? result.firstFault?.fault ?? finding.fault ?? "")")
    print(small.testCase)
    print(
      "  \(([linker.path] + linker.command(small.objects, options: small.script.options)).joined(separator: " "))\n"
    )
    fflush(nil)
    try keepFiles(of: small, seed)
  }

  private func keepFiles(of example: DifferentialCase, _ seed: UInt64) throws {
    guard let keep = options.keep else { return }
    let target =
      "\(keep)/\(linker.program.family.rawValue)-\(linker.target.rawValue)-\(topic.rawValue)-\(seed)"
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    for name in ["S", "o", "m", "nm", "o.g", "o.r"] + example.objects {
      try? FileManager.default.removeItem(atPath: "\(target)/\(name)")
      try? FileManager.default.copyItem(atPath: folder.path(name), toPath: "\(target)/\(name)")
    }
  }
}
