// Real links of Xen: the facts that were established by hand come out of every kind of evidence.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

/// What is true of one image, whatever file tells it.
struct XenFacts: Sendable, CustomStringConvertible {
  var files: [String]
  var end: UInt64
  var slots: String
  /// Names of the regions in each slot.
  var frames: [[String]]
  var mappable: Bool

  var description: String { files.first ?? "" }

  static let all: [XenFacts] = [
    XenFacts(
      files: [
        "xen-c447b7308b-default/xen-syms.ldmap", "xen-c447b7308b-default/xen-syms.nm",
        "xen-c447b7308b-default/xen-syms.map", "xen-c447b7308b-default/xen-syms.lld.nm",
        "xen-c447b7308b-default/xen-syms.lldmap",
        "xen-broken/00-control/elf4k.ldmap.gz",
      ],
      end: 0xffff_82d0_405f_7e20, slots: "1..2",
      frames: [["text", "rodata"], ["rodata", "init", "rwdata"]], mappable: false),
    XenFacts(
      files: [
        "xen-c447b7308b-default/xen.efi.ldmap", "xen-c447b7308b-default/xen.efi.nm",
        "xen-c447b7308b-default/xen.efi.map", "xen-broken/00-control/efi.ldmap.gz",
      ],
      end: 0xffff_82d0_4094_6e20, slots: "1..4",
      frames: [["text"], ["rodata"], ["init"], ["rwdata"]], mappable: true),
    XenFacts(
      files: [
        "xen-c447b7308b-align2M/xen-syms.ldmap", "xen-c447b7308b-align2M/xen-syms.nm",
        "xen-c447b7308b-align2M/xen-syms.map", "xen-c447b7308b-align2M/xen-syms.lld.nm",
        "xen-c447b7308b-align2M/xen-syms.lldmap",
        "xen-broken/00-control/elf2m.ldmap.gz",
      ],
      end: 0xffff_82d0_4094_6e20, slots: "1..4",
      frames: [["text"], ["rodata"], ["init"], ["rwdata"]], mappable: true),
  ]
}

@Suite(.enabled(if: ExternalTool.has("gzip"), "needs gzip"))
struct XenPlanTests {
  /// The image of a file and its plan, loaded where the thread behind this project loaded it.
  static func plan(_ path: String) throws -> (image: Image, plan: SuperpagePlan) {
    let image = try ImageReader.read(ReferenceData.buffer(path))
    let mapped = try MappingProfiles.apply(nil, to: image)
    return (image, try SuperpagePlan(image, mapped: mapped, loadAddress: 173 << 21))
  }

  static func findings(_ path: String) throws -> [Finding] {
    let (image, plan) = try plan(path)
    return RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: plan)]))
  }

  @Test(arguments: XenFacts.all) func factsComeOutOfEveryEvidence(_ facts: XenFacts) throws {
    for file in facts.files {
      let (_, plan) = try Self.plan(file)
      #expect(plan.profile == "xen-x86", "\(file)")
      #expect(plan.range.start == 0xffff_82d0_4020_0000, "\(file)")
      #expect(plan.range.end == facts.end, "\(file)")
      #expect(plan.mapped.base == 0xffff_82d0_4000_0000, "\(file)")
      #expect(plan.slotText == facts.slots, "\(file)")
      #expect(plan.frames.map { $0.regions.map { plan.regions[$0].name } } == facts.frames)
      #expect(plan.frames.map(\.isMixed) == facts.frames.map { $0.count > 1 }, "\(file)")
      #expect(plan.superpageMappable == facts.mappable, "\(file)")
      let load = try #require(plan.load)
      #expect(load.naiveFirst == 173 + plan.slots.first, "\(file)")
      #expect(load.naiveLast == 173 + plan.slots.last, "\(file)")
      #expect(load.allowsSuperpages)
    }
  }

  @Test(arguments: XenFacts.all) func soundBuildsGiveNoError(_ facts: XenFacts) throws {
    for file in facts.files {
      let findings = try Self.findings(file)
      #expect(findings.allSatisfy { $0.severity == .note }, "\(file): \(findings)")
      let says = findings.contains { $0.rule == "superpage-boundary" }
      #expect(says == !facts.mappable, "\(file)")
    }
  }

  @Test func alignmentCostsForetellTheOtherBuild() throws {
    let small = try Self.plan("xen-c447b7308b-default/xen-syms.ldmap").plan
    let large = try Self.plan("xen-c447b7308b-align2M/xen-syms.ldmap").plan
    let choice = try #require(AlignmentCost(small).choices.first { $0.pageSize == .size2M })
    #expect(choice.imageBytes == large.range.byteCount)
    #expect(choice.entries == 4)
    let back = try #require(AlignmentCost(large).choices.first { $0.pageSize == .size4K })
    // .init.data is aligned to 32K, which falls differently: the map does not tell alignments.
    #expect(back.imageBytes.distance(to: small.range.byteCount).magnitude < 0x8000)
  }

  @Test(arguments: [
    ("elf4k", 112, "slot 2"), ("elf2m", 113, "slot 2"), ("efi", 148, "slot 3"),
  ])
  func orphanExceptionTableIsFound(_ link: String, _ line: Int, _ slot: String) throws {
    let findings = try Self.findings("xen-broken/11-orphan-ex-table/\(link).ldmap.gz")
    let errors = findings.filter { $0.severity == .error }
    #expect(
      errors.map(\.message) == [
        "orphan section '.ex_table' lies in region rodata r-- (\(slot)): no statement of the script names it"
      ])
    guard case .image(_, line: let found, offset: _) = errors.first?.place else {
      Issue.record("no place")
      return
    }
    #expect(found == line)
  }

  @Test func pageAlignedBoundaryIsHarmlessOnSmallPagesOnly() throws {
    let folder = "xen-broken/14-page-align-instead-of-section-align/"
    let small = try Self.findings(folder + "elf4k.ldmap.gz")
    #expect(small.map(\.severity) == [.note])
    #expect(small.first?.message.contains("not superpage-mappable") ?? false)
    #expect(small.first?.message.contains("harmless with 4K pages") ?? false)
    #expect(try Self.plan(folder + "elf4k.ldmap.gz").plan.superpageMappable == false)
    for link in ["elf2m", "efi"] {
      let errors = try Self.findings(folder + "\(link).ldmap.gz").filter { $0.severity == .error }
      #expect(errors.map(\.rule) == ["superpage-boundary"])
      #expect(errors.map(\.subject) == ["__2M_rodata_end"])
    }
  }

  @Test(arguments: ["elf4k", "elf2m", "efi"]) func boundariesThatFailTheirAssertAreErrors(
    _ link: String
  ) throws {
    for (folder, symbol) in [
      ("01-no-align-before-text-end", "__2M_text_end"),
      ("07-rodata-end-before-align", "__2M_rodata_end"),
    ] {
      let errors = try Self.findings("xen-broken/\(folder)/\(link).ldmap.gz")
        .filter { $0.severity == .error }
      #expect(errors.map(\.rule) == ["superpage-boundary"])
      #expect(errors.map(\.subject) == [symbol])
    }
  }

  /// Faults that have nothing to do with pages are other rules' business.
  @Test(arguments: ["03-kexec-reloc-too-big-input", "06-got-nonempty"])
  func otherFaultsStayQuiet(_ folder: String) throws {
    for link in ["elf4k", "elf2m", "efi"] {
      let findings = try Self.findings("xen-broken/\(folder)/\(link).ldmap.gz")
      #expect(findings.allSatisfy { $0.severity == .note }, "\(folder) \(link): \(findings)")
    }
  }

  @Test(
    .enabled(if: ReferenceData.isWhole, "needs the whole reference data beside the checkout"),
    arguments: ["System.map", "vmlinux.map", "vmlinux.nm", "vmlinux.lld.nm"])
  func linuxIsSound(_ file: String) throws {
    let (_, plan) = try Self.plan("linux-6.1-x86_64-tiny/\(file)")
    #expect(plan.profile == "linux-x86_64")
    #expect(plan.slotText == "8..13")
    let findings = try Self.findings("linux-6.1-x86_64-tiny/\(file)")
    #expect(findings.allSatisfy { $0.severity == .note }, "\(findings)")
  }

  @Test func elfAndPEOfOneBuildDiffer() throws {
    let elf = try Self.plan("xen-c447b7308b-default/xen-syms.ldmap").plan
    let pe = try Self.plan("xen-c447b7308b-default/xen.efi.ldmap").plan
    let rows = PlanComparison(elf, pe).differences
    #expect(
      rows.first { $0.subject == "slots" }
        == PlanDifference(subject: "slots", left: "1..2", right: "1..4"))
    #expect(PlanComparison(elf, elf).differences.isEmpty)
  }
}
