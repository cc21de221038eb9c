// Which symbols of an image or listing are those that the linker's expressions saw, and with what value.

internal import LdsParser

/// A symbol table holds more names than the script's expressions can mean, and listings have other values than the
/// linker had. What may be another symbol or value is left out.
struct SymbolsOfTheLink {
  private let merged: ImageEvidence
  private let program: Program
  /// Listings in which every address is hidden, `/proc/kallsyms` read without the right to it (`kptr_restrict`), or is
  /// another one than the linker's: that of a kernel which was moved when it was started.
  private let hidden: Set<Int>
  /// Whether the script may place thread-local sections, and so make a block of them as long as it likes.
  private let placesThreadLocal: Bool
  /// Symbols of the script that may be made from one of an object, and are of its type then.
  private let copies: Set<NameID>

  init(_ merged: ImageEvidence, _ program: Program) {
    self.merged = merged
    self.program = program
    var hidden: Set<Int> = []
    for (file, image) in merged.files.enumerated() where Self.isListing(image) {
      var count = 0
      var isHidden = true
      /// The lowest address of code and constants.
      var lowest: UInt64?
      for record in image.symbols.records where record.isDefinition {
        count += 1
        if record.value != 0 { isHidden = false }
        if Self.isCodeOrConstant(record) {
          lowest = min(lowest ?? .max, record.value)
        }
      }
      if count > 1, isHidden { hidden.insert(file) }
      if let start = program.onlyAddress, let lowest,
        max(lowest, start) - min(lowest, start) > Self.farthest
      {
        hidden.insert(file)
      }
    }
    self.hidden = hidden
    let isListed = merged.files.contains(where: Self.isListing)
    placesThreadLocal =
      isListed
      && LayoutPlan(program).traits.contains { trait in
        trait.patterns.contains { SectionNames.mayMatch($0, SectionNames.threadLocal) }
      }
    copies = isListed ? Self.copies(merged, program) : []
  }

  /// GNU ld gives a symbol the type of the one that its value comes from (ldexp.c, try_copy_symbol_type).
  private static func copies(_ merged: ImageEvidence, _ program: Program) -> Set<NameID> {
    var readers: [NameID: [NameID]] = [:]
    var found: [NameID] = []
    for (target, steps) in program.assignments {
      for step in steps {
        guard case .assignment(let assignment) = program.steps[step].action else { continue }
        for node in program.expressions.nodes(of: assignment.value) {
          guard case .symbol(let name) = program.expressions[ExpressionID(index: node)] else {
            continue
          }
          readers[name, default: []].append(target)
          let isOfObject = program.isOnlyProvided(name) || program.assignments[name] == nil
          if isOfObject, !isCodeOrConstant(name, merged, program) { found.append(target) }
        }
      }
    }
    var copies: Set<NameID> = []
    while let name = found.popLast() {
      if copies.insert(name).inserted { found += readers[name] ?? [] }
    }
    return copies
  }

  private static func isCodeOrConstant(
    _ name: NameID, _ merged: ImageEvidence, _ program: Program
  ) -> Bool {
    guard case .one(let symbol) = merged.symbol(program.names.bytes(name)) else { return false }
    return isCodeOrConstant(symbol.record)
  }

  /// Code is not farther from where a script starts: instructions and relocations reach 2 GiB.
  private static let farthest: UInt64 = 1 << 31

  /// The contents of a thread-local block take less than this: every thread has one. Sections that the script does not
  /// place follow one another, so that what lies higher is an address, such as memory at 0x20000000.
  private static let largestThreadLocalSize: UInt64 = 1 << 28

  /// `__wrap_x`: with `--wrap=x`, that is what `x` means in an expression (ld manual 2.1).
  static func wrapper(of name: [UInt8]) -> [UInt8] { Array("__wrap_".utf8) + name }

  private static func isListing(_ image: Image) -> Bool {
    image.kind == .nm || image.kind == .xenSymbols
  }

  /// `T`.
  private static func isCode(_ record: SymbolRecord) -> Bool { record.letter | 0x20 == 0x74 }

  /// `T`, `R`.
  private static func isCodeOrConstant(_ record: SymbolRecord) -> Bool {
    isCode(record) || record.letter | 0x20 == 0x72
  }

  /// `D`, `B`: nm prints thread-local symbols like data, with their offsets.
  private static func mayBeThreadLocal(_ record: SymbolRecord) -> Bool {
    record.letter | 0x20 == 0x64 || record.letter | 0x20 == 0x62
  }

  /// Whether an expression of the script that names it means this symbol and its value.
  func tells(_ name: [UInt8], _ symbol: ImageEvidence.Symbol) -> Bool {
    if hidden.contains(symbol.file) { return false }
    if isAssigned(name) { return !isAmbiguous(symbol) && !mayBeOffset(ofCopy: name, symbol) }
    let image = merged.files[symbol.file]
    // An offset in a thread-local block tells the place only if there is one.
    if symbol.record.isThreadLocal, image.kind == .elf, image.threadLocalBase == nil {
      return false
    }
    // To the linker a symbol that is local to an object is not there; a hidden one is.
    if symbol.record.binding == .local, !symbol.record.isHidden { return false }
    // `N` is a symbol of a debugging section, local or not.
    if Self.isListing(image), symbol.record.letter == UInt8(ascii: "N") { return false }
    // GNU ld prints names of 32-bit PE without the underscore that they begin with.
    if image.cutsUnderscores { return false }
    if mayBeOffset(symbol) { return false }
    // Bit 0 of a microMIPS function is not in a listing, and GNU ld computes with it.
    if Self.isListing(image), program.isForMIPS, Self.isCode(symbol.record) { return false }
    return !isWrapped(name, symbol)
  }

  /// Whether the number of a listing may be an offset in a thread-local block as well as an address.
  func mayBeOffset(_ symbol: ImageEvidence.Symbol) -> Bool {
    Self.isListing(merged.files[symbol.file]) && Self.mayBeThreadLocal(symbol.record)
      && isInBlock(symbol.record.value)
  }

  /// Whether a thread-local block may be so large. Offsets are from its start, or negative.
  private func isInBlock(_ value: UInt64) -> Bool {
    placesThreadLocal || min(value, 0 &- value) < Self.largestThreadLocalSize
  }

  /// Whether that is so of a symbol of the script, which is a copy of a thread-local one then.
  private func mayBeOffset(ofCopy name: [UInt8], _ symbol: ImageEvidence.Symbol) -> Bool {
    Self.isListing(merged.files[symbol.file]) && !Self.isCodeOrConstant(symbol.record)
      && isInBlock(symbol.record.value)
      && program.names.find(name).map { copies.contains($0) } ?? false
  }

  /// Whether the script sets the symbol.
  func isAssigned(_ name: [UInt8]) -> Bool {
    program.names.find(name).map { program.assignments[$0] != nil } ?? false
  }

  /// Whether the script sets the symbol whatever objects define: a map of lld has no row for it then.
  func isSet(_ name: [UInt8]) -> Bool {
    program.names.find(name).map {
      program.assignments[$0] != nil && !program.isOnlyProvided($0)
    } ?? false
  }

  /// What ld makes of a script's symbol in a thread-local section is no thread-local symbol and has its address;
  /// strip and objcopy make it one, and leave the number. Unless it is the copy of a variable of an object.
  private func isAmbiguous(_ symbol: ImageEvidence.Symbol) -> Bool {
    let image = merged.files[symbol.file]
    guard symbol.record.isThreadLocal, image.kind == .elf, !image.isRelocatable else {
      return false
    }
    return symbol.record.place == .absolute
      || image.listedValue(symbol.record) != symbol.record.value
  }

  /// Whether there is a wrapper with another value, so that `--wrap` may have been in force.
  private func isWrapped(_ name: [UInt8], _ symbol: ImageEvidence.Symbol) -> Bool {
    guard case .one(let wrapper) = merged.symbol(Self.wrapper(of: name)) else { return false }
    return wrapper.record.value != symbol.record.value
  }

  /// The value to the linker: GNU ld computes with bit 0 of MIPS16 and microMIPS functions, which no table has.
  func value(of symbol: ImageEvidence.Symbol) -> UInt64 {
    let isOdd =
      symbol.record.hasInstructionBit && merged.files[symbol.file].machine == ELF.machineMIPS
    return isOdd ? symbol.record.value | 1 : symbol.record.value
  }
}

extension Program {
  /// The address at which everything starts, if the script says so once and says no other.
  fileprivate var onlyAddress: UInt64? {
    guard !isMap, regions.isEmpty, sections.allSatisfy({ $0.description?.address == nil }),
      !hasInsert
    else { return nil }
    var address: UInt64?
    var hasSection = false
    for step in steps {
      switch step.action {
      case .enter: hasSection = true
      case .assignment(let assignment) where assignment.isLocationCounter:
        guard let number = expressions.foldedValue(assignment.value) else { continue }
        if hasSection, step.context == .between || step.context == .top { return nil }
        if !hasSection { address = number }
      default: break
      }
    }
    return address
  }
}
