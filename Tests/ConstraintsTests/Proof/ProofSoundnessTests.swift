// No proof may ever be contradicted: random scripts are linked with random objects by the real linkers, and each ASSERT
// that a linker fails or passes is compared with what was proved by its rules from the script alone.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct ProofSoundnessTests {
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

  @Test(arguments: [LinkerDialect.Family.bfd, .lld])
  func noProofIsContradicted(by family: LinkerDialect.Family) throws {
    guard let linker = JudgingLinker(family) else {
      try Test.cancel("needs GNU ld or ld.lld, in the PATH or as LDS_LD, LDS_LLD, and as")
    }
    let isLLD = family == .lld
    let folder = try TemporaryFolder()
    try assemble(folder)
    var count = Count()
    for index in 0..<Self.scripts * (isLLD ? 2 : 1) {
      var generator = ProofScriptGenerator(seed: Self.seed &* 1_000_003 &+ UInt64(index))
      let text = generator.script()
      try folder.write("S", text)
      let script = ScriptParser.parse(
        SourceBuffer(path: FilePath("S"), bytes: Array(text.utf8)),
        options: ScriptParser.Options(dialect: linker.dialect))
      guard !script.isRefused, !(isLLD && generator.isPE) else { continue }
      let report = ProofReport(Program(script), dialect: linker.dialect)
      var random = SeededGenerator(seed: Self.seed &+ UInt64(index) &* 7919)
      for _ in 0..<Self.linksAScript {
        var files = ["k\(random.below(3)).o"]
        for _ in 0..<random.below(4) { files.append("o\(random.below(Self.objects)).o") }
        if random.once(in: 2) { files.reverse() }
        files = files.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let options = generator.isPE ? [] : ProofLinkOptions.some(&random, by: family)
        let lines = try link(linker, folder, options + files, generator.isPE)
        check(folder, lines, files, report, generator.isPE, index, text, &count)
      }
    }
    print(
      "proofs: \(linker.dialect.name), \(Self.scripts) scripts, \(count.links) links judged (\(count.images) PE), \(count.judged) verdicts, "
        + "\(count.proofs) of them proved (\(count.always) always hold, \(count.never) never), "
        + "\(count.wrong.count) contradicted")
    #expect(count.wrong.isEmpty, "\(count.wrong.prefix(3).joined(separator: "\n\n"))")
    // lld refuses most of what GNU ld lets pass, and its proofs are fewer.
    #expect(count.links * (isLLD ? 10 : 1) > Self.scripts, "too few links reach their ASSERTs")
    #expect(count.proofs * (isLLD ? 20 : 4) > count.judged, "too few proofs to prove anything")
    #expect(count.never * (isLLD ? 100 : 20) > count.judged)
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
    _ folder: TemporaryFolder, _ lines: Set<String>, _ files: [String], _ report: ProofReport,
    _ isPE: Bool, _ index: Int, _ text: String, _ count: inout Count
  ) {
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
          "script \(index)\(isPE ? " (PE)" : ""): \(message) \(proved[0].rawValue), the linker \(fails ? "fails" : "passes") it, "
            + "\(files)\n\(text)")
      }
    }
  }

  /// Copies script and objects of a contradiction to the folder that `LDS_CHECK_KEEP` names.
  private func keep(_ folder: TemporaryFolder, _ number: Int) {
    guard let target = ProcessInfo.processInfo.environment["LDS_CHECK_KEEP"] else { return }
    try? FileManager.default.copyItem(atPath: folder.path, toPath: "\(target)/\(number)")
  }

  /// The messages that the linker prints; none if it stops before all ASSERTs have been judged.
  private func link(
    _ linker: JudgingLinker, _ folder: TemporaryFolder, _ files: [String], _ isPE: Bool
  ) throws -> Set<String> {
    let isLLD = linker.dialect == .lld
    let warnsOfSegments = linker.dialect.version >= LinkerVersion(2, 39)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: linker.path)
    process.arguments =
      ["-m", isPE ? "i386pep" : "elf_x86_64", "-T", "S", "-o", "o"]
      + (isLLD
        ? ["--threads=1", "--error-limit=0", "--no-check-sections"]
        : isPE ? [] : ["-z", "noexecstack"] + (warnsOfSegments ? ["--no-warn-rwx-segments"] : []))
      + files
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
      let words = line.split(separator: " ")
      // What else ld.lld complains of may have left a layout that it would not have linked.
      if isLLD, line.contains("error:"), words.count != 3 { return [] }
      messages.insert(String(words.last ?? ""))
    }
    return messages
  }
}
