// Which load addresses of an image are those that the linker gave: program headers and tools behind the link change them.

internal import LdsParser

extension LinkFacts {
  package func hasContraryLoads(_ index: Int) -> Bool {
    record(index).map { evidence.contraryLoads[$0.name] != nil } ?? false
  }

  /// Whether the image tells the load address that the linker gave a section: program headers of the script may
  /// move it afterwards, and what has no bytes in the file may be in none.
  func tellsLoadAddress(_ record: Evidence.Section, _ index: Int) -> Bool {
    // A map does not show the script's program headers.
    if program.isMap { return record.lma == record.vma || lookup.value.toldLoads.contains(index) }
    if record.flags?.contains(.threadLocal) == true, hidesThreadLocalLoads { return false }
    if !tellsLoad(record) || (isOverlayMember(index) && hasEmptyMembers) { return false }
    // PE has no load addresses.
    if evidence.kinds.contains(.pe) { return program.loading.sections == .none }
    guard evidence.kinds.contains(.elf) || program.loading.headers != .none else { return true }
    if program.loading.headers != .none {
      // GNU ld moves a section to where its segment loads it, behind the script ("lma ... adjusted to").
      if dialect == .bfd, program.loading.sections != .none { return false }
      return program.loading.headers != .loaded && record.size != 0
        && record.flags?.contains(.noBits) == false
    }
    if record.size != 0 { return true }
    // Tools behind the link may put an empty section elsewhere in the file, and with it in a segment.
    if program.loading.sections == .none { return record.lma == record.vma }
    guard record.lma == record.vma, program.loading.sections != .regions else { return false }
    return dialect == .bfd || !mayFollowLoadAddress(index)
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

  /// Whether load addresses of thread-local sections may have been lost: their segment has one distance, which strip and
  /// objcopy take for all of them.
  private var hidesThreadLocalLoads: Bool {
    if program.loading.headers != .none { return true }
    let distances = sections.filter { $0.flags?.contains(.threadLocal) == true }.map { section in
      section.vma.flatMap { start in section.lma.map { $0 &- start } }
    }
    return Set(distances).count > 1
  }

  /// Whether a section or one before it has a load address of its own: in lld's links, those behind it are as far from
  /// theirs.
  private func mayFollowLoadAddress(_ index: Int) -> Bool {
    program.hasInsert
      || program.sections.prefix(index &+ 1).contains { section in
        // Members of overlays have none that is theirs alone.
        section.description.map { $0.loadAddress != nil } ?? true
      }
  }
}
