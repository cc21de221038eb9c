// PHDRS: AT(e) of a segment changes load addresses after the script has read them, and a segment stores one load address
// only, that of its first section (ldlang.c, lang_record_phdrs; bfd/elf.c, assign_file_positions_for_load_sections).

internal import LdsParser

extension ObjectLink {
  func applyHeaderAddresses() throws(LayoutStop) {
    guard let headers = script.headers else { return }
    var seen: Set<ObjectIdentifier> = []
    // What a section without headers of its own follows: the last that has some, also across the entries of PHDRS.
    var current: [NameID]?
    var segments: [(range: ClosedRange<UInt64>, outputs: [OutputSection])] = []
    for header in headers {
      let type = self.type(of: header)
      var outputs = try outputs(of: header, &current)
      // What is not allocated is in no segment that is loaded (bfd/elf.c, elf_modify_segment_map).
      if type == .load { outputs.removeAll { !$0.bits.contains(.allocated) } }
      // What is in a segment of notes is written as a note.
      if type == .note { for output in outputs { output.isOfNoteSegment = true } }
      guard type == .load, let first = outputs.first else { continue }
      let loaded = outputs.sorted { $0.loadOrder < $1.loadOrder }
      let isInOrder =
        zip(outputs, outputs.dropFirst()).allSatisfy { $0.vma <= $1.vma }
        && zip(loaded, loaded.dropFirst()).allSatisfy { $0.vma <= $1.vma }
      if !isInOrder {
        throw .refused(
          "program header \(names.string(header.name.name)): sections that are not in the order of their addresses are not modelled"
        )
      }
      let occupied = outputs.filter { $0.bits.contains(.allocated) && $0.room > 0 }
      // Where the segment begins, as the file has it.
      var beginning: (lma: UInt64, vma: UInt64)?
      var lowest = occupied.map(\.lma).min() ?? 0
      let ends = occupied.map { $0.lma &+ ($0.room &- 1) }
      if let address = header.loadAddress {
        guard var start = try self.address(address, dot: 0) else {
          throw .linkerStops("AT of a program header is no constant")
        }
        lowest = start
        start = start &+ headerRoom(header, count: headers.count, before: first.vma)
        beginning = (start, first.vma)
        for output in outputs where !seen.contains(ObjectIdentifier(output)) {
          output.lma = start &+ output.vma &- first.vma
        }
      }
      // BFD sorts the sections of a segment by their load addresses before it writes them.
      guard let head = outputs.min(by: { $0.loadOrder < $1.loadOrder }) else { continue }
      for output in outputs where seen.insert(ObjectIdentifier(output)).inserted {
        let place = beginning ?? (head.lma, head.vma)
        output.storedLMA = place.lma &+ output.vma &- place.vma
      }
      // A segment is as large as its sections are apart where they run, or where the script loads them.
      let start = occupied.map(\.vma).min() ?? 0
      let spans = occupied.map { $0.vma &- start &+ ($0.room &- 1) } + ends.map { $0 &- lowest }
      let (end, isPast) = start.addingReportingOverflow(spans.max() ?? 0)
      if !occupied.isEmpty { segments.append((start...(isPast ? .max : end), outputs)) }
    }
    hidesLoadAddresses = hidesLoads(segments)
  }

  /// Whether addresses are in a segment that their section is not of: then the file does not tell which load address was
  /// meant (bfd/elf.c, _bfd_elf_make_section_from_shdr).
  private func hidesLoads(
    _ segments: [(range: ClosedRange<UInt64>, outputs: [OutputSection])]
  ) -> Bool {
    outputs.contains { output in
      output.bits.contains(.allocated)
        && segments.contains { segment in
          segment.range.contains(output.vma) && !segment.outputs.contains { $0 === output }
        }
    }
  }

  /// What headers take in front of the first section of a segment that covers them: that section is as far into a page
  /// of the file as into one of memory.
  private func headerRoom(
    _ header: ProgramHeaderDescription, count: Int, before address: UInt64
  ) -> UInt64 {
    var size: UInt64 = header.hasFileHeader ? (is64Bit ? 64 : 52) : 0
    if header.hasProgramHeaders { size = size &+ UInt64(count * (is64Bit ? 56 : 32)) }
    guard size > 0, options.paging == .paged else { return size }
    return size &+ ((address &- size) & (maximumPageSize &- 1))
  }

  private enum HeaderType { case load, note, other }

  private func type(of header: ProgramHeaderDescription) -> HeaderType {
    let number: UInt64? =
      switch script.expressions[header.type] {
      case .symbol(let name):
        switch names.string(name) {
        case "PT_LOAD": 1
        case "PT_NOTE": 4
        default: nil
        }
      default: script.expressions.foldedValue(header.type)
      }
    return switch number {
    case 1: .load
    case 4: .note
    default: .other
    }
  }

  /// The sections of a segment: those that name it, and those that follow one that does.
  private func outputs(
    of header: ProgramHeaderDescription, _ current: inout [NameID]?
  ) throws(LayoutStop) -> [OutputSection] {
    var found: [OutputSection] = []
    for (index, section) in sections.enumerated() where section.isTaken {
      var headers = section.headers
      if section.span != nil, section.output?.isRemoved ?? true,
        headers.contains(where: { names.string($0) == "NONE" })
      {
        throw .refused(
          "\(names.string(section.name)): :NONE of a section that is not made is not modelled")
      }
      if headers.isEmpty {
        guard section.kind != .noLoad, let output = section.output,
          output.bits.contains(.allocated)
        else { continue }
        let inherited =
          current ?? sections[index...].first { !$0.headers.isEmpty }?.headers
        guard let inherited else { throw .linkerStops("no sections assigned to phdrs") }
        headers = inherited
      }
      current = headers
      if let output = section.output, !output.isRemoved, headers.contains(header.name.name) {
        found.append(output)
      }
    }
    return found
  }
}
