// Maps of real links, sound and broken, judged by themselves: the verdicts are those that the linker gave.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("gzip"), "needs gzip")) struct ReferenceMapsTests {
  static let maps =
    ReferenceData.paths(".ldmap") + ReferenceData.paths("vmlinux.map")

  private func report(_ path: String) throws -> EvaluationReport {
    let map = try ImageReader.read(try ReferenceData.buffer(path))
    let program = Program(map: map)
    return EvaluationReport(program, evidence: Evidence([map], for: program))
  }

  /// What the linker printed of failed ASSERTs, nothing for a link that went well.
  private func failures(_ path: String) throws -> Set<String> {
    guard path.contains("/xen-broken/"), let end = path.range(of: ".ldmap.gz") else { return [] }
    let messages = try ReferenceData.buffer(path[..<end.lowerBound] + ".ld.stderr")
    let lines = messages.text(in: 0..<messages.count).split(separator: "\n")
    let failed = lines.filter { !$0.contains("warning:") && !$0.contains("stripping") }
    return Set(failed.map { String($0.drop { $0 != ":" }.dropFirst(2)) })
  }

  @Test(arguments: maps) func verdictsAndValuesAreTheLinkers(_ path: String) throws {
    let report = try report(path)
    #expect(!report.assertions.isEmpty)
    let undecided = report.assertions.filter { $0.verdict == .undecided }
    #expect(undecided.map { report.program.names.string($0.message) } == [])
    let failing = report.assertions.filter { $0.verdict == .fails }
    #expect(Set(failing.map { report.program.names.string($0.message) }) == (try failures(path)))
    let stale = report.assignments.filter(\.isStale)
    #expect(stale.map { report.program.names.string($0.symbol) } == [])
    let known = report.assignments.filter { $0.value != nil }
    #expect(known.count * 10 > report.assignments.count * 5, "\(known.count)")
  }
}
