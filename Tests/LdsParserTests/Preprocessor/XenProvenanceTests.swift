// The macros behind the ASSERTs of Xen's own script, in real builds of Xen.

import Foundation
import LdsParser
import TestSupport
import Testing

/// The folder of the builds, if there is one.
private let builds = ProcessInfo.processInfo.environment["LDS_XEN_BUILDS"]

@Suite(.enabled(if: builds != nil, "needs LDS_XEN_BUILDS"))
struct XenProvenanceTests {
  private struct Reading {
    let expansion: PreprocessedScript
    let script: LinkerScript

    /// The condition of the ASSERT that prints `message`.
    func condition(_ message: String) -> SourceSpan? {
      conditions.first { $0.message == message }?.span
    }

    var conditions: [(message: String, span: SourceSpan)] {
      script.statements.compactMap { statement in
        guard case .assertion(let assertion) = statement.kind else { return nil }
        return (
          script.names.string(assertion.message.name), script.expressions.span(assertion.condition)
        )
      }
    }
  }

  private func read(_ build: String, _ commandFile: String) throws -> Reading {
    let path = try #require(builds) + "/\(build)/arch/x86/\(commandFile)"
    let command = try KbuildCommand(
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))), path: FilePath(path))
    var sources = SourceSet()
    let main = sources.add(try #require(try DiskSources().open(command.scriptPath)))
    let expansion = Preprocessor.expand(
      main, in: &sources, options: command.options, provider: DiskSources())
    #expect(!expansion.hasErrors)
    let script = ScriptParser.parse(
      expansion.source, in: sources, options: ScriptParser.Options(), provider: DiskSources())
    return Reading(expansion: expansion, script: script)
  }

  @Test(arguments: [
    ("x86-align2M", ".xen.lds.cmd", "CONFIG_XEN_ALIGN_2M"), ("x86-default", ".efi.lds.cmd", "EFI"),
  ])
  func tellsWhyTheTextEndsAtTwoMegabytes(build: String, file: String, name: String) throws {
    let reading = try read(build, file)
    let sources = reading.script.sources
    let span = try #require(reading.condition("__2M_text_end misaligned"))
    #expect(
      sources.authoredExpression(of: span).text == "IS_ALIGNED(__2M_text_end, SECTION_ALIGN)")
    let calls = sources.macroCalls(in: span)
    #expect(calls.map(\.name).starts(with: ["IS_ALIGNED", "SECTION_ALIGN", "MB"]), "\(calls)")
    let call = try #require(calls.first { $0.name == "SECTION_ALIGN" })
    let macro = try #require(call.macro.map { reading.expansion.macros[$0] })
    #expect(macro.replacement == "MB(2)")
    let condition = try #require(macro.conditions.first)
    #expect(
      sources.buffer(condition.directive.source).text(in: condition.directive.range)
        == "#if defined(CONFIG_XEN_ALIGN_2M) || defined(EFI)")
    #expect(sources.position(of: condition.directive).path.lastComponent.display == "xen.lds.S")
    #expect(condition.tests.last.map { $0.name == name && $0.isDefined } == true)
  }

  @Test func hasAPlaceForEveryMacro() throws {
    let reading = try read("x86-default", ".xen.lds.cmd")
    let sources = reading.script.sources
    #expect(reading.conditions.count == 25)
    var count = 0
    for (message, span) in reading.conditions {
      for call in sources.macroCalls(in: span) {
        count += 1
        let macro = try #require(call.macro.map { reading.expansion.macros[$0] }, "\(message)")
        guard macro.origin == .file else { continue }
        let place = sources.position(of: try #require(call.definition))
        #expect(place.line > 0 && !place.path.bytes.isEmpty, "\(message): \(call.name)")
      }
    }
    #expect(count > 60)
  }
}
