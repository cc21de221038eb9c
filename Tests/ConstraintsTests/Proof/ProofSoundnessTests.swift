// No proof may ever be contradicted: random scripts are linked with random objects by the real GNU ld, and
// each ASSERT that ld fails or passes is compared with what was proved from the script alone.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct ProofSoundnessTests {
  static let linker = JudgingLinker.measured(.bfd)?.path ?? ""
  static let isLinkerThere = !linker.isEmpty
  /// Scripts a run; `LDS_CHECK_LINKS` sets another number for a long run, `LDS_CHECK_SEED` another start.
  static let scripts = Int(ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"] ?? "") ?? 120
  static let seed = UInt64(ProcessInfo.processInfo.environment["LDS_CHECK_SEED"] ?? "") ?? 1
  static let objects = 14
  static let linksAScript = 3

  struct Count {
    var links = 0
    /// Those of them that make a PE image.
    var images = 0
    var judged = 0
    var proofs = 0
    var always = 0
    var never = 0
    var wrong: [String] = []
  }

  @Test(.enabled(if: isLinkerThere, "needs GNU ld 2.40, in the PATH or as LDS_LD, and as"))
  func noProofIsContradicted() throws {
    let folder = try TemporaryFolder()
    try assemble(folder)
    var count = Count()
    for index in 0..<Self.scripts {
      var generator = ProofScriptGenerator(seed: Self.seed &* 1_000_003 &+ UInt64(index))
      let text = generator.script()
      try folder.write("S", text)
      let script = ScriptParser.parse(
        SourceBuffer(path: FilePath("S"), bytes: Array(text.utf8)))
      guard !script.isRefused else { continue }
      let report = ProofReport(Program(script))
      var random = SeededGenerator(seed: Self.seed &+ UInt64(index) &* 7919)
      for _ in 0..<Self.linksAScript {
        var files = ["k\(random.below(3)).o"]
        for _ in 0..<random.below(4) { files.append("o\(random.below(Self.objects)).o") }
        if random.once(in: 2) { files.reverse() }
        files = files.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let options = generator.isPE ? [] : ProofLinkOptions.some(&random)
        try check(folder, options + files, report, generator.isPE, index, text, &count)
      }
    }
    print(
      "proofs: \(Self.scripts) scripts, \(count.links) links judged (\(count.images) PE), \(count.judged) verdicts, "
        + "\(count.proofs) of them proved (\(count.always) always hold, \(count.never) never), "
        + "\(count.wrong.count) contradicted")
    #expect(count.wrong.isEmpty, "\(count.wrong.prefix(3).joined(separator: "\n\n"))")
    #expect(count.links > Self.scripts, "too few links reach their ASSERTs")
    #expect(count.proofs * 4 > count.judged, "too few proofs to prove anything")
    #expect(count.never * 20 > count.judged)
  }

  private func assemble(_ folder: TemporaryFolder) throws {
    var sources: [(String, String)] = (0..<3).map { ("k\($0)", ProofObjectGenerator.symbols($0)) }
    for index in 0..<Self.objects {
      var generator = ProofObjectGenerator(seed: Self.seed &* 31 &+ UInt64(index))
      sources.append(("o\(index)", generator.assembly(number: index)))
    }
    for (name, text) in sources {
      try folder.write("\(name).s", text)
      let run = try ProgramRun.tool(
        "/usr/bin/as", ["--64", "\(name).s", "-o", "\(name).o"], folder: folder.path)
      #expect(run.status == 0, "\(run.errors)\n\(text)")
    }
  }

  private func check(
    _ folder: TemporaryFolder, _ files: [String], _ report: ProofReport, _ isPE: Bool,
    _ index: Int, _ text: String, _ count: inout Count
  ) throws {
    let lines = try link(folder, files, isPE)
    guard lines.contains("sentinel") else { return }
    count.links += 1
    if isPE { count.images += 1 }
    var verdicts: [String: [ProofVerdict]] = [:]
    for proof in report.assertions {
      verdicts[report.program.names.string(proof.message), default: []].append(proof.verdict)
    }
    for (message, proved) in verdicts where message != "sentinel" && proved.count == 1 {
      count.judged += 1
      let fails = lines.contains(message)
      switch proved[0] {
      case .depends: continue
      case .alwaysHolds: count.always += 1
      case .neverHolds: count.never += 1
      }
      count.proofs += 1
      if fails == (proved[0] == .alwaysHolds) {
        keep(folder, count.wrong.count)
        count.wrong.append(
          "script \(index)\(isPE ? " (PE)" : ""): \(message) \(proved[0].rawValue), ld \(fails ? "fails" : "passes") it, "
            + "\(files)\n\(text)")
      }
    }
  }

  /// Copies script and objects of a contradiction to the folder that `LDS_CHECK_KEEP` names.
  private func keep(_ folder: TemporaryFolder, _ number: Int) {
    guard let target = ProcessInfo.processInfo.environment["LDS_CHECK_KEEP"] else { return }
    try? FileManager.default.copyItem(atPath: folder.path, toPath: "\(target)/\(number)")
  }

  /// The messages that ld prints.
  private func link(
    _ folder: TemporaryFolder, _ files: [String], _ isPE: Bool
  ) throws -> Set<String> {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.linker)
    process.arguments =
      ["-m", isPE ? "i386pep" : "elf_x86_64", "-T", "S", "-o", "o"]
      + (isPE ? [] : ["-z", "noexecstack", "--no-warn-rwx-segments"]) + files
    process.currentDirectoryURL = folder.url
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    process.environment = ["LC_ALL": "C"]
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // A linker that crashes has not said all.
    guard process.terminationReason == .exit else { return [] }
    var messages: Set<String> = []
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      messages.insert(String(line.split(separator: " ").last ?? ""))
    }
    return messages
  }
}
