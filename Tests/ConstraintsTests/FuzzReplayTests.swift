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
    // An editor is asked a lot about each text: of the beginnings some, of the finds all.
    let isEditor = name == "editor"
    let seeds = FuzzSeeds.of(name)
    var sum = 0
    for index in stride(from: 0, to: seeds.count, by: isEditor ? 8 : 1) {
      sum &+= reader.read(seeds[index])
    }
    for bytes in Self.found { sum &+= reader.read(bytes) }
    for bytes in Self.others { sum &+= reader.read(Array(bytes.prefix(512))) }
    #expect(sum != 0)
  }
}
