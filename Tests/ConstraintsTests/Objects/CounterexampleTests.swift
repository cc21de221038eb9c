// Counterexamples linked by the real linker: the ASSERT that each is about fails.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink)) struct CounterexampleTests {
  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  /// Scripts of each topic, and the first seed; a campaign asks for more.
  private static let count = setting("LDS_COUNTEREXAMPLES") ?? 1
  private static let first = setting("LDS_COUNTEREXAMPLE_SEED") ?? 1

  /// A topic on a machine.
  struct Run: Sendable, CustomTestStringConvertible {
    let topic: ScriptTopic
    let target: LinkTarget

    var testDescription: String { "\(topic.rawValue) for \(target.rawValue)" }
  }

  private static var runs: [Run] {
    [LinkTarget.x86_64, .arm]
      .filter { JudgingLinker.measured(.bfd, $0) != nil }
      .flatMap { target in
        let topics: [ScriptTopic] =
          count > 1 ? [.sections, .memory, .types, .layout] : target == .arm ? [.memory] : [.types]
        return topics.map { Run(topic: $0, target: target) }
      }
  }

  /// What a search makes of a script.
  private static func search(
    _ text: String, by dialects: [LinkerDialect]
  ) -> (proof: ProofReport, answers: [CounterexampleSearch.Answer]) {
    let script = ScriptParser.parse(
      SourceBuffer(name: "S", text: text), options: ScriptParser.Options(dialect: dialects[0]))
    let proof = ProofReport(Program(script), dialect: dialects[0])
    return (proof, CounterexampleSearch(script, proof, by: dialects).answers)
  }

  /// What the linker prints.
  private static func link(
    _ counterexample: Counterexample, _ script: String, with linker: String? = nil
  ) throws -> String {
    let folder = try TemporaryFolder()
    try folder.write("S", script)
    var objects: [String] = []
    for file in counterexample.files {
      let object = String(decoding: file.object, as: UTF8.self)
      try FileManager.default.createDirectory(
        atPath: (folder.path(object) as NSString).deletingLastPathComponent,
        withIntermediateDirectories: true)
      try folder.write("\(object).s", file.text)
      let run = try ProgramRun.shell(
        "\(counterexample.assembler) -o \(object) \(object).s", folder: folder.path)
      #expect(run.status == 0, "\(run.errors)\(file.text)")
      objects.append(object)
    }
    var words = counterexample.linker.split(separator: " ").map(String.init)
    if let linker { words[0] = linker }
    let run = try ProgramRun.shell(
      (words + ["-T", "S", "-o", "/dev/null"] + objects).joined(separator: " "),
      folder: folder.path)
    return run.errors + run.output
  }

  /// Whether the linker says that an ASSERT failed.
  private static func says(_ message: String, _ output: String) -> Bool {
    output.split(separator: "\n").contains { $0.hasSuffix(": \(message)") }
  }

  @Test(arguments: runs) func failsInTheLinker(_ run: Run) throws {
    let linker = try #require(JudgingLinker.measured(.bfd, run.target))
    var counts = (wanted: 0, found: 0)
    for seed in Self.first..<Self.first + Self.count {
      var generator = ScriptGenerator(
        seed: UInt64(seed), dialect: linker.dialect, style: .plain, topic: run.topic,
        target: run.target)
      let script = generator.script()
      guard script.options.isEmpty else { continue }
      let format = run.target == .arm ? "OUTPUT_FORMAT(elf32-littlearm)\n" : ""
      let text = format + script.text
      let (proof, answers) = Self.search(text, by: [linker.dialect])
      counts.wanted += answers.count
      for answer in answers {
        guard let counterexample = answer.counterexample else { continue }
        counts.found += 1
        let message = proof.program.names.string(proof.assertions[answer.assertion].message)
        let output = try Self.link(counterexample, text)
        #expect(
          Self.says(message, output),
          "seed \(seed): \(message) \(counterexample.sentence)\n\(output)\n\(text)")
      }
    }
    if Self.count > 2 { print(run.testDescription, counts) }
  }

  private static let script = """
    MEMORY { ROM (rx) : ORIGIN = 0, LENGTH = 32K  RAM (rw) : ORIGIN = 0x100000, LENGTH = 64K }
    SECTIONS {
      .text : { _stext = .; *(.text .text.*) . = ALIGN(4); _etext = .; } >ROM
      .data : { *(.data*) *drv/net.o(.special) _edata = .; } >RAM AT>ROM
      .bss : { *(.bss*) *(COMMON) } >RAM
      _end = .;
    }
    ASSERT(_etext - _stext <= 0x4000, "text")
    ASSERT(_end <= 0x10f000, "end")
    ASSERT(SIZEOF(.data) == 0, "data")
    ASSERT(flag == 0, "flag")
    ASSERT((_edata & 7) == 0, "edge")
    ASSERT(SIZEOF(.text) > 8 || SIZEOF(.bss) > 100, "empty")
    ASSERT(SIZEOF(.text) < 0x9000, "region")

    """

  /// The least of each, with the size at which it still holds.
  @Test func isSmall() throws {
    let (proof, answers) = Self.search(Self.script, by: [.laidOut])
    let sentences = answers.map { answer in
      proof.program.names.string(proof.assertions[answer.assertion].message) + " "
        + (answer.counterexample?.sentence ?? "none")
    }
    #expect(
      sentences == [
        "text fails with .text of 16385 bytes, holds with 16384",
        "end fails with .bss of 61441 bytes, holds with 61440",
        "data fails with drv/net.o:.special of 1 byte, holds with 0", "flag fails with flag = 0x1",
        "edge fails with drv/net.o:.special of 1 byte, holds with 0",
        "empty fails where no input section has contents",
        // The region has no room for so much, so that no link gets as far.
        "region none",
      ])
  }

  /// A script that cannot be laid out at all is not tried for ever.
  @Test func endsWhereNothingIsModelled() throws {
    let (_, answers) = Self.search("INPUT(nobody.o)\n" + Self.script, by: [.laidOut])
    #expect(!answers.isEmpty && answers.allSatisfy { $0.counterexample == nil })
  }

  /// The oldest and the newest; a campaign asks for all.
  static let releases: [KnownRelease] = {
    let all = KnownRelease.bfd.filter {
      $0.path != nil && $0.dialect.version >= LinkerVersion(2, 40)
    }
    return count > 1 || all.count < 3 ? all : [all[0], all[all.count - 1]]
  }()

  @Test(arguments: releases) func failsInItsRelease(_ release: KnownRelease) throws {
    let (proof, answers) = Self.search(Self.script, by: [release.dialect])
    for answer in answers {
      guard let counterexample = answer.counterexample else { continue }
      let message = proof.program.names.string(proof.assertions[answer.assertion].message)
      let output = try Self.link(counterexample, Self.script, with: release.path)
      #expect(Self.says(message, output), "\(counterexample.sentence)\n\(output)")
    }
    #expect(answers.count { $0.counterexample != nil } == 6)
  }
}
