// Links in which a verdict was once wrong, made small by `lds-differential`. The real linker judges them again.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite struct RecordedLinkTests {
  @Test(.enabled(if: LinkerDifferentialTests.isLDThere, LinkerDifferentialTests.needsLD))
  func linksByGNULD() throws {
    try judge(
      RecordedLink.all.filter {
        $0.dialect == .bfd && $0.target == .x86_64 && $0.release == nil
      })
  }

  @Test(
    .enabled(
      if: JudgingLinker.measured(.bfd, .i386) != nil, "needs GNU ld 2.40 and as with elf_i386"))
  func linksFor32BitX86() throws {
    try judge(RecordedLink.all.filter { $0.dialect == .bfd && $0.target == .i386 })
  }

  @Test(.enabled(if: JudgingLinker.measured(.bfd, .pe) != nil, "needs GNU ld 2.40 with i386pep"))
  func linksForPE() throws {
    try judge(RecordedLink.all.filter { $0.target == .pe })
  }

  @Test(
    .enabled(if: JudgingLinker.measured(.bfd, .mips) != nil, "needs binutils for mips-linux-gnu"))
  func linksForMIPS() throws {
    try judge(RecordedLink.all.filter { $0.target == .mips })
  }

  @Test(.enabled(if: LinkerDifferentialTests.isLLDThere, LinkerDifferentialTests.needsLLD))
  func linksByLLD() throws {
    try judge(
      RecordedLink.all.filter {
        $0.dialect == .lld && $0.target == .x86_64 && $0.release == nil
      })
  }

  @Test(arguments: ["2.44", "2.47"]) func linksByReleasesOfGNULD(_ release: String) throws {
    guard let linker = JudgingLinker(.release(.bfd, release)) else {
      try Test.cancel("needs ld-\(release)")
    }
    try judge(RecordedLink.byReleasesOfGNULD + RecordedLink.ofLayouts, linker)
  }

  @Test(.enabled(if: JudgingLinker.measured(.bfd, .arm) != nil, "needs GNU ld 2.40 for ARM"))
  func linksForARM() throws {
    try judge(RecordedLink.all.filter { $0.dialect == .bfd && $0.target == .arm })
  }

  @Test(.enabled(if: JudgingLinker.measured(.lld, .arm) != nil, "needs ld.lld 21, and as for ARM"))
  func linksByLLDForARM() throws {
    try judge(RecordedLink.all.filter { $0.dialect == .lld && $0.target == .arm })
  }

  @Test(
    .enabled(if: JudgingLinker.measured(.bfd, .riscv64) != nil, "needs GNU ld 2.40 for RISC-V"))
  func linksForRISCV() throws {
    try judge(RecordedLink.all.filter { $0.target == .riscv64 })
  }

  @Test(arguments: ["14", "16", "19"]) func linksByReleasesOfLLD(_ release: String) throws {
    guard let linker = JudgingLinker(.release(.lld, release)) else {
      try Test.cancel("needs lld-\(release)")
    }
    try judge(RecordedLink.all.filter { $0.release == release }, linker)
  }

  @Test(arguments: ["19", "22"]) func relaxedLinksByReleasesOfLLD(_ release: String) throws {
    guard let linker = JudgingLinker(.release(.lld, release), .riscv64) else {
      try Test.cancel("needs lld-\(release), and as for RISC-V")
    }
    try judge(RecordedLink.relaxed, linker)
  }

  @Test(
    .enabled(
      if: JudgingLinker.measured(.lld, .i386) != nil, "needs ld.lld 21, and as with elf_i386"))
  func linksByLLDFor32BitX86() throws {
    try judge(RecordedLink.all.filter { $0.dialect == .lld && $0.target == .i386 })
  }

  private func judge(_ links: [RecordedLink], _ other: JudgingLinker? = nil) throws {
    let folder = try TemporaryFolder()
    if let target = links.first?.target { _ = try ObjectPool(in: folder, for: target) }
    #expect(!links.isEmpty)
    for link in links {
      let linker = try #require(other ?? JudgingLinker(link.dialect, link.target))
      var example = DifferentialCase(
        linker: linker, script: GeneratedScript(text: link.script, options: link.options),
        objects: link.objects)
      example.isAltered = link.isAltered
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
