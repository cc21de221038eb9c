// SIZEOF and ALIGNOF of NEXT_SECTION beside the releases of GNU ld that know it and those that do not.

import LdsParser
import TestSupport
import Testing

struct NextSectionTests {
  static let releases = KnownRelease.bfd.filter { $0.path != nil }

  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func theNextSectionIsNotOneOfItsName(_ release: KnownRelease) throws {
    let link = try JudgedLink(
      release, [".globl _start\n_start: nop\n.data\n.p2align 5\n.quad 1\n"])
    let script = """
      SECTIONS {
        .text 0x1000 : { *(.text) }
        before = ALIGNOF(NEXT_SECTION);
        .data 0x2000 : { *(.data) }
        .bss : { *(.bss) }
      }
      ASSERT(before == 32, "alignment")
      ASSERT(before != 32, "noalignment")
      ASSERT(SIZEOF(NEXT_SECTION) == 0, "size")
      ASSERT(SIZEOF(.data) == 8, "data")
      """
    guard let failed = try link.link(script) else {
      // Older releases look for a section of this name.
      #expect(release.dialect.version < LinkerVersion(2, 41))
      return
    }
    #expect(try link.compare([.image, .both, .map], failed: failed) > 0)
  }
}
