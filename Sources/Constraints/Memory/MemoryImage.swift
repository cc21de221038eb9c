// The files of one image as memory is counted from them: one lists sections in the linker's order, one has flags.

internal import LdsParser

/// What a linker made, as far as its memory goes: a map, an image, or both.
struct MemoryImage: Sendable {
  /// The file whose sections count: a map of GNU ld, which has the linker's order, before others.
  let layout: Image
  /// The linked image, which has flags; the same file where no map is given.
  let binary: Image?
  /// What the sections of ``layout`` are made of.
  let contents: SectionContents
  /// Whose way of counting.
  let linker: LinkerDialect.Family

  /// Nil for files that list no sections.
  ///
  /// - Parameter dialect: the linker where no map tells it.
  init?(_ files: [Image], dialect: LinkerDialect) {
    let linked = files.filter { !$0.isRelocatable && !$0.outputSections.isEmpty }
    guard
      let layout = linked.filter(\.kind.isMap).min(by: { $0.kind.rank < $1.kind.rank })
        ?? linked.min(by: { $0.kind.rank < $1.kind.rank })
    else { return nil }
    self.layout = layout
    binary = linked.first { $0.kind.isBinary }
    contents = SectionContents(layout)
    let family = (layout.kind.isMap ? layout.kind.linker : dialect)?.family
    linker = family == .lld ? .lld : .bfd
  }

  /// The sections that may take memory, in the linker's order.
  ///
  /// - Parameter placements: what the script says; nil without one.
  func sections(_ placements: SectionPlacements?) -> [MemorySection] {
    let flags = flagsByPlace()
    let ordered = placements.map { order($0) } ?? Array(layout.outputSections.indices)
    var last: SectionPlacement?
    var lastName: [UInt8]?
    return ordered.enumerated().compactMap { position, index in
      let name = layout.outputSections[index].name
      var section = section(index, placements, flags)
      if let placement = placements?[name] {
        (last, lastName) = (placement, name)
      } else if let placements, section != nil {
        if layout.kind.isMap {
          section?.anchors = [last].compactMap { $0 }
          if (section?.size ?? 0) > 0, let anchor = last { last = .orphan(after: anchor) }
        } else {
          // An image does not have what was dropped.
          let next = ordered[position...].lazy.map { layout.outputSections[$0].name }
            .first { placements[$0] != nil }
          section?.anchors = placements.between(lastName, next)
        }
      }
      return section
    }
  }

  // MARK: One section

  private func section(
    _ index: Int, _ placements: SectionPlacements?, _ flags: [PlaceKey: SectionFlags]
  ) -> MemorySection? {
    let record = layout.outputSections[index]
    guard let vma = record.vma, record.name != Array("/DISCARD/".utf8) else { return nil }
    let known = record.flags ?? flags[PlaceKey(name: record.name, vma: vma)]
    let placement = placements?[record.name]
    var section = MemorySection(
      index: index, name: record.name, vma: vma, lma: record.lma ?? vma, size: record.size,
      alignment: record.alignment, flags: known, extent: record.size, isLoaded: .yes,
      placement: placement)
    guard isAllocated(section) else { return nil }
    if record.size == 0, !moves(section) { return nil }
    section.isLoaded = loading(section)
    if let known {
      if known.isSuperset(of: [.threadLocal, .noBits]) { section.extent = 0 }
    } else if isThreadLocalZeroes(index) {
      section.extent = 0
      section.isLoaded = .no
    }
    return section
  }

  private func isAllocated(_ section: MemorySection) -> Bool {
    if let flags = section.flags { return flags.contains(.allocated) }
    switch section.placement?.type {
    case .dsect, .copy, .info, .overlay: return false
    default: return !LoadedSection.isNeverMemory(section.name)
    }
  }

  /// Whether an empty section moves its region: it is in the image, or the script assigns to a symbol in it and ld
  /// therefore does not ignore it (`update_dot`, `strip_excluded_output_sections`).
  private func moves(_ section: MemorySection) -> Bool {
    if section.flags != nil { return true }
    if !layout.kind.tells(.statements) { return layout.kind.isMap }
    guard contents.assigned.contains(section.index) else { return false }
    // Without an input section it has no flags, and the region is not updated.
    if case .noload = section.placement?.type { return true }
    return contents.inputs[section.index] != nil
  }

  private func loading(_ section: MemorySection) -> MemorySection.Loading {
    if section.isEmpty {
      // Only an input section, or data, gives it SEC_LOAD; the type of an empty section in an image says nothing.
      if case .noload = section.placement?.type { return .no }
      guard layout.kind.isMap, !layout.inputSections.isEmpty else { return .perhaps(false) }
      guard contents.inputs[section.index] != nil else { return .no }
      if let flags = section.flags { return flags.contains(.noBits) ? .no : .yes }
      return .perhaps(!SpecialSections.areZeroes(section.name))
    }
    if let flags = section.flags { return flags.contains(.noBits) ? .no : .yes }
    if case .noload = section.placement?.type { return .no }
    if contents.hasData.contains(section.index) { return .yes }
    let inputs = (contents.inputs[section.index] ?? []).map {
      layout.inputSections[$0].name(in: layout)
    }
    // A file without rows does not tell.
    if layout.inputSections.isEmpty { return .perhaps(!SpecialSections.areZeroes(section.name)) }
    // The script only moves the location counter in it: allocated, nothing to load.
    if inputs.isEmpty { return .no }
    if inputs.allSatisfy(SpecialSections.areZeroes) { return .no }
    if inputs.contains(where: SpecialSections.haveContents) { return .yes }
    return .perhaps(inputs.contains { !SpecialSections.areZeroes($0) })
  }

  private func isThreadLocalZeroes(_ index: Int) -> Bool {
    let pieces = contents.pieces(of: index)
    var isSome = false
    for piece in pieces {
      switch piece.owner {
      case .input(let row):
        guard SpecialSections.areThreadLocalZeroes(layout.inputSections[row].name(in: layout))
        else {
          return false
        }
        isSome = true
      case .padding: break
      case .data, .reserved, .unknown: return false
      }
    }
    return isSome || pieces.isEmpty && layout.outputSections[index].name == Array(".tbss".utf8)
  }

  // MARK: Order and flags

  private struct PlaceKey: Hashable {
    var name: [UInt8]
    var vma: UInt64
  }

  private func flagsByPlace() -> [PlaceKey: SectionFlags] {
    guard let binary, binary.path != layout.path else { return [:] }
    var flags: [PlaceKey: SectionFlags] = [:]
    for record in binary.outputSections {
      guard let vma = record.vma else { continue }
      flags[PlaceKey(name: record.name, vma: vma)] = record.flags
    }
    return flags
  }

  /// A map has the linker's order. An image nearly so; where the script names sections, its order counts, and
  /// orphans follow what they follow in the image.
  private func order(_ placements: SectionPlacements) -> [Int] {
    if layout.kind.isMap { return Array(layout.outputSections.indices) }
    var ranks: [[UInt8]: Int] = [:]
    for (rank, name) in placements.order.enumerated() { ranks[name] = rank }
    var rank = -1
    let keyed = layout.outputSections.indices.map { index in
      rank = ranks[layout.outputSections[index].name] ?? rank
      return (rank: rank, index: index)
    }
    return keyed.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.index)
  }
}

/// Sections whose type their name decides, for BFD as for the gABI (`special_sections`, elf.c; "Special Sections",
/// gABI): an assembler warns of another type.
enum SpecialSections {
  private static let zeroes = names([
    ".bss", ".sbss", ".lbss", ".tbss", ".dynbss", ".noinit", ".persistent.bss", ".gnu.linkonce.b",
    ".gnu.linkonce.sb", ".gnu.linkonce.tb", ".gnu.linkonce.lb",
  ])
  private static let commons = names(["COMMON", ".scommon", "SMALL_COMMON", "LARGE_COMMON"])
  private static let threadLocal = names([".tbss", ".gnu.linkonce.tb"])
  private static let contents = names([
    ".text", ".data", ".data1", ".rodata", ".rodata1", ".init", ".fini", ".init_array",
    ".fini_array", ".preinit_array", ".ctors", ".dtors", ".tdata", ".sdata", ".eh_frame", ".got",
    ".plt", ".gnu.linkonce.d", ".gnu.linkonce.r", ".gnu.linkonce.t", ".gnu.linkonce.td",
    ".ARM.exidx", ".ARM.extab",
  ])

  /// Whether input sections of this name are zeroes: `SHT_NOBITS`, or commons.
  static func areZeroes(_ name: [UInt8]) -> Bool {
    commons.contains(name) || zeroes.contains { begins(name, $0) }
  }

  /// Whether input sections of this name have bytes: `SHT_PROGBITS`.
  static func haveContents(_ name: [UInt8]) -> Bool { contents.contains { begins(name, $0) } }

  /// Whether input sections of this name are zeroes of threads.
  static func areThreadLocalZeroes(_ name: [UInt8]) -> Bool {
    threadLocal.contains { begins(name, $0) }
  }

  private static func names(_ list: [String]) -> [[UInt8]] { list.map { Array($0.utf8) } }

  /// The name itself, or what a dot continues.
  private static func begins(_ name: [UInt8], _ prefix: [UInt8]) -> Bool {
    name.starts(with: prefix)
      && (name.count == prefix.count || name[prefix.count] == UInt8(ascii: "."))
  }
}
