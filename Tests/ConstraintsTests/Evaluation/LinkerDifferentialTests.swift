// Random scripts are linked with the real linkers; what they say of each ASSERT and symbol is compared with the
// evaluation of script and image, script and symbol listing, script and map, and of the map alone. For long runs
// and small counterexamples there is `lds-differential`.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct LinkerDifferentialTests {
  static let isLDThere = JudgingLinker.measured(.bfd) != nil
  static let isLLDThere = JudgingLinker.measured(.lld) != nil
  /// Why a test is skipped: its expectations are facts about one release.
  static let needsLD: Comment = "needs GNU ld 2.40, in the PATH or as LDS_LD, and as"
  static let needsLLD: Comment = "needs ld.lld 21, in the PATH or as LDS_LLD, and as"
  /// Links a run; `LDS_CHECK_LINKS` sets another number for a long run, `LDS_CHECK_SEED` another start.
  static let links = Int(ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"] ?? "") ?? 25
  static let seed = UInt64(ProcessInfo.processInfo.environment["LDS_CHECK_SEED"] ?? "") ?? 1

  @Test(.enabled(if: isLDThere, needsLD)) func verdictsAreThoseOfGNULD() throws {
    let tally = try Self.campaign(.bfd, .plain)
    let image = try #require(tally.rows[.scriptAndImage])
    // Left open: `DEFINED` of a name that the image does not have, which may be in a discarded section, and what objcopy
    // may have changed behind the link.
    #expect(image.undecidedOutside * 100 < image.outside * 3, "\(image.undecidedOutside)")
    let map = try #require(tally.rows[.map])
    #expect(map.undecided * 6 < map.judged, "\(map.undecided) of \(map.judged)")
  }

  @Test(.enabled(if: isLDThere, needsLD)) func verdictsOnWildScriptsAreThoseOfGNULD() throws {
    let tally = try Self.campaign(.bfd, .wild)
    let image = try #require(tally.rows[.scriptAndImage])
    #expect(image.undecided * 6 < image.judged, "\(image.undecided) of \(image.judged)")
    #expect(tally.stops > 0)
  }

  @Test(.enabled(if: isLLDThere, needsLLD)) func verdictsAreThoseOfLLD() throws {
    let tally = try Self.campaign(.lld, .plain)
    let image = try #require(tally.rows[.scriptAndImage])
    #expect(image.undecidedOutside * 20 < image.outside, "\(image.undecidedOutside)")
  }

  @Test(.enabled(if: isLLDThere, needsLLD)) func verdictsOnWildScriptsAreThoseOfLLD() throws {
    let tally = try Self.campaign(.lld, .wild)
    let image = try #require(tally.rows[.scriptAndImage])
    #expect(image.undecided * 6 < image.judged, "\(image.undecided) of \(image.judged)")
    #expect(tally.stops > 0)
  }

  /// A few links of each kind; those for which no linker is installed are skipped by name.
  @Test(
    arguments: [LinkTarget.i386, .arm, .aarch64, .riscv64].map { ($0, ScriptTopic.sections) }
      + [ScriptTopic.memory, .phdrs, .insert, .types, .options, .collection].map { (.x86_64, $0) })
  func verdictsOfEachKindAreThoseOfGNULD(_ target: LinkTarget, _ topic: ScriptTopic) throws {
    guard let linker = JudgingLinker.measured(.bfd, target) else {
      try Test.cancel("no GNU ld 2.40 and as for \(target.rawValue)")
    }
    let folder = try TemporaryFolder()
    _ = try ObjectPool(in: folder, for: target)
    var tally = DifferentialTally()
    for index in 0..<max(1, Self.links / 20) {
      let example = DifferentialCase(
        linker: linker, style: .wild, topic: topic,
        seed: Self.seed &* 1_000_003 &+ UInt64(index))
      let result = try example.run(in: folder)
      tally.add(result)
      let fault = result.firstFault
      #expect(
        fault == nil,
        "\(fault?.evidence.rawValue ?? ""): \(fault?.fault ?? "")\n\(example.testCase)")
    }
    #expect(tally.decided > 0)
  }

  private static func campaign(
    _ dialect: LinkerDialect.Family, _ style: ScriptGenerator.Style
  ) throws -> DifferentialTally {
    let linker = try #require(JudgingLinker(dialect))
    let folder = try TemporaryFolder()
    _ = try ObjectPool(in: folder)
    var tally = DifferentialTally()
    var differences: [String] = []
    for index in 0..<links {
      let example = DifferentialCase(
        linker: linker, style: style, seed: seed &* 1_000_003 &+ UInt64(index))
      let result = try example.run(in: folder)
      tally.add(result)
      if let finding = result.firstFault {
        differences.append(
          "\(finding.evidence.rawValue): \(finding.fault ?? "")\n\(example.testCase)")
      }
    }
    print("\(linker.path), \(style.rawValue) scripts:")
    for line in tally.lines { print("  \(line)") }
    #expect(differences.isEmpty, "\(differences.prefix(3).joined(separator: "\n\n"))")
    #expect(tally.links * 10 >= links * 8, "only \(tally.links) of \(links) scripts linked")
    #expect(tally.assertions > links * 10)
    return tally
  }
}
