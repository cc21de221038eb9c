// Workflows in which a verdict was once wrong, or the user told that another script made the image: edited scripts
// beside an old map, symbols of one object alone, 32-bit addresses that pass the end, statements that were not taken,
// compressed and stripped images, odd addresses, orphans behind the end, wrapped symbols, changed images, listings.

import LdsParser
import TestSupport
import Testing

struct KeptLinkTests {
  @Test func everyFolderIsRead() {
    #expect(KeptLink.all.count >= 64)
  }

  @Test(arguments: KeptLink.all) func keptFiles(_ link: KeptLink) throws {
    try link.judge(in: link.folder)
  }

  /// The same with files that the installed linker makes.
  @Test(arguments: KeptLink.all) func newLink(_ link: KeptLink) throws {
    let target = try #require(LinkTarget(rawValue: link.target))
    guard let linker = JudgingLinker.measured(link.linker == "lld" ? .lld : .bfd, target) else {
      try Test.cancel("needs GNU ld 2.40 or ld.lld 21, and binutils, for \(link.target)")
    }
    let folder = try TemporaryFolder()
    let failed = try link.link(by: linker, in: folder)
    #expect(failed == Set(link.fails), "what the linker says")
    try link.judge(in: folder.path)
  }
}
