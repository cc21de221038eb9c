// How many program headers an image needs, which SIZEOF_HEADERS tells (bfd/elf.c, get_program_header_size,
// _bfd_elf_map_sections_to_segments).

internal import LdsParser

extension ObjectLink {
  /// SIZEOF_HEADERS in the pass that runs.
  var headerSize: UInt64 {
    if phase == .marking || phase == .opening { return 0 }
    let count = headerCount ?? writtenHeaders ?? estimatedHeaders
    headerCount = count
    return headerSize(count)
  }

  /// The number of headers where PHDRS says what they are: a target may add its own.
  var writtenHeaders: Int? { script.headers.map { $0.count + attributeHeaders } }

  private func headerSize(_ count: Int) -> UInt64 {
    UInt64(is64Bit ? 64 + 56 * count : 52 + 32 * count)
  }

  /// PT_GNU_STACK: asked for by an option, or by a marker in an object.
  private var hasStackHeader: Bool {
    if options.namesStack { return true }
    guard let name = names.find(".note.GNU-stack") else { return false }
    return files.contains { file in file.sections.contains { $0.name == name } }
  }

  private func hasSection(_ name: String) -> Bool {
    guard let name = names.find(name) else { return false }
    return outputs.contains { $0.name == name && $0.size > 0 }
  }

  /// What the linker guesses before it has laid out anything.
  private var estimatedHeaders: Int {
    var count = 2 + (protectsRelocated ? 1 : 0) + (hasStackHeader ? 1 : 0)
    var index = 0
    while index < outputs.count {
      if outputs[index].isNote {
        count += 1
        while index + 1 < outputs.count, outputs[index + 1].isNote,
          outputs[index + 1].alignmentPower == outputs[index].alignmentPower
        {
          index += 1
        }
      }
      index += 1
    }
    if outputs.contains(where: { $0.bits.contains(.threadLocal) }) { count += 1 }
    if hasSection(".note.gnu.property") { count += 1 }
    count += interpreterHeaders
    if machine == ELF.machineARM, let name = names.find(".ARM.exidx"),
      outputs.contains(where: { $0.name == name && $0.bits.contains(.loaded) })
    {
      count += 1
    }
    return count + attributeHeaders
  }

  /// PT_INTERP and PT_PHDR, for an `.interp` that an object brings and that is loaded.
  private var interpreterHeaders: Int {
    guard let name = names.find(".interp") else { return 0 }
    let first = outputs.first { $0.name == name }
    return first.map { $0.size > 0 && $0.bits.contains(.loaded) } ?? false ? 2 : 0
  }

  /// PT_RISCV_ATTRIBUTES (elfnn-riscv.c, riscv_elf_additional_program_headers).
  private var attributeHeaders: Int {
    machine == ELF.machineRISCV && hasSection(".riscv.attributes") ? 1 : 0
  }

  /// Whether PT_PHDR is in no segment that is loaded, for which the linker stops: there is no paging, or no room for the
  /// headers below the first section (bfd/elf.c, _bfd_elf_map_sections_to_segments, assign_file_positions_except_relocs).
  var missesHeaderSegment: Bool {
    guard interpreterHeaders > 0, writtenHeaders == nil, !isReplayed else { return false }
    guard options.paging == .paged, let first = inLoadOrder().first else { return true }
    var count = estimatedHeaders
    for _ in 0..<10 {
      let needed = neededHeaders(after: count)
      if needed == count { break }
      count = needed
    }
    return first.lma & (is64Bit ? .max : 0xffff_ffff) < headerSize(count)
  }

  /// The number of headers that the sections need as they are laid out.
  func neededHeaders() -> Int { neededHeaders(after: headerCount ?? estimatedHeaders) }

  /// - Parameter known: how many there are as far as the linker knows by then.
  private func neededHeaders(after known: Int) -> Int {
    let loaded = inLoadOrder()
    var run = SegmentRun(link: self)
    var count = run.count(loaded)
    let firsts = run.firsts
    if hasHeaderSegment(loaded, size: headerSize(known)) { count += 1 }
    count += noteRuns + (hasStackHeader ? 1 : 0)
    if outputs.contains(where: { $0.bits.contains(.threadLocal) }) { count += 1 }
    if hasSection(".note.gnu.property") { count += 1 }
    count += interpreterHeaders
    let segment = dataSegment
    if protectsRelocated, segment.protectedEnd != 0 {
      // A segment that begins in the protected part, or nothing is protected.
      let isProtected = firsts.contains { output in
        segment.base <= output.vma && output.vma < segment.protectedEnd
      }
      if isProtected { count += 1 }
    }
    return count + attributeHeaders
  }

  /// Allocated sections by load address (bfd/elf.c, elf_sort_sections).
  private func inLoadOrder() -> [OutputSection] {
    return outputs.enumerated().filter { $0.element.bits.contains(.allocated) }
      .sorted { left, right in
        let keys = (left.element.loadOrder, right.element.loadOrder)
        return keys.0 == keys.1 ? left.offset < right.offset : keys.0 < keys.1
      }.map(\.element)
  }

  /// Notes that stand together and are aligned alike share a header.
  private var noteRuns: Int {
    var count = 0
    var index = 0
    while index < outputs.count {
      if outputs[index].isNote {
        count += 1
        while index + 1 < outputs.count, joinsNote(outputs[index], outputs[index + 1]) {
          index += 1
        }
      }
      index += 1
    }
    return count
  }

  private func joinsNote(_ note: OutputSection, _ next: OutputSection) -> Bool {
    next.isNote && next.alignmentPower == note.alignmentPower
      && LinkerArithmetic.alignUp(note.lma &+ note.size, toPower: next.alignmentPower) == next.lma
  }

  /// A segment for the headers alone: the first section is code, which shares a segment with nothing else, and there is
  /// room below it.
  private func hasHeaderSegment(_ loaded: [OutputSection], size: UInt64) -> Bool {
    guard let first = loaded.first, options.paging == .paged else { return false }
    let mask = is64Bit ? UInt64.max : 0xffff_ffff
    let page = maximumPageSize
    let isForced = usesHeaderSize || interpreterHeaders > 0
    guard isForced || first.lma & (page &- 1) >= size & (page &- 1) else { return false }
    guard separatesCode, first.bits.contains(.code) else { return false }
    var start = (first.lma &- size) & mask & (0 &- page)
    if (start &+ size &- 1) & mask & (0 &- page) == first.lma & mask & (0 &- page) {
      guard start >= page else { return false }
      start = start &- page
    }
    return first.lma & mask >= start && first.lma & mask >= size
  }
}

extension OutputSection {
  /// What BFD sorts sections of segments by (bfd/elf.c, elf_sort_sections).
  var loadOrder: (UInt64, UInt64, Int, UInt64) {
    let isZeros = bits.isDisjoint(with: [.loaded, .threadLocal])
    return (lma, vma, isZeros && size != 0 ? 1 : 0, bits.contains(.loaded) ? size : 0)
  }
}

/// Counts PT_LOAD headers.
private struct SegmentRun {
  let link: ObjectLink
  private var isWritable = false
  private var isCode = false
  private var last: OutputSection?
  /// The first section of each segment.
  private(set) var firsts: [OutputSection] = []

  init(link: ObjectLink) { self.link = link }

  mutating func count(_ loaded: [OutputSection]) -> Int {
    var count = 0
    var size = 0
    for output in loaded {
      let begins = last.map { startsSegment(output, after: $0) } ?? false
      if begins || last == nil { firsts.append(output) }
      if begins {
        count += 1
        size = 0
        isWritable = false
        isCode = false
      }
      if !output.bits.contains(.readOnly) { isWritable = true }
      if output.bits.contains(.code) { isCode = true }
      last = output
      size += 1
    }
    if let last, size != 1 || !last.bits.isThreadLocalZeros { count += 1 }
    return count
  }

  private func startsSegment(_ output: OutputSection, after last: OutputSection) -> Bool {
    let page = link.maximumPageSize
    let isPaged = link.options.paging == .paged
    let end = last.lma &+ last.room
    if last.lma &- last.vma != output.lma &- output.vma { return true }
    if output.lma < end || end < last.lma { return true }
    let isSamePage = isPaged && (end &- 1) & (0 &- page) == output.lma & (0 &- page)
    let isOtherRegion = region(of: last) !== region(of: output)
    if isSamePage { return isOtherRegion }
    let next = LinkerArithmetic.alignUp(end, to: page) &+ page
    if next > last.lma, next <= output.lma { return true }
    if last.bits.isDisjoint(with: [.loaded, .threadLocal]),
      !output.bits.isDisjoint(with: [.loaded, .threadLocal])
    {
      return true
    }
    guard isPaged else { return isOtherRegion }
    if link.separatesCode, isCode != output.bits.contains(.code) { return true }
    if !isWritable, !output.bits.contains(.readOnly) { return true }
    return isOtherRegion
  }

  /// The region that the linker takes a section for one of: it finds the statement by the section's name, so that of an orphan
  /// that has the name of another section it is that of the other one (ldlang.c, ldlang_override_segment_assignment).
  private func region(of output: OutputSection) -> LayoutRegion? {
    guard output.statement.isDuplicate else { return output.statement.region }
    return link.statement(named: output.name)?.region ?? output.statement.region
  }
}
