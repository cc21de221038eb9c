// Certificates are checked by a program that shares nothing with lds-check, and by z3 where there is one.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct CertificateTests {
  static let python = "/usr/bin/python3"
  static let isPythonThere = FileManager.default.isExecutableFile(atPath: python)
  static let isSolverThere =
    isPythonThere
    && ((try? ProgramRun.shell("command -v z3 || \(python) -c 'import z3'", environment: solverPath))?
      .status == 0)
  /// Where the solver's module is, beside the usual places.
  static let solverPath = ProcessInfo.processInfo.environment.filter { $0.key == "PYTHONPATH" }
  static let samples = ["samples/sound/boot.lds", "samples/unaligned/boot.lds"]
  /// Scripts a run; `LDS_CHECK_LINKS` sets another number for a long run, `LDS_CHECK_SEED` another start.
  static let scripts = Int(ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"] ?? "") ?? 50
  static let seed = UInt64(ProcessInfo.processInfo.environment["LDS_CHECK_SEED"] ?? "") ?? 1

  /// Certificates and goals of scripts, in a folder that lives as long as this.
  struct Written {
    let folder: TemporaryFolder
    var certificates: String { folder.path("proofs.json") }
    var goals: String { folder.path("proofs.smt2") }
    let scripts: [String]
    private let linker: String

    init(
      _ scripts: [String], by linker: String = "bfd@2.47", in folder: TemporaryFolder
    ) throws {
      self.folder = folder
      self.linker = linker
      self.scripts = scripts
      let run = try ProgramRun.run(
        ["lint"] + scripts
          + [
            "--linker", linker, "--fail-on", "never", "--certificates",
            folder.path("proofs.json"), "--smt", folder.path("proofs.smt2"),
          ])
      #expect(run.status == 0, "\(run.errors)")
    }

    func check(_ tool: String, _ options: [String] = []) throws -> ProgramRun {
      try ProgramRun.tool(
        CertificateTests.python,
        [Checkout.path("Tests/certificates/\(tool)"), certificates] + scripts
          + (tool == "check.py" ? ["--linker", linker] : []) + options)
    }
  }

  /// Random scripts that ld would read, by the generator of ``ProofSoundnessTests``.
  static func random(in folder: TemporaryFolder) throws -> [String] {
    var paths: [String] = []
    for index in 0..<scripts {
      var generator = ProofScriptGenerator(seed: seed &* 1_000_003 &+ UInt64(index))
      let text = generator.script()
      let script = ScriptParser.parse(
        SourceBuffer(path: FilePath("S"), bytes: Array(text.utf8)))
      if !script.isRefused { paths.append(try folder.write("S\(index).ld", text)) }
    }
    return paths
  }

  @Test(.enabled(if: isPythonThere, "needs python3"))
  func certificatesOfTheSamplesAreAccepted() throws {
    let written = try Written(Self.samples.map { Checkout.path($0) }, in: TemporaryFolder())
    let run = try written.check("check.py")
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("sound/boot.lds: 11 proofs accepted"), "\(run.output)")
  }

  @Test(.enabled(if: isPythonThere, "needs python3"), arguments: ["bfd@2.40", "bfd@2.47"])
  func certificatesOfRandomScriptsAreAccepted(by linker: String) throws {
    let folder = try TemporaryFolder()
    let written = try Written(Self.random(in: folder), by: linker, in: folder)
    let run = try written.check("check.py")
    #expect(run.status == 0, "\(run.output)")
    let accepted = run.output.split(separator: "\n").count {
      $0.hasSuffix(" proofs accepted") && !$0.hasSuffix(": 0 proofs accepted")
    }
    #expect(accepted * 2 > written.scripts.count, "\(run.output)")
  }

  @Test(.enabled(if: isPythonThere, "needs python3"))
  func bentCertificatesAreRefused() throws {
    let written = try Written(Self.samples.map { Checkout.path($0) }, in: TemporaryFolder())
    let run = try written.check("mutate.py", ["--count", "300"])
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("300 certificates"), "\(run.output)")
  }

  @Test(.enabled(if: isSolverThere, "needs z3, or its module for python3"))
  func solverConfirmsTheGoals() throws {
    let folder = try TemporaryFolder()
    let written = try Written(
      Self.samples.map { Checkout.path($0) } + Self.random(in: folder), in: folder)
    let run = try ProgramRun.shell(
      "\(Self.python) Tests/certificates/solve.py '\(written.goals)'",
      environment: Self.solverPath)
    #expect(run.status == 0, "\(run.output)")
    #expect(!run.output.contains("0 of 0"), "\(run.output)")
  }

  @Test(.enabled(if: isPythonThere, "needs python3"))
  func certificateOfAnotherScriptIsRefused() throws {
    let folder = try TemporaryFolder()
    let text = "SECTIONS { . = 1M; a = .; .text : { *(.text) } . = ALIGN(2M); b = .; }\n"
    let condition = "ASSERT(!(b & 0x1fffff), \"b misaligned\")\n"
    let script = try folder.write("S.ld", text + condition)
    let written = try Written([script], in: folder)
    #expect(try written.check("check.py").output.contains("1 proofs accepted"))
    let changed = text.replacingOccurrences(of: "ALIGN(2M)", with: "ALIGN(1M)")
    try folder.write("S.ld", changed + condition)
    let run = try written.check("check.py")
    #expect(run.status == 1)
    #expect(run.output.contains("refused: places"), "\(run.output)")
  }

  private func certificate(_ text: String, _ dialect: LinkerDialect = .bfd) -> Certificate {
    let buffer = SourceBuffer(path: FilePath("S"), bytes: Array(text.utf8))
    return Certificate(ScriptParser.parse(buffer), dialect: dialect)
  }

  @Test func whatTheCheckerHasNoRuleForIsSaid() {
    let text = "SECTIONS { . = 1M; .text : { *(.text) } a = ALIGN(8); } ASSERT(!(a & 7), \"a\")"
    #expect(certificate(text).proofs.map(\.obstacle) == [nil])
    let other = certificate(text, .lld)
    #expect(other.proofs.map(\.obstacle) == ["the checker knows the rules of GNU ld only"])
    #expect(other.steps.isEmpty)
    let early = certificate("ASSERT(a == 5, \"a\") a = 5;")
    #expect(
      early.proofs.map(\.obstacle) == [
        "it rests on what an earlier pass made of a symbol that is set further down"
      ])
  }

  @Test(.enabled(if: isPythonThere, "needs python3"))
  func assertInAnExpressionIsCertified() throws {
    let folder = try TemporaryFolder()
    let text = """
      SECTIONS {
        . = 1M;
        .text : { *(.text) }
        . = ALIGN(4K);
        x = a ? ASSERT(!(. & 7), "guarded") : 0;
        y = ASSERT(x > 4M, "a truth") + ASSERT(!(. & 0xfff), "not a page");
        . = ASSERT(!(. & 0xff), "not a line");
      }
      """
    let certificate = certificate(text)
    let certified = certificate.proofs.filter { $0.obstacle == nil }.map(\.message)
    #expect(certified == ["a truth", "not a page", "not a line"])
    #expect(CertificateGoals(certificate).omitted.isEmpty)
    let written = try Written([folder.write("S.ld", text)], in: folder)
    let run = try written.check("check.py")
    #expect(run.output.contains("3 proofs accepted"), "\(run.output)")
  }

  @Test func goalStatesTheCondition() {
    let goals = CertificateGoals(
      certificate("SECTIONS { .text : { *(.text) } a = ALIGN(8); } ASSERT(a % 8 == 0, \"a\")"))
    #expect(goals.omitted.isEmpty)
    #expect(goals.text.hasPrefix("(set-logic QF_BV)\n"))
    #expect(goals.text.contains("(bvsrem "), "\(goals.text)")
    #expect(goals.text.hasSuffix("(check-sat)\n(pop 1)\n"))
  }
}
