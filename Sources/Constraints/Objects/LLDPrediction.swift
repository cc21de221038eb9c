// The layout of a link by lld as everybody else reads it.

internal import LdsParser

extension LayoutPrediction {
  init(_ link: LLDLink, _ detail: LayoutDetail) {
    is64Bit = link.is64Bit
    machine = link.machine
    dialect = link.dialect
    complaints = link.complaints
    var places: [Int: Int] = [:]
    for case .section(let output) in link.commands where !link.isTable(output) {
      places[output.index] = sections.count
      sections.append(PredictedSection(output, link, detail))
    }
    let reader = LLDPredictedSymbols(link: link, places: places)
    switch detail {
    case .whole: symbols = reader.globals { _ in true } + reader.locals()
    case .globals: symbols = reader.globals { _ in true }
    case .verdicts: break
    case .outline: symbols = reader.globals(where: \.isOfScript)
    }
    assertions = link.judgedAssertions.map {
      PredictedAssertion(
        condition: $0.condition, message: link.names.bytes($0.message), value: $0.value,
        operands: $0.operands)
    }
    regions = link.regions.compactMap { region in
      guard let origin = try? link.value(region.origin), let length = try? link.value(region.length)
      else { return nil }
      return RegionRecord(
        name: link.names.bytes(region.name), origin: origin, length: length, attributes: "")
    }
  }
}

extension PredictedSection {
  init(_ output: LLDOutput, _ link: LLDLink, _ detail: LayoutDetail) {
    let mask: UInt64 = link.is64Bit ? .max : 0xffff_ffff
    name = link.names.bytes(output.name)
    vma = output.address & mask
    isNoBits = output.isNoBits
    lma =
      output.isThreadLocalZeros ? 0 : link.toldLoadAddress(of: output).map { $0 & mask }
    size = link.isUnsized(output) ? nil : output.size
    alignment = output.alignment
    flags = []
    if output.isAllocated { flags.insert(.allocated) }
    if output.flags & ObjectSection.Flag.write != 0 { flags.insert(.writable) }
    if output.flags & ObjectSection.Flag.execute != 0 { flags.insert(.executable) }
    if output.isThreadLocal { flags.insert(.threadLocal) }
    if isNoBits { flags.insert(.noBits) }
    type = output.type
    span = output.statement?.span
    inputs = []
    guard detail == .whole else { return }
    inputs = output.inputs.map { input in
      let first = link.source(of: input)
      return PredictedInput(
        file: first.file.label, section: link.names.bytes(first.name),
        address: (output.address &+ input.offset) & mask, size: input.size)
    }
  }
}

/// The symbols of a finished layout.
private struct LLDPredictedSymbols {
  let link: LLDLink
  /// The place of each output section in the file.
  let places: [Int: Int]

  private var mask: UInt64 { link.is64Bit ? .max : 0xffff_ffff }

  /// Thread-local symbols count from the first section of their segment; without one they are 0.
  private func threadLocalOffset(_ address: UInt64) -> UInt64 {
    link.threadLocalHeader?.first.map { address &- $0.address } ?? 0
  }

  func globals(where isTold: (LLDSymbol) -> Bool) -> [PredictedSymbol] {
    var result: [PredictedSymbol] = []
    for symbol in link.symbols.all where symbol.isDefined && symbol.isUsed && isTold(symbol) {
      if case .input(let input) = symbol.home, isUnknown(input) { continue }
      // The end of what lld puts its own name into.
      if case .output(let output) = symbol.home, symbol.value == .max, link.isUnsized(output) {
        continue
      }
      guard let address = link.address(of: symbol) else { continue }
      let isThreadLocal = symbol.type == 6 && !isAbsolute(symbol)
      result.append(
        PredictedSymbol(
          name: link.names.bytes(symbol.name),
          value: (isThreadLocal ? threadLocalOffset(address) : address) & mask, isGlobal: true,
          isWeak: symbol.isWeak, section: place(of: symbol.home), isThreadLocal: symbol.type == 6,
          type: symbol.type))
    }
    return result
  }

  private func isAbsolute(_ symbol: LLDSymbol) -> Bool {
    if case .absolute = symbol.home { true } else { false }
  }

  private func place(of home: LLDSymbol.Home) -> Int? {
    switch home {
    case .absolute: nil
    case .output(let output): places[output.index]
    case .input(let input): input.written.parent.flatMap { places[$0.index] }
    }
  }

  /// Whether it is where lld's own name is put in between: how far behind it is not known.
  /// Whether something without a known size stands in its place or before it.
  private func isUnknown(_ input: LLDInput) -> Bool {
    guard let inputs = input.written.parent?.inputs,
      let first = inputs.firstIndex(where: link.isUnsized)
    else { return false }
    return inputs[first...].contains { $0 === input.written }
  }

  func locals() -> [PredictedSymbol] {
    var result: [PredictedSymbol] = []
    for file in link.files {
      for entry in file.object?.symbols ?? []
      where entry.binding == 0 && !entry.isNameless && entry.type != 3 && entry.type != 4 {
        if let symbol = local(entry, file) { result.append(symbol) }
      }
    }
    return result
  }

  private func local(_ entry: ObjectSymbolEntry, _ file: LLDFile) -> PredictedSymbol? {
    let name = link.names.bytes(entry.name)
    var value = entry.value
    var section: Int?
    switch entry.place {
    case .undefined, .common: return nil
    case .absolute: break
    case .section(let number):
      // Without its section the symbol is a number.
      if let stripped = link.stripped(number, of: file) {
        value = link.value(entry.value, in: stripped)
        break
      }
      guard let input = file.section(numbered: number), input.isLive, !isUnknown(input),
        input.type != ObjectSection.Kind.armExceptions
      else { return nil }
      if input.flags & ObjectSection.Flag.merge != 0, name.starts(with: ".L".utf8) { return nil }
      guard let address = link.address(of: input, entry.value) else { return nil }
      value = entry.type == 6 ? threadLocalOffset(address) : address
      section = place(of: .input(input))
    }
    return PredictedSymbol(
      name: name, value: value & mask, isGlobal: false, isWeak: false, section: section,
      isThreadLocal: entry.type == 6, type: entry.type)
  }
}

extension ObjectSection {
  /// What -S leaves out.
  func isDebugging(_ name: String) -> Bool {
    flags & Flag.allocate == 0 && name.hasPrefix(".debug")
  }
}

extension LLDLink {
  /// The section of an object, if -S leaves it out.
  func stripped(_ number: Int, of file: LLDFile) -> ObjectSection? {
    guard options.isStripped,
      let section = file.object?.sections.first(where: { $0.index == number })
    else { return nil }
    return section.isDebugging(names.string(section.name)) ? section : nil
  }

  /// The value of a symbol in a section that -S leaves out: none of what would be merged is live.
  func value(_ offset: UInt64, in stripped: ObjectSection) -> UInt64 {
    asksToBeMerged(stripped) ? 0 : offset
  }

  /// Whether a section is a table of symbols or names.
  func isTable(_ output: LLDOutput) -> Bool {
    let inputs = output.inputs
    return !inputs.isEmpty && inputs.allSatisfy { input in tables.contains { $0 === input } }
  }

  /// Whether the size is not told: lld's own name is in the section, or a table of symbols.
  func isUnsized(_ output: LLDOutput) -> Bool { output.inputs.contains(where: isUnsized) }

  func isUnsized(_ input: LLDInput) -> Bool {
    input === comment?.written || tables.contains { $0 === input }
  }

  /// The section that stands for one that lld made of many.
  func source(of input: LLDInput) -> LLDInput {
    guard input.file === internalFile else { return input }
    if let contents = mergedContents.first(where: { $0.section === input }) {
      return contents.members.first ?? input
    }
    return frameInputs.first { $0.frames?.whole === input } ?? input
  }
}
