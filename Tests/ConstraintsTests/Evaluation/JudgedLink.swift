// One link by a release, and what is said of its ASSERTs from each kind of evidence, beside what the linker said.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

/// A folder in which a release links scripts.
struct JudgedLink {
  /// What is given beside the script, or in its place.
  enum Evidence: CaseIterable { case image, map, both, mapAlone }

  let release: KnownRelease
  let folder: TemporaryFolder
  private let objects: [String]

  /// Assembles the objects, each from its text.
  init(_ release: KnownRelease, _ sources: [String]) throws {
    self.release = release
    folder = try TemporaryFolder()
    for (index, text) in sources.enumerated() {
      try folder.write("o\(index).s", text)
      let words = ["--64", "o\(index).s", "-o", "o\(index).o"]
      _ = try ProgramRun.tool("/usr/bin/as", words, folder: folder.path)
    }
    objects = sources.indices.map { "o\($0).o" }
  }

  /// The words that the linker prints if it goes to the end; ASSERTs that fail do not stop it.
  func link(_ script: String, _ options: [String] = []) throws -> Set<String>? {
    try folder.write("s.ld", script)
    for name in ["x", "x.map"] { try? FileManager.default.removeItem(atPath: folder.path(name)) }
    let linker = try #require(release.path)
    let words = ["-m", "elf_x86_64", "-T", "s.ld", "--noinhibit-exec", "-Map=x.map", "-o", "x"]
    let run = try ProgramRun.tool(linker, words + options + objects, folder: folder.path)
    guard run.status == 0, FileManager.default.fileExists(atPath: folder.path("x")) else {
      return nil
    }
    return Set(run.errors.split(whereSeparator: { $0.isWhitespace }).map(String.init))
  }

  /// The verdicts on the script that was linked last.
  func verdicts(
    from evidence: Evidence, settings: LinkSettings = LinkSettings()
  ) throws -> [(message: String, verdict: Verdict)] {
    var images: [Image] = []
    if evidence != .image { images.append(try ImageReader.read(folder.buffer("x.map"))) }
    if evidence == .image || evidence == .both {
      images.insert(try ImageReader.read(folder.buffer("x")), at: 0)
    }
    let program =
      evidence == .mapAlone
      ? Program(map: images[0])
      : Program(
        ScriptParser.parse(
          try folder.buffer("s.ld"), options: ScriptParser.Options(dialect: release.dialect)))
    var facts = Constraints.Evidence(images, for: program)
    facts.settings = settings
    let report = EvaluationReport(program, evidence: facts, dialect: release.dialect)
    return report.assertions.map { (report.program.names.string($0.message), $0.verdict) }
  }

  /// Holds verdicts against what the linker said; how many are decided.
  func compare(
    _ evidence: [Evidence] = Evidence.allCases, settings: LinkSettings = LinkSettings(),
    failed: Set<String>
  ) throws -> Int {
    var decided = 0
    for kind in evidence {
      for (message, verdict) in try verdicts(from: kind, settings: settings)
      where verdict != .undecided {
        decided += 1
        #expect(
          verdict == (failed.contains(message) ? .fails : .holds),
          "\(release.name) \(kind) \(message)\n\(folder.text("s.ld") ?? "")")
      }
    }
    return decided
  }
}
