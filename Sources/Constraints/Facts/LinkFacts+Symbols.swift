// What the image of a link tells of symbols: those that objects define, and what became of those that the script sets.

package import LdsParser

extension LinkFacts {
  /// What the image has for a name of the program.
  private func imageSymbol(_ name: NameID) -> Evidence.Symbol? {
    Int(name.index) < symbols.count ? symbols[Int(name.index)] : nil
  }

  /// Gives a name another symbol, where the layout is computed again.
  mutating func set(_ name: [UInt8], _ symbol: Evidence.Symbol?) {
    if let name = program.names.find(name) { symbols[Int(name.index)] = symbol }
  }

  /// Whether objects given beside the image define a name of the program.
  private func isObjectSymbol(_ name: NameID) -> Bool {
    let names = evidence.objectSymbols
    return !names.isEmpty && names.contains(program.names.bytes(name))
  }

  package func offsetInObject(_ name: NameID) -> UInt64? {
    let offsets = evidence.objectOffsets
    return offsets.isEmpty ? nil : offsets[program.names.bytes(name)]
  }

  package func objectSymbol(_ name: NameID, base: (SectionKey) -> Number) -> ObjectSymbol {
    let bytes = program.names.bytes(name)
    if imageSymbol(name) == nil || program.assignments[name] != nil,
      evidence.isUndefinedByObjects(bytes, in: program)
    {
      return .undefined
    }
    // What an object made of a symbol that the script sets is overwritten in the image.
    if program.assignments[name] != nil, !evidence.hasAllSymbols {
      return .unknown(Lack(.symbol(name), mayStop: true))
    }
    guard let symbol = imageSymbol(name) else {
      if evidence.hasAllSymbols { return .undefined }
      let isLocal = evidence.localSymbols.contains(bytes)
      return .unknown(Lack(isLocal ? .objectDefinition(name) : .symbol(name), mayStop: true))
    }
    if symbol.isOffsetOfObject { return .unknown(Lack(.symbol(name), mayStop: true)) }
    if mayHideInstructionBit(symbol) { return .defined(Outcome(oddOrEven(name, symbol))) }
    guard let outcome = outcome(of: symbol, name, base) else { return .undefined }
    if isMerged(symbol) { return .unknown(Lack(.mergedSymbol(name))) }
    return symbol.mayBeLocal ? .perhaps(outcome) : .defined(outcome)
  }

  /// Whether the script may have seen another place of an object's symbol than the image: GNU ld calculates with that in
  /// the input section until it writes the symbol (bfd/elflink.c, elf_link_output_extsym; run on ld 2.35 to 2.47).
  private func isMerged(_ symbol: Evidence.Symbol) -> Bool {
    guard dialect == .bfd else { return false }
    if evidence.kinds.indices.contains(symbol.file), evidence.kinds[symbol.file] == .gnuMap {
      return evidence.isInMergedRow(symbol)
    }
    switch symbol.place {
    case .section(let index): return sections[index].flags?.contains(.mergeable) == true
    // A listing tells that it is in a section that is read only, and not whether strings were merged there.
    case .someSection(letter: UInt8(ascii: "r")): return true
    default: return false
    }
  }

  package func finalSymbol(_ name: NameID, base: (SectionKey) -> Number) -> Outcome? {
    guard finalAddress(name) != nil, var symbol = imageSymbol(name), !symbol.isOffsetOfObject else {
      return nil
    }
    // A map of GNU ld lists below an input section what an object defines in it; what it does not list there is
    // absolute.
    if symbol.place == .unknown, evidence.kinds[symbol.file] == .gnuMap { symbol.place = .absolute }
    return outcome(of: symbol, name, base)
  }

  /// The value and place of a symbol of the image; nil if it is not defined.
  private func outcome(
    of symbol: Evidence.Symbol, _ name: NameID, _ base: (SectionKey) -> Number
  ) -> Outcome? {
    let hasBit = dialect.follows(.addressesHaveInstructionBit) && symbol.hasInstructionBit
    let shown = hasBit ? symbol.address | 1 : symbol.address
    let isOpen = lookup.value.mayPassEnd && shown & 0x8000_0000 == 0
    let address = isOpen && symbol.place != .absolute ? addressWidth.open(shown) : Number(shown)
    switch symbol.place {
    case .undefined: return nil
    case .absolute: return Outcome(Value(address, kind: .absolute))
    case .section(let index):
      let key = SectionKey.listed(binding.listedIndex[index])
      let start = base(key)
      if start.isOfMovedSection, let shownStart = sections[index].vma {
        // Tools behind the link move symbols with their section.
        let offset = Number(shown &- shownStart)
        return Outcome(
          Value(
            offset: offset, address: Numbers().add(start, offset), in: key, isInside: true))
      }
      let whole = address.exact.map { addressWidth.address($0, inSectionAt: start) } ?? address
      let offset = Numbers().subtract(whole, start)
      return Outcome(Value(offset: offset, address: whole, in: key, isInside: true))
    case .someSection(let letter):
      return Outcome(somewhere(name, address, letter: letter))
    case .unknown:
      var outcome = Outcome(somewhere(name, address, letter: 0))
      outcome.merge(Outcome(Value(address, kind: .absolute)))
      return outcome
    }
  }

  /// Whether the linker's number may be odd where a listing has an even one: that of a function of Thumb or microMIPS.
  private func mayHideInstructionBit(_ symbol: Evidence.Symbol) -> Bool {
    guard dialect.follows(.addressesHaveInstructionBit), evidence.is32Bit,
      evidence.kinds.indices.contains(symbol.file),
      case .someSection(letter: UInt8(ascii: "t")) = symbol.place
    else { return false }
    let kind = evidence.kinds[symbol.file]
    return kind == .nm || kind == .xenSymbols
  }

  private func oddOrEven(_ name: NameID, _ symbol: Evidence.Symbol) -> Value {
    var knowledge = Knowledge(unknown: Lack(.symbol(name)))
    knowledge.bits = KnownBits(mask: ~1, value: symbol.address & ~1)
    knowledge.least = symbol.address & ~1
    return somewhere(name, Number(knowledge), letter: UInt8(ascii: "t"))
  }

  private func somewhere(_ name: NameID, _ address: Number, letter: UInt8) -> Value {
    Value(
      offset: Number(unknown: Lack(.symbolSection(name))), address: address,
      in: .holding(name, letter: letter), isInside: true)
  }

  package func isDefinedByObject(_ name: NameID) -> Bool? {
    if isObjectSymbol(name) { return true }
    if evidence.isUndefinedByObjects(program.names.bytes(name), in: program) { return false }
    if program.assignments[name] != nil { return evidence.hasAllSymbols ? false : nil }
    // A symbol of one object alone is none to the linker; a hidden one that all share looks the same.
    if evidence.localSymbols.contains(program.names.bytes(name)) { return nil }
    guard let symbol = imageSymbol(name) else { return evidence.hasAllSymbols ? false : nil }
    if symbol.mayBeLocal { return nil }
    return symbol.place != .undefined
  }

  package func finalAddress(_ name: NameID) -> UInt64? {
    guard let symbol = imageSymbol(name), symbol.place != .undefined,
      !omissions.misplaced.contains(name), !mayHideInstructionBit(symbol)
    else { return nil }
    return symbol.address
  }

  package func isProvided(step: Int, _ name: NameID, value: Outcome) -> Bool? {
    if isObjectSymbol(name) { return false }
    guard let symbol = imageSymbol(name), symbol.place != .undefined else {
      // The symbols of a section that was removed went with it.
      if case .inside(let index) = program.steps[step].context, section(index).presence == .open {
        return nil
      }
      if evidence.untoldSymbols.contains(program.names.bytes(name)) { return nil }
      // To lld a place between sections is in the last one, which may have been an orphan that was removed.
      if dialect == .lld, case .assignment(let assignment) = program.steps[step].action,
        program.expressions.foldedValue(assignment.value) == nil
      {
        return nil
      }
      return evidence.hasScriptSymbols ? false : nil
    }
    // Somebody defines it. If it is not where the PROVIDE would put it, that is an object.
    guard case .value(let provided)? = value.single, let address = provided.address.exact
    else { return nil }
    if address == symbol.address { return true }
    if symbol.mayBeLocal { return nil }
    // Of 32-bit images the lower half is compared.
    return evidence.is32Bit && (address ^ symbol.address) & 0xffff_ffff == 0
  }
}
