// Which load addresses of an image are those that the linker gave: program headers and tools behind the link change them.

internal import LdsParser

extension LinkFacts {
  package func hasContraryLoads(_ index: Int) -> Bool {
    record(index).map { evidence.contraryLoads[$0.name] != nil } ?? false
  }

  /// A segment without bytes has the load address that the linker gave it, unless tools behind the link made it anew: another
  /// one than the rules give may come of what the image does not have, such as an empty orphan.
  package func mayBeLoaded(_ index: Int, at address: UInt64) -> Bool {
    guard let record = record(index), let shown = record.lma, let flags = record.flags,
      flags.contains(.allocated), !flags.contains(.threadLocal), record.size != 0,
      program.loading.headers == .none, !evidence.kinds.contains(.pe)
    else { return true }
    return shown == address
  }

  /// Whether the image tells the load address that the linker gave a section: program headers of the script may
  /// move it afterwards, and what has no bytes in the file may be in none.
  func tellsLoadAddress(_ record: Evidence.Section, _ index: Int) -> Bool {
    // A map does not show the script's program headers.
    if program.isMap { return record.lma == record.vma || lookup.value.toldLoads.contains(index) }
    if record.flags?.contains(.threadLocal) == true, hidesThreadLocalLoad(of: record) {
      return false
    }
    if mayFollowZeros(record) || evidence.hasMisplacedSegments { return false }
    if !tellsLoad(record) || (isOverlayMember(index) && hasEmptyMembers) { return false }
    // PE has no load addresses.
    if evidence.kinds.contains(.pe) { return program.loading.sections == .none }
    guard evidence.kinds.contains(.elf) || program.loading.headers != .none else { return true }
    if program.loading.headers != .none {
      // GNU ld moves a section to where its segment loads it, behind the script ("lma ... adjusted to").
      if dialect == .bfd, program.loading.sections != .none { return false }
      return program.loading.headers != .loaded && record.size != 0 && !record.isLoadDisputed
        && record.flags?.contains(.noBits) == false
    }
    if record.size != 0 { return true }
    // Tools behind the link may put an empty section elsewhere in the file, and with it in a segment.
    if program.loading.sections == .none { return record.lma == record.vma }
    guard record.lma == record.vma, program.loading.sections != .regions else { return false }
    if dialect == .bfd, !evidence.isELF { return true }
    return !mayFollowLoadAddress(index)
  }

  /// Whether a map of GNU ld beside the script is what tells of a section.
  func isPrinted(_ record: Evidence.Section) -> Bool {
    dialect == .bfd && !program.isMap && !program.hasInsert && record.flags == nil
      && evidence.kinds.indices.contains(record.file) && evidence.kinds[record.file] == .gnuMap
  }

  /// Whether GNU ld may have moved the load address of a section behind the script, because thread-local zeros stand
  /// before it in their segment: "section .tdata lma 0x... adjusted to 0x..." (bfd/elf.c,
  /// assign_file_positions_for_load_sections).
  private func mayFollowZeros(_ record: Evidence.Section) -> Bool {
    guard dialect == .bfd, !program.isMap, !program.hasInsert, record.isLoadListed,
      record.lma != record.vma
    else { return false }
    for section in sections {
      if section.name == record.name, section.vma == record.vma { return false }
      let isZeros =
        section.flags?.isSuperset(of: [.threadLocal, .noBits])
        ?? (section.name.starts(with: ".tbss".utf8) || section.isThreadLocalByRows)
      if isZeros, section.size != 0 { return true }
    }
    return false
  }

  /// Whether lld puts a section into no segment that is loaded, unless the script has program headers: it is loaded where
  /// it runs then, whatever the thread-local segment says (lld/ELF/Writer.cpp, needsPtLoad; OutputSection::getLMA).
  func isOutsideOfSegments(_ record: Evidence.Section) -> Bool {
    guard dialect == .lld, program.loading.headers == .none, let flags = record.flags else {
      return false
    }
    return flags.contains(.allocated) && flags.contains(.threadLocal) && flags.contains(.noBits)
  }

  /// Whether tools behind the link leave the load address of a section as it was: they make that of a segment without
  /// bytes anew, and ELF has none for a section that is not allocated.
  private func tellsLoad(_ record: Evidence.Section) -> Bool {
    guard program.loading.sections != .none, let flags = record.flags else { return true }
    return flags.contains(.allocated) && record.isLoadedWithBytes
  }

  private func isOverlayMember(_ index: Int) -> Bool {
    program.sections.indices.contains(index) && program.sections[index].description == nil
  }

  /// Whether a member of an overlay has no bytes in the file: where one does, tools behind the link load another one
  /// behind it.
  private var hasEmptyMembers: Bool {
    program.sections.indices.contains { index in
      guard isOverlayMember(index), let record = record(index) else { return false }
      return record.size != 0 && record.flags?.contains(.noBits) == true
    }
  }

  /// Whether the load address of a thread-local section may have been lost: their segment has one distance, that of the
  /// first of them, which strip and objcopy take for all. In the file that they leave nothing tells of it.
  private func hidesThreadLocalLoad(of record: Evidence.Section) -> Bool {
    if program.loading.headers != .none { return true }
    if program.loading.sections == .none { return false }
    // BFD takes it from the segment of those (elf.c, _bfd_elf_make_section_from_shdr): where there is none, tools load the
    // section where it runs.
    if !record.isOfThreadSegment { return record.lma == record.vma }
    let first = sections.first { $0.flags?.contains(.threadLocal) == true }
    return first?.name != record.name || first?.vma != record.vma
  }

  /// Whether a section or one before it has a load address of its own: those behind it are as far from theirs.
  private func mayFollowLoadAddress(_ index: Int) -> Bool {
    program.hasInsert
      || program.sections.prefix(index &+ 1).contains { section in
        // Members of overlays have none that is theirs alone.
        section.description.map { $0.loadAddress != nil } ?? true
      }
  }
}
