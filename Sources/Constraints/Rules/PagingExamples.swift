// Images for the examples of the paging rules: Xen's layout with one thing changed in each.

import LdsParser

enum PagingExamples {
  private static let base: UInt64 = 0xffff_82d0_4000_0000

  /// The boundaries of a Xen image.
  private struct Layout {
    var start: UInt64 = base &+ 0x20_0000
    var textEnd: UInt64 = base &+ 0x40_0000
    var rodataEnd: UInt64 = base &+ 0x60_0000
    var initEnd: UInt64 = base &+ 0x80_0000
    var end: UInt64 = base &+ 0x94_6e20
    var rwdataEnd: UInt64 = base &+ 0xa0_0000

    /// Symbols as an nm listing has them.
    var symbols: [(String, UInt64)] {
      [
        ("__image_base__", base), ("_start", start), ("__2M_text_end", textEnd),
        ("__2M_rodata_start", textEnd), ("__2M_rodata_end", rodataEnd),
        ("__2M_init_start", rodataEnd), ("__2M_init_end", initEnd), ("__2M_rwdata_start", initEnd),
        ("_end", end), ("__2M_rwdata_end", rwdataEnd),
      ]
    }
  }

  private static func facts(
    _ layout: Layout = Layout(), kind: ImageKind = .elf, sections: [ImageFacts.Section] = [],
    sectionAlignment: UInt64? = nil
  ) -> ImageFacts {
    ImageFacts(
      kind: kind, symbols: layout.symbols, sections: sections, sectionAlignment: sectionAlignment)
  }

  private static let smallPages = Layout(
    textEnd: base &+ 0x38_7000, rodataEnd: base &+ 0x40_6000, initEnd: base &+ 0x4b_1000,
    end: base &+ 0x5f_7e20, rwdataEnd: base &+ 0x5f_8000)

  /// One loadable segment with the letters of its permissions.
  static func load(
    _ address: UInt64, _ size: UInt64, _ letters: String, offset: UInt64? = nil,
    alignment: UInt64 = 0x1000
  ) -> SegmentRecord {
    let permissions = Permissions(letters) ?? []
    return SegmentRecord(
      type: 1, isReadable: permissions.contains(.read), isWritable: permissions.contains(.write),
      isExecutable: permissions.contains(.execute), virtualAddress: address,
      physicalAddress: address, fileOffset: offset ?? address & 0xf_ffff, fileSize: size,
      memorySize: size, alignment: alignment)
  }

  private static let text = ImageFacts.Section(
    ".text", at: base &+ 0x20_0000, size: 0x18_6ccc, [.read, .execute], lma: 0x20_0000)
  private static let rodata = ImageFacts.Section(
    ".rodata", at: base &+ 0x40_0000, size: 0x7_e998, [.read, .write], lma: 0x40_0000)

  /// Sound, on 2M, with its sections.
  static let xen2M = facts(sections: [
    text, rodata,
    ImageFacts.Section(
      ".init", at: base &+ 0x60_0000, size: 0xa_8fd8, [.read, .write, .execute], lma: 0x60_0000),
    ImageFacts.Section(".bss", at: base &+ 0x82_7000, size: 0x11_fe20, [.read, .write]),
  ])

  /// `.data` before the end of the memory that is freed after booting.
  static let xenDataInInit = facts(sections: [
    text, rodata,
    ImageFacts.Section(".init", at: base &+ 0x60_0000, size: 0xa_8fd8, [.read, .write, .execute]),
    ImageFacts.Section(".data", at: base &+ 0x6b_0000, size: 0x1000, [.read, .write]),
    ImageFacts.Section(".bss", at: base &+ 0x82_7000, size: 0x11_fe20, [.read, .write]),
  ])

  /// `_end` before `.bss`.
  static let xenBehindEnd = facts(
    Layout(end: base &+ 0x82_7000),
    sections: [
      text, rodata,
      ImageFacts.Section(".data", at: base &+ 0x80_0000, size: 0x1000, [.read, .write]),
      ImageFacts.Section(".bss", at: base &+ 0x82_7000, size: 0x11_fe20, [.read, .write]),
    ])

  /// `__2M_rwdata_end` in the middle of `.bss`.
  static let xenShortData = facts(
    Layout(rwdataEnd: base &+ 0x90_0000),
    sections: [
      text, rodata,
      ImageFacts.Section(".bss", at: base &+ 0x82_7000, size: 0x11_fe20, [.read, .write]),
    ])

  /// Sound, on 4K.
  static let xen4K = facts(smallPages)

  /// Sound, and nothing left of the last superpage.
  static let xenFull = facts(Layout(end: base &+ 0xa0_0000))

  /// Xen up to 4.13: `__2M_text_start` at the base, `_start` one MiB above.
  static let xenOldOffset: ImageFacts = {
    var changed = Self.facts(Layout(start: base &+ 0x10_0000))
    changed.symbols.append(("__2M_text_start", base))
    return changed
  }()

  /// `_start` a page too high.
  static let xenMisaligned = facts(Layout(start: base &+ 0x20_1000))

  /// `__2M_rodata_end` and what follows it a page too high.
  static let xenBoundaryOff = facts(Layout(rodataEnd: base &+ 0x60_1000))

  /// The first ALIGN missing, so that text and rodata share a base page.
  static let xenUnalignedPage: ImageFacts = {
    var layout = smallPages
    layout.textEnd = base &+ 0x38_7ccc
    return facts(layout)
  }()

  /// The 2M image moved to `start`.
  static func xenAt(_ start: UInt64) -> ImageFacts {
    let shift = start &- Layout().start
    let old = Layout()
    return facts(
      Layout(
        start: start, textEnd: old.textEnd &+ shift, rodataEnd: old.rodataEnd &+ shift,
        initEnd: old.initEnd &+ shift, end: old.end &+ shift, rwdataEnd: old.rwdataEnd &+ shift))
  }

  /// The 2M image grown to `bytes`.
  static func xenOfSize(_ bytes: UInt64) -> ImageFacts {
    let end = Layout().start &+ bytes
    return facts(Layout(end: end, rwdataEnd: end))
  }

  /// `.text` loaded a page too high.
  static let xenLoadAddressOff = facts(sections: [
    ImageFacts.Section(
      ".text", at: base &+ 0x20_0000, size: 0x18_6ccc, [.read, .execute], lma: 0x20_1000)
  ])

  /// Build id and a note behind rodata.
  static let xenNotes = facts(sections: [
    text, rodata, ImageFacts.Section(".note.Xen", at: base &+ 0x47_f000, size: 0x24, .read),
    ImageFacts.Section(".buildid", at: base &+ 0x48_0000, size: 0x35, .read),
  ])

  /// An exception table of its own behind rodata.
  static let xenStray = facts(sections: [
    text, rodata, ImageFacts.Section(".ex_table", at: base &+ 0x47_e998, size: 0x8e8, .read),
  ])

  /// Code behind rodata.
  static let xenStrayCode = facts(sections: [
    text, rodata,
    ImageFacts.Section(".fixup", at: base &+ 0x47_f000, size: 0x40, [.read, .execute]),
  ])

  /// A section between the end of one region and the start of the next.
  static let xenBetween: ImageFacts = {
    var changed = Self.facts(sections: [
      text, rodata, ImageFacts.Section(".lost", at: base &+ 0x58_0000, size: 0x40, .read),
    ])
    changed.symbols = changed.symbols.map {
      $0.0 == "__2M_rodata_end" ? ($0.0, base &+ 0x50_0000) : $0
    }
    return changed
  }()

  /// A section that asks for everything behind rodata.
  static let xenWritableExecutableOrphan = facts(sections: [
    text, rodata,
    ImageFacts.Section(".wx", at: base &+ 0x47_f000, size: 0x40, [.read, .write, .execute]),
  ])

  /// The 2M image as a PE file.
  static func pe(sectionAlignment: UInt64) -> ImageFacts {
    facts(kind: .pe, sectionAlignment: sectionAlignment)
  }

  /// The 4K image as a PE file.
  static let pe4K = facts(smallPages, kind: .pe, sectionAlignment: 0x1000)
}
