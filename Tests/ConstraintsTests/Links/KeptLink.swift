// A link that is kept with every file that came of it, so that it can be judged where no linker is installed.

import Foundation
import LdsParser
import TestSupport
import Testing

/// One folder of Fixtures/Links: `a.s`, the script `S`, `link.json`, and what the linker made of them.
struct KeptLink: Decodable, Sendable, CustomTestStringConvertible {
  /// The row of the table of faults that it belongs to.
  var row: Int
  /// `bfd` or `lld`.
  var linker: String
  var target: String
  var options: [String]
  /// Lines of shell that change the files after the link; `${TOOLS}` is the prefix of the binutils.
  var steps: [String]
  /// What is judged together: `S o m`.
  var evidence: [String]
  /// The messages of the ASSERTs that fail, as the linker said.
  var fails: [String]
  /// Evidence from which a verdict or a finding is wrong today.
  var knownFaults: [String]
  /// The folder.
  var name = ""

  private enum CodingKeys: CodingKey {
    case row, linker, target, options, steps, evidence, fails, knownFaults
  }

  var testDescription: String { "\(name) (row \(row))" }

  static let home = Checkout.path("Tests/ConstraintsTests/Fixtures/Links")

  static let all: [KeptLink] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
    return names.sorted().compactMap { name in
      guard let data = FileManager.default.contents(atPath: "\(home)/\(name)/link.json"),
        var link = try? JSONDecoder().decode(KeptLink.self, from: data)
      else { return nil }
      link.name = name
      return link
    }
  }()

  var folder: String { "\(Self.home)/\(name)" }

  func text(_ file: String) -> String? {
    FileManager.default.contents(atPath: "\(folder)/\(file)").map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// What came of judging one set of files.
  private struct Answer: Decodable {
    struct Assertion: Decodable {
      var message: String
      var verdict: String
    }
    struct Finding: Decodable {
      var rule: String
      var message: String
    }
    var assertions: [Assertion]
    var findings: [Finding]
  }

  /// Judges all evidence that lies in a folder.
  func judge(in folder: String) throws {
    for files in evidence {
      if knownFaults.contains(files) {
        withKnownIssue("\(name): \(files)") { try judge(files, in: folder) }
      } else {
        try judge(files, in: folder)
      }
    }
  }

  /// Every verdict is the linker's or open, and nobody is told that another script made the image.
  private func judge(_ files: String, in folder: String) throws {
    let arguments =
      ["eval", "--linker", linker, "--format", "json"]
      + files.split(separator: " ").map(String.init)
    let run = try ProgramRun.run(arguments, folder: folder)
    // A file may be refused for what it lacks.
    if run.status == 2, row == 17 { return }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    #expect(!answer.assertions.isEmpty, "\(files): \(run.errors)")
    for assertion in answer.assertions where assertion.verdict != "undecided" {
      let expected = fails.contains(assertion.message) ? "fails" : "holds"
      #expect(assertion.verdict == expected, "\(files): \(assertion.message)")
    }
    for finding in answer.findings {
      #expect(finding.rule != "stale-layout", "\(files): \(finding.message)")
    }
  }

  /// Makes the files anew in a folder; returns the messages of the ASSERTs that fail.
  func link(by linker: JudgingLinker, in folder: TemporaryFolder) throws -> Set<String> {
    let tools = linker.target.toolPrefix
    try folder.write("a.s", text("a.s") ?? "")
    try run(tools + "as", linker.target.assemblerOptions + ["a.s", "-o", "a.o"], folder)
    if let before = text("before.lds") {
      _ = try link(before, by: linker, in: folder)
      try FileManager.default.moveItem(atPath: folder.path("m"), toPath: folder.path("m.old"))
    }
    let failed = try link(text("S") ?? "", by: linker, in: folder)
    if let image = text("image.lds") { _ = try link(image, by: linker, in: folder) }
    try folder.write("S", text("S") ?? "")
    try folder.write("nm", try ProgramRun.tool(tools + "nm", ["o"], folder: folder.path).output)
    for step in steps {
      let run = try ProgramRun.shell(step, folder: folder.path, environment: ["TOOLS": tools])
      #expect(run.status == 0, "\(step): \(run.errors)")
    }
    return failed
  }

  private func run(_ path: String, _ arguments: [String], _ folder: TemporaryFolder) throws {
    let run = try ProgramRun.tool(path, arguments, folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
  }

  private func link(
    _ script: String, by linker: JudgingLinker, in folder: TemporaryFolder
  ) throws -> Set<String> {
    try folder.write("S", script)
    var arguments = linker.command(["a.o"], options: options)
    // The emulations for PE know no such option.
    if options.contains("i386pe") { arguments.removeAll { ["-z", "noexecstack"].contains($0) } }
    let run = try ProgramRun.tool(linker.path, arguments, folder: folder.path)
    let messages = script.split(separator: "\n").compactMap { line in
      line.hasPrefix("ASSERT")
        ? line.split(separator: "\"").dropFirst().first.map(String.init) : nil
    }
    // The linker stops at a name that it does not know.
    let stops = ["undefined symbol", "symbol not found"]
    if stops.contains(where: { run.errors.contains($0) }) { return Set(messages) }
    let lines = run.errors.split(separator: "\n")
    return Set(messages.filter { message in lines.contains { $0.hasSuffix(": \(message)") } })
  }
}
