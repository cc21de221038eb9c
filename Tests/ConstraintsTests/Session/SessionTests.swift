// A session as another program would use it.

import Constraints
import LdsParser
import TestSupport
import Testing

struct SessionTests {
  private static func loaded(_ text: String, _ name: String = "boot.lds") -> LoadedScript {
    LoadedScript(
      path: FilePath(name), script: ScriptParser.parse(SourceBuffer(name: name, text: text)))
  }

  private static func listing(_ text: String) throws -> Image {
    try ImageReader.read(SourceBuffer(path: FilePath("boot.nm"), bytes: Array(text.utf8)))
  }

  private static let script = """
    SECTIONS { . = 0x100000; _start = .; .text : { *(.text) } _end = .; }
    ASSERT(_end - _start <= 0x1000, "too large")
    """

  @Test func replacedScriptIsJudgedInPlaceOfTheOldOne() throws {
    let image = try Self.listing("0000000000100000 T _start\n0000000000102000 T _end\n")
    var session = Session(scripts: [Self.loaded(Self.script)], images: [image])
    #expect(try session.judge().first?.report.assertions.map(\.verdict) == [.fails])
    session.replace(
      Self.loaded(Self.script + "\nASSERT(_end - _start <= 0x2000, \"far too large\")\n"))
    #expect(session.scripts.count == 1)
    #expect(try session.judge().first?.report.assertions.map(\.verdict) == [.fails, .holds])
    session.replace(Self.loaded("ASSERT(1, \"m\")", "other.lds"))
    #expect(session.scripts.count == 2)
  }

  @Test func nothingToJudgeIsAnError() throws {
    let image = try Self.listing("0000000000100000 T _start\n")
    #expect(throws: SessionError.noStatements(FilePath("boot.nm"))) {
      try Session(images: [image]).judge()
    }
    #expect(throws: SessionError.noImage) {
      try Session(scripts: [Self.loaded(Self.script)]).subjects()
    }
  }

  @Test func constraintsOfAConfigurationAreJudgedAndProved() throws {
    let text = """
      {"constraints": [{"name": "page", "expression": "_end - _start <= 0x1000", "why": "one table"},
                       {"name": "start", "expression": "_start == 0x100000"}]}
      """
    let configuration = ConfigurationReader.read(
      SourceBuffer(name: ".lds-check.json", text: text),
      names: ConfigurationReader.Names(rules: [], profiles: [], pageTables: []))
    let image = try Self.listing("0000000000100000 T _start\n0000000000102000 T _end\n")
    let session = Session(
      scripts: [Self.loaded(Self.script)], images: [image], configuration: configuration)
    let judged = session.judgeConstraints()
    #expect(judged.map { $0.report.assertions.map(\.verdict) } == [[.fails, .holds]])
    let findings = judged.flatMap { $0.findings(isStrict: false) }
    #expect(findings.map(\.rule) == ["constraint-fails"])
    #expect(findings.first?.notes.contains { $0.message.contains("one table") } == true)
    let proofs = session.lint().flatMap(\.proofs).filter { $0.message == "start" }
    #expect(proofs.map(\.verdict) == [.alwaysHolds])
  }
}
