// PHDRS: AT(e) of a segment changes load addresses after the script has read them, and a segment stores one load address
// only, that of its first section (ldlang.c, lang_record_phdrs; bfd/elf.c, assign_file_positions_for_load_sections).

internal import LdsParser

extension ObjectLink {
  func applyHeaderAddresses() throws(LayoutStop) {
    guard let headers = script.headers else { return }
    var seen: Set<ObjectIdentifier> = []
    // What a section without headers of its own follows: the last that has some, also across the entries of PHDRS.
    var current: [NameID]?
    var ranges: [ClosedRange<UInt64>] = []
    for header in headers {
      let outputs = try outputs(of: header, &current)
      guard isLoad(header), let first = outputs.first else { continue }
      if let range = range(of: outputs) { ranges.append(range) }
      if let address = header.loadAddress {
        guard var start = try self.address(address, dot: 0) else {
          throw .linkerStops("AT of a program header is no constant")
        }
        if header.hasFileHeader { start = start &+ (is64Bit ? 64 : 52) }
        if header.hasProgramHeaders {
          start = start &+ UInt64(headers.count * (is64Bit ? 56 : 32))
        }
        for output in outputs where !seen.contains(ObjectIdentifier(output)) {
          output.lma = start &+ output.vma &- first.vma
        }
      }
      // BFD sorts the sections of a segment by their load addresses before it writes them.
      guard let lowest = outputs.min(by: { $0.loadOrder < $1.loadOrder }) else { continue }
      for output in outputs where seen.insert(ObjectIdentifier(output)).inserted {
        output.storedLMA = lowest.lma &+ output.vma &- lowest.vma
      }
    }
    // Where addresses are in two segments, the file does not tell which load address was meant.
    ranges.sort { $0.lowerBound < $1.lowerBound }
    hidesLoadAddresses = zip(ranges, ranges.dropFirst()).contains { $0.overlaps($1) }
  }

  private func range(of outputs: [OutputSection]) -> ClosedRange<UInt64>? {
    let occupied = outputs.filter { $0.bits.contains(.allocated) && $0.room > 0 }
    guard let least = occupied.map(\.vma).min(),
      let most = occupied.map({ $0.vma &+ ($0.room &- 1) }).max(), least <= most
    else { return nil }
    return least...most
  }

  private func isLoad(_ header: ProgramHeaderDescription) -> Bool {
    switch script.expressions[header.type] {
    case .symbol(let name): names.string(name) == "PT_LOAD"
    default: script.expressions.foldedValue(header.type) == 1
    }
  }

  /// The sections of a segment: those that name it, and those that follow one that does.
  private func outputs(
    of header: ProgramHeaderDescription, _ current: inout [NameID]?
  ) throws(LayoutStop) -> [OutputSection] {
    var found: [OutputSection] = []
    for (index, section) in sections.enumerated() where !section.isDead {
      var headers = section.headers
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
