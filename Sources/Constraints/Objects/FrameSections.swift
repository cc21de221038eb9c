// `.eh_frame`: the linker drops the records of code that is not linked, keeps equal ones once, and cuts padding
// (bfd/elf-eh-frame.c, _bfd_elf_discard_section_eh_frame).

internal import LdsParser

extension ObjectLink {
  /// Rewrites what is kept.
  ///
  /// - Returns: whether a size or place changed.
  func rewriteFrames() throws(LayoutStop) -> Bool {
    guard options.rewritesFrames, let name = names.find(".eh_frame"),
      let output = outputs.first(where: { $0.name == name && $0.size > 0 })
    else { return false }
    var hasChanged = false
    var commons: Set<FrameKey> = []
    for input in output.inputs where input.size > 0 && input.record != nil {
      if try rewrite(input, isLast: input === output.inputs.last, &commons) { hasChanged = true }
    }
    return pad(output) || hasChanged
  }

  private func rewrite(
    _ input: InputSection, isLast: Bool, _ commons: inout Set<FrameKey>
  ) throws(LayoutStop) -> Bool {
    guard let object = input.file.object, let records = try records(of: input, object) else {
      return false
    }
    var isKept = records.map { record in
      switch record.kind {
      case .end: isLast
      case .common: false
      case .description(_, let symbol): symbol.map { isLinked($0, of: input.file, object) } ?? true
      }
    }
    for (index, record) in records.enumerated() where isKept[index] {
      guard case .description(let common, _) = record.kind,
        case .common(let key) = records[common].kind
      else { continue }
      if commons.insert(key).inserted { isKept[common] = true }
    }
    var size = 0
    var places: [(old: Int, new: Int?)] = []
    for (index, record) in records.enumerated() {
      guard isKept[index] else {
        places.append((record.offset, nil))
        continue
      }
      var unit = 4
      if case .description = record.kind { unit = max(4, record.width) }
      size = (size + unit - 1) / unit * unit
      places.append((record.offset, size))
      size += record.size
    }
    size = (size + 3) / 4 * 4
    let hasMoved =
      UInt64(size) != input.size || places.contains { $0.new != nil && $0.new != $0.old }
    framePlaces[ObjectIdentifier(input)] = places
    input.rawSize = input.size
    input.size = UInt64(size)
    return hasMoved
  }

  private func records(
    of input: InputSection, _ object: ObjectFile
  ) throws(LayoutStop) -> [FrameRecord]? {
    var symbols: [Int: Int] = [:]
    for relocation in try relocations(of: input) {
      if let offset = Int(exactly: relocation.offset),
        object.symbols.indices.contains(relocation.symbol)
      {
        symbols[offset] = relocation.symbol
      }
    }
    let file = ObjectIdentifier(input.file)
    let reader = FrameReader(
      try contents(of: input), is64Bit: object.is64Bit, symbols: symbols
    ) { symbol in
      object.symbols[symbol].binding != 0
        ? .global(object.symbols[symbol].name) : .local(file: file, symbol: symbol)
    }
    return reader.records()
  }

  /// Whether what a description is about is linked.
  private func isLinked(_ number: Int, of file: LinkFile, _ object: ObjectFile) -> Bool {
    let entry = object.symbols[number]
    var section: InputSection?
    if case .section(let index) = entry.place { section = file.section(numbered: index) }
    if let section, section.isDiscarded { return false }
    if entry.binding != 0 {
      section = nil
      if let symbol = symbols.find(entry.name), symbol.isDefined,
        case .input(let home) = symbol.home
      {
        section = home
      }
    }
    guard let section else { return true }
    return section.output != nil && (!section.bits.contains(.excluded) || section.merging != nil)
  }

  /// Every section but the last one with records is padded to the alignment.
  private func pad(_ output: OutputSection) -> Bool {
    var last = output.inputs.count - 1
    while last >= 0 {
      let input = output.inputs[last]
      if input.size == 0 {
        input.bits.insert(.excluded)
      } else if input.size > 4 {
        break
      }
      last -= 1
    }
    var hasChanged = false
    for input in output.inputs.prefix(max(last, 0)) where input.size > 0 {
      let padded = LinkerArithmetic.alignUp(input.size, toPower: output.alignmentPower)
      if padded != input.size {
        input.size = padded
        hasChanged = true
      }
    }
    return hasChanged
  }

  /// Where a place in a rewritten section went.
  func framePlace(of offset: UInt64, in section: InputSection) -> UInt64 {
    guard let places = framePlaces[ObjectIdentifier(section)], let old = Int(exactly: offset) else {
      return offset
    }
    guard var index = places.lastIndex(where: { $0.old <= old }) else { return offset }
    var distance = old - places[index].old
    // What was dropped is where the next record is.
    while places[index].new == nil {
      distance = 0
      index += 1
      if index == places.count { return section.size }
    }
    return UInt64((places[index].new ?? 0) + distance)
  }
}
