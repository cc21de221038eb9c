// Links in which a verdict was once wrong, made small by `lds-differential`. The real linker judges them again.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite struct RecordedLinkTests {
  @Test(.enabled(if: LinkerDifferentialTests.isLDThere)) func linksByGNULD() throws {
    try judge(RecordedLink.all.filter { $0.dialect == .bfd })
  }

  @Test(.enabled(if: LinkerDifferentialTests.isLLDThere)) func linksByLLD() throws {
    try judge(RecordedLink.all.filter { $0.dialect == .lld })
  }

  private func judge(_ links: [RecordedLink]) throws {
    let folder = try TemporaryFolder()
    _ = try ObjectPool(in: folder)
    #expect(!links.isEmpty)
    for link in links {
      let linker = try #require(JudgingLinker(link.dialect))
      let example = DifferentialCase(
        linker: linker, script: GeneratedScript(text: link.script), objects: link.objects)
      guard case .judged(let findings, _) = try example.run(in: folder) else {
        Issue.record("the linker refuses this:\n\(link.script)")
        continue
      }
      let faults = findings.compactMap { finding in
        finding.fault.map { "\(finding.evidence.rawValue): \($0)" }
      }
      #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))\n\(link.script)")
      #expect(
        findings.contains { $0.cause == nil } || link.isUndecided,
        "nothing is decided:\n\(link.script)")
    }
  }
}
