// What lld complains of when every address is known, and what is refused before: contents for which lld makes tables, and
// branches that need a thunk (lld/ELF/Writer.cpp, checkSections; LinkerScript.cpp, checkFinalScriptConditions).

internal import LdsParser

extension LLDLink {
  /// Looks at what is linked, before it is laid out.
  func checkContents() throws(LayoutStop) {
    for output in outputs where isUnsized(output) && output.isAllocated {
      throw .refused(
        "\(names.string(output.name)) takes .comment or a table of the linker's own, which is not modelled"
      )
    }
    for output in outputs where isUnsized(output) && dependsOnSize(output) {
      throw .refused(
        "\(names.string(output.name)) sets symbols behind the name of the linker, whose length is not known"
      )
    }
    if outputs.filter({ $0.isOrphan && $0.givenAddress != nil }).count > 1 {
      throw .refused("addresses of several sections that the script does not name are not modelled")
    }
    if options.listsFrames, !frameInputs.isEmpty {
      throw .refused("--eh-frame-hdr, which lists what is in .eh_frame, is not modelled for ld.lld")
    }
    for symbol in symbols.all where symbol.isDefined && symbol.type == 10 {
      throw .refused(
        "\(names.string(symbol.name)): indirect functions (IFUNC) are not modelled")
    }
    for input in allInputs where input.isLive {
      if input.isAllocated { try checkTables(input) }
    }
  }

  /// Whether a section says anything behind what has no known size.
  private func dependsOnSize(_ output: LLDOutput) -> Bool {
    var isBehind = false
    for command in output.commands {
      switch command {
      case .inputs(let inputs):
        if inputs.sections.contains(where: isUnsized) { isBehind = true }
      case .assignment, .assertion: if isBehind { return true }
      case .data: break
      }
    }
    return false
  }

  private func checkTables(_ input: LLDInput) throws(LayoutStop) {
    var wanted = TableRelocations.types(of: machine)
    // R_ARM_TARGET2
    if machine == ELF.machineARM { wanted.insert(41) }
    for relocation in try relocations(of: input) where wanted.contains(relocation.type) {
      if try isRewritten(relocation, in: input) {
        rewritesInstructions = true
        continue
      }
      throw .refused(
        "\(String(decoding: input.file.label, as: UTF8.self)): \(names.string(input.name)) reaches a symbol through the global offset table, which is not modelled"
      )
    }
  }

  /// Whether lld makes an instruction that loads an address from the table one that computes it
  /// (lld/ELF/Arch/X86_64.cpp, adjustGotPcExpr).
  private func isRewritten(
    _ relocation: ObjectRelocation, in input: LLDInput
  ) throws(LayoutStop) -> Bool {
    // R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX
    guard machine == ELF.machineX8664, options.relaxes, [41, 42].contains(relocation.type),
      relocation.addend == -4, case .input(let target)? = target(of: relocation, in: input)?.home,
      target.isLive
    else { return false }
    let bytes = try contents(of: input)
    guard let place = Int(exactly: relocation.offset), place >= 2, place <= bytes.count else {
      return false
    }
    // mov; call and jmp
    return bytes[place - 2] == 0x8B
      || (bytes[place - 2] == 0xFF && [0x15, 0x25].contains(bytes[place - 1]))
      || relocation.type == 42
  }

  /// Rewritten instructions reach everything, if the image is of less than 2G, below 2G or in the last 2G where they
  /// compute an absolute address.
  private func checkReach() throws(LayoutStop) {
    guard rewritesInstructions else { return }
    let memory = placed.filter(\.isAllocated)
    let lowest = memory.map(\.address).min() ?? 0
    let highest = memory.map { $0.address &+ $0.size }.max() ?? 0
    let limit: UInt64 = 0x7fff_ffff
    guard highest &- lowest <= limit, highest <= limit || lowest >= 0xffff_ffff_8000_0000 else {
      throw .refused(
        "an image of more than 2G with instructions that the linker may rewrite is not modelled")
    }
  }

  // MARK: Behind the layout

  func checkLayout() throws(LayoutStop) {
    for output in outputs
    where isUnsized(output) && (output.region != nil || output.loadRegion != nil) {
      throw .refused(
        "\(names.string(output.name)) fills a region with the name of the linker, whose length is not known"
      )
    }
    try allocateHeaders()
    try checkThreadLocals()
    try checkBranches()
    try checkReach()
    complaints = overflows() + overlaps()
  }

  private func checkThreadLocals() throws(LayoutStop) {
    guard threadLocalHeader == nil,
      !(options.keepsFaultyOutput && dialect.follows(.threadLocalsNeedNoSegment))
    else { return }
    let isLocal = files.contains { file in
      file.object?.symbols.contains { entry in
        guard entry.binding == 0, entry.type == 6, case .section(let number) = entry.place else {
          return false
        }
        return file.section(numbered: number)?.isLive ?? false
      } ?? false
    }
    if isLocal || symbols.all.contains(where: { $0.isDefined && $0.isUsed && $0.type == 6 }) {
      throw .linkerStops("a thread-local symbol, but there is no PT_TLS segment")
    }
  }

  private func checkBranches() throws(LayoutStop) {
    guard machine == ELF.machineARM || machine == ELF.machineAArch64 else { return }
    let reach = BranchReach(machine: machine)
    for input in allInputs
    where input.isLive && input.flags & ObjectSection.Flag.execute != 0 {
      guard let start = address(of: input, 0) else { continue }
      for relocation in try relocations(of: input) where reach.isBranch(relocation.type) {
        guard let target = target(of: relocation, in: input),
          let address = address(of: target)
        else { continue }
        if reach.needsStub(
          relocation, from: start &+ relocation.offset, to: address, type: target.type)
        {
          throw .refused(
            "\(String(decoding: input.file.label, as: UTF8.self)): a branch needs a thunk, which is not modelled"
          )
        }
      }
    }
  }

  private func address(of target: Target) -> UInt64? {
    switch target.home {
    case .absolute: target.value
    case .input(let input): address(of: input, target.value)
    case .output(let output):
      output.address &+ (target.value == .max ? output.size : target.value)
    case nil: nil
    }
  }

  // MARK: Complaints

  private var placed: [LLDOutput] {
    commands.compactMap { if case .section(let output) = $0 { output } else { nil } }
  }

  private func overflows() -> [LayoutComplaint] {
    var found: [LayoutComplaint] = []
    for output in placed {
      for (region, address) in [
        (output.region, output.address), (output.loadRegion, output.loadAddress),
      ] {
        guard let region, let origin = try? value(region.origin),
          let length = try? value(region.length)
        else { continue }
        let end = address &+ output.size
        let limit = origin &+ length
        guard end > limit else { continue }
        found.append(
          LayoutComplaint(
            kind: .overflow,
            text:
              "section '\(names.string(output.name))' will not fit in region '\(names.string(region.name))': overflowed by \(end &- limit) bytes",
            region: names.bytes(region.name)))
      }
    }
    return found
  }

  private func overlaps() -> [LayoutComplaint] {
    guard options.checksSections, !options.keepsFaultyOutput else { return [] }
    var found: [LayoutComplaint] = []
    let last: UInt64 = is64Bit ? .max : 0xffff_ffff
    for output in placed {
      let (end, isPast) = output.address.addingReportingOverflow(output.size)
      if isPast || (!is64Bit && end > last &+ 1) {
        found.append(
          LayoutComplaint(
            kind: .addresses,
            text: "section \(names.string(output.name)) exceeds available address space"))
      }
    }
    if assignFileOffsets() > UInt64(Int64.max) {
      found.append(LayoutComplaint(kind: .addresses, text: "output file too large"))
    }
    let occupied = placed.filter { $0.size > 0 }
    let memory = occupied.filter { $0.isAllocated && !$0.isThreadLocal }
    found += overlaps(
      occupied.filter { !$0.isNoBits && !isUnsized($0) }, "file", \.fileOffset)
    found += overlaps(memory, "virtual address", \.address)
    found += overlaps(memory, "load address", \.loadAddress)
    return found
  }

  private func overlaps(
    _ sections: [LLDOutput], _ what: String, _ start: (LLDOutput) -> UInt64
  ) -> [LayoutComplaint] {
    let sorted = sections.sorted { start($0) < start($1) }
    return zip(sorted, sorted.dropFirst()).compactMap { first, second in
      guard start(second) < start(first) &+ first.size else { return nil }
      if what == "virtual address", first.overlayStart != nil, second.overlayStart != nil {
        return nil
      }
      return LayoutComplaint(
        kind: .addresses,
        text:
          "section \(names.string(first.name)) \(what) range overlaps with \(names.string(second.name))"
      )
    }
  }

  /// Where sections are in the file: in a segment as far apart as in memory (`computeFileOffset`).
  ///
  /// - Returns: where the last ends.
  private func assignFileOffsets() -> UInt64 {
    var end = headerSize
    fileHeader.fileOffset = 0
    programHeaders.fileOffset = fileHeader.size
    for output in placed where output.isAllocated {
      output.fileOffset = fileOffset(of: output, end)
      end = output.fileOffset
      if !output.isNoBits { end = end &+ output.size }
    }
    for output in placed where !output.isAllocated {
      output.fileOffset = LinkerArithmetic.alignUp(end, to: output.alignment)
      end = output.fileOffset &+ output.size
    }
    return end
  }

  private func fileOffset(of output: LLDOutput, _ end: UInt64) -> UInt64 {
    if let load = output.load, load.first === output {
      let unit = segmentAlignment(load)
      // The first place behind `end` that is as far into a page as the address.
      return end &+ ((output.address &- end) & (unit &- 1))
    }
    if output.isNoBits, threadLocalHeader?.first !== output { return end }
    guard let first = output.load?.first else {
      return LinkerArithmetic.alignUp(end, to: output.alignment)
    }
    return first.fileOffset &+ output.address &- first.address
  }

  private func segmentAlignment(_ load: LLDHeader) -> UInt64 {
    let inside = placed.filter { $0.load === load }.map(\.alignment).max() ?? 1
    return max(maximumPageSize, inside)
  }
}
