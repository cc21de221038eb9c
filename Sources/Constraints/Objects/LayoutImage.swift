// A layout as evidence: what a reader would find in the file if the link had happened.

public import LdsParser

extension LayoutPrediction {
  /// Where the template of thread-local storage begins; 0 if there is none.
  var templateStart: UInt64 { sections.first { $0.flags.contains(.threadLocal) }?.vma ?? 0 }

  /// The image that the link would make, without contents and segments.
  ///
  /// - Parameter path: the name that it is reported by.
  public func image(path: FilePath) -> Image {
    var bytes: [UInt8] = []
    var records: [SymbolRecord] = []
    for symbol in symbols where !isMapping(symbol.name) {
      let start = UInt32(truncatingIfNeeded: bytes.count)
      bytes += symbol.name
      records.append(record(symbol, start))
    }
    let inputs = inputRows(&bytes)
    let buffer = SourceBuffer(path: path, bytes: bytes)
    var image = Image(buffer: buffer, kind: .elf)
    _ = image.sources.add(buffer)
    image.is32Bit = !is64Bit
    image.machine = machine
    image.symbols = SymbolTable(names: buffer, records: records)
    image.outputSections = sections.map { section in
      // Of thread-local zeros the file tells another load address than the script saw.
      let isHidden = section.isNoBits && section.flags.contains(.threadLocal)
      var record = OutputSectionRecord(
        name: section.name, vma: section.vma, lma: isHidden ? nil : section.lma,
        size: section.size ?? 0,
        alignment: section.alignment, flags: section.flags)
      record.maker = section.span == nil ? .orphan : .statement
      return record
    }
    image.inputSections = inputs
    image.statements = statements(inputs)
    image.regions = regions
    return image
  }

  /// Which input sections are in which output section, as a map lists them.
  private func statements(_ inputs: [InputSectionRecord]) -> [MapStatement] {
    var statements: [MapStatement] = []
    var next = 0
    for index in sections.indices {
      statements.append(MapStatement(.outputSection(index), offset: 0))
      while next < inputs.count, inputs[next].outputSection == Int32(truncatingIfNeeded: index) {
        statements.append(MapStatement(.inputSection(next), offset: 0))
        next += 1
      }
    }
    return statements
  }

  /// The rows of input sections, with their names behind those of symbols.
  private func inputRows(_ bytes: inout [UInt8]) -> [InputSectionRecord] {
    var rows: [InputSectionRecord] = []
    var starts: [[UInt8]: UInt32] = [:]
    func start(_ name: [UInt8]) -> UInt32 {
      if let known = starts[name] { return known }
      let start = UInt32(truncatingIfNeeded: bytes.count)
      bytes += name
      starts[name] = start
      return start
    }
    for (index, section) in sections.enumerated() {
      for input in section.inputs {
        rows.append(
          InputSectionRecord(
            nameStart: start(input.section),
            nameLength: UInt32(truncatingIfNeeded: input.section.count),
            objectStart: start(input.file),
            objectLength: UInt32(truncatingIfNeeded: input.file.count), address: input.address,
            size: input.size, outputSection: Int32(truncatingIfNeeded: index)))
      }
    }
    return rows
  }

  private func record(_ symbol: PredictedSymbol, _ start: UInt32) -> SymbolRecord {
    let isFunction = symbol.type == 2 || symbol.type == 10
    let hasBit = isFunction && machine == ELF.machineARM
    var value = symbol.value
    if hasBit { value &= ~1 }
    if symbol.isThreadLocal { value = value &+ templateStart }
    return SymbolRecord(
      nameStart: start, nameLength: UInt32(truncatingIfNeeded: symbol.name.count), value: value,
      place: symbol.section.map { .section($0) } ?? .absolute,
      binding: symbol.isGlobal ? symbol.isWeak ? .weak : .global : .local,
      isThreadLocal: symbol.isThreadLocal,
      hasInstructionBit: hasBit && symbol.value & 1 == 1)
  }

  /// `$a`, `$d`, `$x`: what ARM's objects mark code and data with.
  private func isMapping(_ name: [UInt8]) -> Bool {
    guard name.count >= 2, name[0] == UInt8(ascii: "$"),
      machine == ELF.machineARM || machine == ELF.machineAArch64
    else {
      return false
    }
    let kinds = Array((machine == ELF.machineARM ? "adtbmfp" : "dx").utf8)
    return kinds.contains(name[1]) && (name.count == 2 || name[2] == UInt8(ascii: "."))
  }
}
