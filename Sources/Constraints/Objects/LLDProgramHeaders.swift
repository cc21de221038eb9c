// Program headers by lld: which there are, what is in them, how large they are, and what they say of load addresses
// (lld/ELF/Writer.cpp, createPhdrs, setPhdrs; LinkerScript.cpp, createPhdrs, allocateHeaders).

internal import LdsParser

extension LLDLink {
  /// The largest and the usual page; 1 without pages (Driver.cpp, getMaxPageSize).
  var maximumPageSize: UInt64 {
    if options.paging != .paged { return 1 }
    let usual: UInt64 =
      machine == ELF.machineAArch64 || machine == ELF.machineARM ? 0x10000 : 0x1000
    return options.settings.maximumPageSize ?? usual
  }
  var commonPageSize: UInt64 {
    if options.paging != .paged { return 1 }
    return min(options.settings.commonPageSize ?? 0x1000, maximumPageSize)
  }

  /// The size of all headers, as SIZEOF_HEADERS has it.
  var headerSize: UInt64 { fileHeader.size &+ programHeaders.size }

  private var placedOutputs: [LLDOutput] {
    commands.compactMap { if case .section(let output) = $0 { output } else { nil } }
  }

  func createHeaders() throws(LayoutStop) {
    for output in outputs { output.load = nil }
    fileHeader.load = nil
    programHeaders.load = nil
    fileHeader.size = is64Bit ? 64 : 52
    headers = script.headers == nil ? try usualHeaders() : try scriptHeaders()
    if machine == ELF.machineARM,
      let table = placedOutputs.first(where: { $0.type == ObjectSection.Kind.armExceptions })
    {
      let header = LLDHeader(type: 0x7000_0001, flags: 4)
      header.add(table)
      headers.append(header)
    }
    programHeaders.size = UInt64(headers.count * (is64Bit ? 56 : 32))
    threadLocalHeader = headers.last { $0.type == LLDHeader.threadLocal }
  }

  /// The type that PHDRS says.
  func headerType(_ header: ProgramHeaderDescription) throws(LayoutStop) -> UInt64 {
    if case .symbol(let name) = script.expressions[header.type] {
      let known: [String: UInt64] = [
        "PT_NULL": 0, "PT_LOAD": 1, "PT_DYNAMIC": 2, "PT_INTERP": 3, "PT_NOTE": 4, "PT_SHLIB": 5,
        "PT_PHDR": 6, "PT_TLS": 7, "PT_GNU_EH_FRAME": 0x6474_e550, "PT_GNU_STACK": 0x6474_e551,
        "PT_GNU_RELRO": 0x6474_e552,
      ]
      if let type = known[names.string(name)] { return type }
      throw .linkerStops("invalid program header type: \(names.string(name))")
    }
    return script.expressions.foldedValue(header.type) ?? 0
  }

  private func scriptHeaders() throws(LayoutStop) -> [LLDHeader] {
    let described = script.headers ?? []
    var made: [LLDHeader] = []
    for description in described {
      let flags = try description.flags.map { expression throws(LayoutStop) in
        try value(expression)
      }
      let header = LLDHeader(type: try headerType(description), flags: flags ?? 4)
      if description.hasFileHeader { header.add(fileHeader) }
      if description.hasProgramHeaders { header.add(programHeaders) }
      header.loadAddress = try description.loadAddress.map { expression throws(LayoutStop) in
        try value(expression)
      }
      made.append(header)
    }
    for output in placedOutputs {
      for name in output.headers {
        guard let place = described.firstIndex(where: { $0.name.name == name }) else {
          if names.string(name) == "NONE" { continue }
          throw .linkerStops("program header '\(names.string(name))' is not listed in PHDRS")
        }
        if made[place].type == LLDHeader.load, !output.isAllocated {
          throw .refused(
            "program header \(names.string(name)): a section that is not part of the image is not modelled in a segment that is loaded"
          )
        }
        made[place].add(output)
        if described[place].flags == nil { made[place].flags |= flags(of: output) }
      }
    }
    return made
  }

  private func flags(of output: LLDOutput) -> UInt64 {
    if options.paging == .omagic, script.headers == nil { return 7 }
    return 4 | (output.flags & ObjectSection.Flag.write != 0 ? 2 : 0)
      | (output.flags & ObjectSection.Flag.execute != 0 ? 1 : 0)
  }

  /// Whether a section is in the memory of a segment: thread-local zeros are not.
  private func isLoaded(_ output: LLDOutput) -> Bool {
    output.isAllocated && !output.isThreadLocalZeros
  }

  // MARK: Without PHDRS

  private func usualHeaders() throws(LayoutStop) -> [LLDHeader] {
    var made: [LLDHeader] = []
    func add(_ type: UInt64, _ flags: UInt64) -> LLDHeader {
      let header = LLDHeader(type: type, flags: flags)
      made.append(header)
      return header
    }
    var flags: UInt64 = options.paging == .omagic ? 7 : 4
    var load: LLDHeader?
    if options.paging == .paged {
      add(6, 4).add(programHeaders)
      if let interpreter = outputNamed(".interp") {
        add(3, self.flags(of: interpreter)).add(interpreter)
      }
      let first = add(LLDHeader.load, flags)
      first.add(fileHeader)
      first.add(programHeaders)
      load = first
    }
    let (protected, end) = try protectedRun()
    for output in placedOutputs where isLoaded(output) {
      let new = self.flags(of: output)
      if flags ^ new != 0 { load = nil }
      let isSameLoad =
        load.map {
          !output.isLoadedByItself && output.loadRegion === $0.first?.loadRegion
        }
        ?? false
      if let load, output !== end,
        output.region === load.first?.region, isSameLoad || load.last === programHeaders
      {
        load.flags |= new
      } else {
        load = add(LLDHeader.load, new)
        flags = new
      }
      load?.add(output)
    }
    if placedOutputs.contains(where: \.isThreadLocal) {
      let header = add(LLDHeader.threadLocal, 4)
      for output in placedOutputs where output.isThreadLocal { header.add(output) }
    }
    if protected.first != nil { made.append(protected) }
    _ = add(0x6474_e551, 6)
    if let properties = outputNamed(".note.gnu.property") { add(0x6474_e553, 4).add(properties) }
    addNotes(&made)
    return made
  }

  /// The sections that are written while the program is loaded, which have one header, and the section behind them, which
  /// begins a segment.
  private func protectedRun() throws(LayoutStop) -> (LLDHeader, end: LLDOutput?) {
    let header = LLDHeader(type: 0x6474_e552, flags: 4)
    var end: LLDOutput?
    for output in placedOutputs where isLoaded(output) {
      if isRelro(output) {
        guard end == nil else {
          throw .linkerStops(
            "section: \(names.string(output.name)) is not contiguous with other relro sections")
        }
        header.add(output)
      } else if header.first != nil, end == nil {
        end = output
      }
    }
    return (header, end)
  }

  /// Notes that stand together and are aligned alike share a header.
  private func addNotes(_ made: inout [LLDHeader]) {
    var note: LLDHeader?
    for output in placedOutputs {
      guard output.type == ObjectSection.Kind.note, output.isAllocated else {
        note = nil
        continue
      }
      if note == nil || output.isLoadedByItself
        || note?.last?.alignment != output.alignment
      {
        let header = LLDHeader(type: 4, flags: 4)
        made.append(header)
        note = header
      }
      note?.add(output)
    }
  }

  // MARK: Behind the layout

  /// Whether the headers of the file are in memory, and where.
  func allocateHeaders() throws(LayoutStop) {
    guard let load = headers.first(where: { $0.type == LLDHeader.load }) else { return }
    let lowest = placedOutputs.filter(\.isAllocated).map(\.address).min() ?? .max
    let isExplicit =
      script.headers?.contains { $0.hasFileHeader || $0.hasProgramHeaders } ?? false
    let base = isExplicit ? 0 : lowest & (0 &- maximumPageSize)
    if options.paging == .paged || isExplicit, headerSize <= lowest &- base {
      fileHeader.address = (lowest &- headerSize) & (0 &- maximumPageSize)
      programHeaders.address = fileHeader.address &+ fileHeader.size
      return
    }
    if isExplicit { throw .linkerStops("could not allocate headers") }
    fileHeader.load = nil
    programHeaders.load = nil
    load.first = placedOutputs.first { $0.load === load }
    headers.removeAll { $0.type == 6 }
  }

  /// The load address of a section as its segment tells it; nil for one that is in none, but among the addresses of one:
  /// the file does not tell them apart.
  func toldLoadAddress(of output: LLDOutput) -> UInt64? {
    guard let load = output.load, let first = load.first else {
      let isBetween = headers.contains { header in
        guard header.type == LLDHeader.load, let first = header.first, let last = header.last else {
          return false
        }
        return first.address <= output.address && output.address < last.address &+ last.size
      }
      return isBetween ? nil : output.address
    }
    let start = load.loadAddress ?? first.loadAddress
    return start &+ (output.address &- first.address)
  }
}
