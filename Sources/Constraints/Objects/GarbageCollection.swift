// --gc-sections: what no root reaches by relocations is left out (bfd/elflink.c, bfd_elf_gc_sections).

internal import LdsParser

/// Marks what is reached.
struct GarbageCollector {
  private let link: ObjectLink
  private var pending: [InputSection] = []
  /// The members of each section's group.
  private var groups: [ObjectIdentifier: [InputSection]] = [:]
  private let frames: NameID?

  init(_ link: ObjectLink) {
    self.link = link
    frames = link.names.find(".eh_frame")
    for file in link.files {
      for section in file.sections where section.type == ObjectSection.Kind.group {
        for member in section.group { groups[ObjectIdentifier(member)] = section.group }
      }
    }
  }

  mutating func collect() throws(LayoutStop) {
    markRoots()
    try drain()
    try markUnwinding()
    for file in link.files { markDebugging(of: file) }
    for file in link.files {
      for section in file.sections
      where !section.isMarked && !section.bits.contains(.group) {
        section.bits.insert(.excluded)
      }
    }
  }

  private mutating func markRoots() {
    // What DT_INIT and DT_FINI would name is kept in a static link, too (ldlang.c, lang_end).
    let ends = ["_init", "_fini"].compactMap { link.names.find(Array($0.utf8)) }
    for name in [link.script.entry].compactMap(\.self) + link.script.undefined + ends {
      guard let symbol = link.symbols.find(name) else { continue }
      // The section of a root symbol counts as kept: one that is not linked is none of the roots for that.
      if symbol.isDefined, case .input(let section) = symbol.home {
        section.bits.insert(.kept)
      } else {
        mark(name)
      }
    }
    for file in link.files {
      for section in file.sections {
        let flags = section.record?.flags ?? 0
        let isNote =
          section.type == ObjectSection.Kind.note && flags & ObjectSection.Flag.group == 0
          && !section.bits.contains(.linkerMade)
        let isKept = section.bits.contains(.kept) && !section.bits.contains(.excluded)
        if isKept || isNote || flags & ObjectSection.Flag.retain != 0 { mark(section) }
      }
    }
  }

  private mutating func mark(_ section: InputSection) {
    guard !section.isMarked else { return }
    // A group stays whole.
    for member in [section] + (groups[ObjectIdentifier(section)] ?? []) where !member.isMarked {
      member.isMarked = true
      pending.append(member)
    }
  }

  /// Marks what defines a symbol; `__start_X` marks every section X.
  private mutating func mark(_ name: NameID) {
    guard let symbol = link.symbols.find(name) else { return }
    if symbol.isDefined || symbol.state == .common, case .input(let section) = symbol.home {
      mark(section)
    }
    guard symbol.state != .new else { return }
    let text = link.names.bytes(name)
    for prefix in ["__start_", "__stop_"] where text.starts(with: prefix.utf8) {
      guard let named = link.names.find(Array(text.dropFirst(prefix.utf8.count))) else { continue }
      for file in link.files {
        for section in file.sections where section.name == named { mark(section) }
      }
    }
  }

  private mutating func drain() throws(LayoutStop) {
    while let section = pending.popLast() {
      guard section.name != frames, let object = section.file.object else { continue }
      if let record = section.record, record.flags & ObjectSection.Flag.linkOrder != 0,
        link.machine != 40, let partner = section.file.section(numbered: record.link)
      {
        mark(partner)
      }
      for relocation in try link.relocations(of: section) where relocation.symbol != 0 {
        guard object.symbols.indices.contains(relocation.symbol) else {
          throw .refused(
            "\(String(decoding: section.file.label, as: UTF8.self)): a relocation of a symbol that is not there"
          )
        }
        let symbol = object.symbols[relocation.symbol]
        if symbol.binding != 0 {
          mark(symbol.name)
        } else if case .section(let number) = symbol.place,
          let target = section.file.section(numbered: number)
        {
          mark(target)
        }
      }
    }
  }

  /// ARM's tables of unwinding follow the code that they describe.
  private mutating func markUnwinding() throws(LayoutStop) {
    var hasNew = true
    while hasNew {
      hasNew = false
      for file in link.files {
        for section in file.sections
        where section.type == ObjectSection.Kind.armExceptions && !section.isMarked {
          if let link = section.record?.link, file.section(numbered: link)?.isMarked ?? false {
            mark(section)
            hasNew = true
          }
        }
      }
      try drain()
    }
  }

  /// Where something that is loaded is kept, what is not loaded stays; `.eh_frame` is loaded, and stays by KEEP alone.
  private func markDebugging(of file: LinkFile) {
    var isKept = false
    for section in file.sections {
      if section.bits.contains(.linkerMade) {
        section.isMarked = true
      } else if section.isMarked, section.bits.contains(.allocated),
        section.type != ObjectSection.Kind.note
      {
        isKept = true
      }
    }
    guard isKept else { return }
    for section in file.sections
    where section.bits.contains(.debugging)
      || section.bits.isDisjoint(with: [.allocated, .loaded, .relocated])
    {
      section.isMarked = true
    }
  }
}

extension ObjectLink {
  func collectGarbage() throws(LayoutStop) {
    if let entry = script.entry, !(symbols.find(entry)?.isDefined ?? false) {
      throw .refused(
        "--gc-sections with the entry symbol \(names.string(entry)), which is not defined")
    }
    var collector = GarbageCollector(self)
    try collector.collect()
  }
}
