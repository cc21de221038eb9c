// What the fuzzers begin with and what they have found, through the same readers: nothing may trap. A trap
// ends the test run.

import Foundation
import FuzzReaders
import TestSupport
import Testing

@Suite struct FuzzReplayTests {
  /// Inputs that broke a reader once, in `Tests/fuzz/found`.
  private static let found = files(under: "Tests/fuzz/found")
  private static let others =
    files(under: "samples") + files(under: "Tests/LdsParserTests/Fixtures")

  private static func files(under folder: String) -> [[UInt8]] {
    let names = FileManager.default.enumerator(atPath: Checkout.path(folder))?.allObjects ?? []
    return names.compactMap { $0 as? String }.sorted().compactMap { name in
      try? Checkout.bytes(folder + "/" + name)
    }
  }

  @Test(arguments: FuzzReader.all.map(\.name))
  func readsSeedsAndFinds(name: String) throws {
    let reader = try #require(FuzzReader.named(name))
    var sum = 0
    for bytes in FuzzSeeds.of(name) + Self.found { sum &+= reader.read(bytes) }
    for bytes in Self.others { sum &+= reader.read(Array(bytes.prefix(4096))) }
    #expect(sum != 0)
  }
}
