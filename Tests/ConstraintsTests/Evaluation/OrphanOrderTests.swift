// The order of output sections of random scripts and objects, beside that of each linker that is there.

@testable import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct OrphanOrderTests {
  /// Sets a release; LDS_ORPHAN_SETS asks for more.
  private static let count =
    ProcessInfo.processInfo.environment["LDS_ORPHAN_SETS"].flatMap { Int($0) } ?? 20
  private static let seed =
    ProcessInfo.processInfo.environment["LDS_ORPHAN_SEED"].flatMap { UInt64($0) } ?? 1

  @Test(arguments: KnownRelease.all) func randomSets(_ release: KnownRelease) throws {
    guard let path = release.path, ExternalTool.path("as") != nil else {
      try Test.cancel("needs \(release.name)")
    }
    let folder = try TemporaryFolder()
    var exact = 0
    var refused = 0
    for index in 0..<Self.count {
      var generator = OrphanSetGenerator(seed: Self.seed &* 1_000_003 &+ UInt64(index))
      let set = generator.next()
      guard let linked = try set.link(by: path, release.dialect, in: folder) else {
        refused += 1
        continue
      }
      let predicted = set.script(for: release.dialect).order(by: release.dialect)?
        .map { String(decoding: $0, as: UTF8.self) }
      #expect(predicted == linked, "\(release.name), set \(index)\n\(set)")
      exact += predicted == linked ? 1 : 0
    }
    #expect(exact + refused == Self.count)
    #expect(refused * 4 <= Self.count)
    if Self.count > 20 {
      print("\(release.name): \(exact) of \(Self.count - refused) sets, \(refused) refused")
    }
  }
}
