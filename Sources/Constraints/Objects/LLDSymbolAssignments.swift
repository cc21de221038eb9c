// Symbols of a link by lld: those of the script, which exist before anything is placed, commons, and those that lld
// defines if somebody asks (lld/ELF/LinkerScript.cpp, declareSymbols, addSymbol; Driver.cpp, replaceCommonSymbols;
// Writer.cpp, addStartEndSymbols).

internal import LdsParser

extension LLDLink {
  /// Whether a PROVIDE takes effect: somebody refers to the symbol, and nobody defines it.
  func shouldProvide(_ name: NameID) -> Bool {
    guard let symbol = symbols.find(name) else { return false }
    if symbol.isDefined || symbol.isCommon {
      symbol.isProvideUnused = true
      return false
    }
    return !symbol.isProvideUnused
  }

  /// Defines what the script assigns, so that it is there whatever its value.
  func declareSymbols() throws(LayoutStop) {
    for command in commands {
      switch command {
      case .assignment(let assignment): declare(assignment)
      case .assertion, .overlayEnd: break
      case .section(let output):
        guard output.statement?.constraint == nil else { continue }
        for case .assignment(let assignment) in output.commands { declare(assignment) }
      }
    }
    for name in Self.linkerSymbols {
      guard let id = names.find(name), let symbol = symbols.find(id), symbol.isUndefined else {
        continue
      }
      throw .refused("\(name), which the linker defines, is not modelled for ld.lld")
    }
  }

  /// What lld defines by the file's headers and its own tables.
  private static let linkerSymbols = [
    "__ehdr_start", "__executable_start", "__dso_handle",
    "__rela_iplt_start", "__rela_iplt_end", "__rel_iplt_start", "__rel_iplt_end",
    "_TLS_MODULE_BASE_",
  ]

  private func declare(_ assignment: LLDAssignment) {
    guard isDefined(assignment) else { return }
    let symbol = symbols.entry(assignment.assignment.target.name)
    if !symbol.isDefined, symbol.order == 0, !symbol.isOfScript { symbol.order = assignment.order }
    define(symbol, assignment)
    assignment.isProvide = false
  }

  private func isDefined(_ assignment: LLDAssignment) -> Bool {
    if assignment.assignment.isLocationCounter { return false }
    return !assignment.isProvide || shouldProvide(assignment.assignment.target.name)
  }

  private func define(_ symbol: LLDSymbol, _ assignment: LLDAssignment) {
    symbol.state = .defined
    symbol.isWeak = false
    symbol.isOfScript = true
    symbol.isUsed = true
    symbol.home = .absolute
    symbol.value = 0
    symbol.type = 0
    symbol.file = nil
    assignment.symbol = symbol
  }

  /// Every common symbol becomes a section of its own, in front of all others.
  func replaceCommons() throws(LayoutStop) {
    let name = names.intern("COMMON")
    for file in files {
      for entry in file.object?.symbols ?? [] where entry.binding != 0 && !entry.isNameless {
        guard let symbol = symbols.find(entry.name), symbol.isCommon, let home = symbol.file else {
          continue
        }
        guard symbol.alignment & (symbol.alignment - 1) == 0 else {
          throw .refused(
            "\(names.string(entry.name)): a common symbol that is aligned to no power of 2")
        }
        let input = makeInput(
          home, name: name, type: ObjectSection.Kind.noBits,
          flags: ObjectSection.Flag.allocate | ObjectSection.Flag.write, size: symbol.size,
          alignment: symbol.alignment)
        inputs.append(input)
        symbol.state = .defined
        symbol.home = .input(input)
        symbol.value = 0
      }
    }
  }

  /// `__init_array_start`, `__start_X` and the like, of output sections that are there.
  func addStartStopSymbols() throws(LayoutStop) {
    let arrays = ["preinit_array", "init_array", "fini_array"]
    for array in arrays {
      let ends = ["__\(array)_start", "__\(array)_end"]
      guard let output = outputNamed(".\(array)") else {
        for name in ends where isWanted(name) {
          throw .refused("\(name) without a section .\(array) is not modelled for ld.lld")
        }
        continue
      }
      add(ends[0], at: 0, of: output)
      add(ends[1], at: .max, of: output)
    }
    if let output = outputNamed(".ARM.exidx") {
      add("__exidx_start", at: 0, of: output)
      add("__exidx_end", at: .max, of: output)
    }
    for case .section(let output) in commands {
      let name = names.bytes(output.name)
      guard Self.isIdentifier(name) else { continue }
      let text = String(decoding: name, as: UTF8.self)
      add("__start_\(text)", at: 0, of: output)
      add("__stop_\(text)", at: .max, of: output)
    }
  }

  private func isWanted(_ name: String) -> Bool {
    guard let id = names.find(name), let symbol = symbols.find(id) else { return false }
    return !symbol.isDefined && !symbol.isCommon
  }

  private func add(_ name: String, at value: UInt64, of output: LLDOutput) {
    guard isWanted(name), let id = names.find(name), let symbol = symbols.find(id) else { return }
    symbol.state = .defined
    symbol.isWeak = false
    symbol.isUsed = true
    symbol.type = 0
    symbol.value = value
    symbol.home = .output(output)
    output.isUsedInExpression = true
  }

  /// What is not linked defines nothing.
  func demoteSymbols() {
    for symbol in symbols.all {
      switch symbol.state {
      case .lazy: symbol.state = .undefined
      case .defined:
        guard case .input(let input) = symbol.home, !input.isLive else { continue }
        symbol.state = .undefined
        symbol.isUsed = false
      default: break
      }
    }
  }

  /// Sets symbols for the first time: addresses are 0, places have no value (`addSymbol`).
  func processSymbolAssignments() throws(LayoutStop) {
    state = LLDAddressState(outside)
    assignsAddresses = false
    fileHeader.size = 0
    programHeaders.size = 0
    for command in commands {
      switch command {
      case .assignment(let assignment): try add(assignment)
      case .assertion, .overlayEnd: break
      case .section(let output):
        for case .assignment(let assignment) in output.commands { try add(assignment) }
      }
    }
  }

  private func add(_ assignment: LLDAssignment) throws(LayoutStop) {
    if assignment.symbol == nil {
      guard isDefined(assignment) else { return }
    }
    guard !assignment.assignment.isLocationCounter else { return }
    let result = try evaluate(assignment.assignment.value)
    let symbol = symbols.entry(assignment.assignment.target.name)
    define(symbol, assignment)
    set(symbol, result, isFirst: true)
  }

  /// Gives a symbol its value, relative to the section that the value is of.
  func set(_ symbol: LLDSymbol, _ result: LLDValue, isFirst: Bool = false) {
    symbol.type = result.type
    switch result.home {
    case .absolute:
      symbol.home = .absolute
      symbol.value = isFirst && result.hasSection ? 0 : result.address
    case .output(let output):
      symbol.home = .output(output)
      symbol.value = isFirst ? 0 : result.address &- output.address
    case .input(let input):
      symbol.home = .input(input)
      symbol.value = isFirst ? 0 : result.address &- (address(of: input, 0) ?? 0)
    }
  }

  // MARK: Addresses

  /// The address of a place in an input section; nil if it is not written.
  func address(of input: LLDInput, _ offset: UInt64) -> UInt64? {
    let written = input.written
    guard let parent = written.parent else { return nil }
    // Where nothing is, lld looks at the output section (`getOffset`).
    if let frames = input.frames, frames.bytes.isEmpty { return parent.address &+ offset }
    var offset: UInt64? = offset
    if let pieces = input.pieces {
      offset = pieces.output(of: offset ?? 0)
    } else if let frames = input.frames {
      offset = frames.output(of: offset ?? 0)
    }
    return offset.map { parent.address &+ written.offset &+ $0 }
  }

  /// The address of a symbol; nil if it has none.
  func address(of symbol: LLDSymbol) -> UInt64? {
    switch symbol.home {
    case .absolute: symbol.value
    case .input(let input): address(of: input, symbol.value)
    case .output(let output):
      // -1 is the end.
      output.address &+ (symbol.value == .max ? output.size : symbol.value)
    }
  }
}
