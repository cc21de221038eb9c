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
  /// The lowest address of code and constants in a listing: offsets into a thread-local block are below.
  private let lowest: [Int: UInt64]
  /// Whether the script places thread-local sections.
  private let placesThreadLocal: Bool

  init(_ merged: ImageEvidence, _ program: Program) {
    self.merged = merged
    self.program = program
    var hidden: Set<Int> = []
    var lowest: [Int: UInt64] = [:]
    for (file, image) in merged.files.enumerated() where Self.isListing(image) {
      var count = 0
      var isHidden = true
      for record in image.symbols.records where record.isDefinition {
        count += 1
        if record.value != 0 { isHidden = false }
        if Self.isCodeOrConstant(record) {
          lowest[file] = min(lowest[file] ?? .max, record.value)
        }
      }
      if count > 1, isHidden { hidden.insert(file) }
      if let start = program.onlyAddress, let lowest = lowest[file],
        max(lowest, start) - min(lowest, start) > Self.farthest
      {
        hidden.insert(file)
      }
    }
    self.hidden = hidden
    self.lowest = lowest
    placesThreadLocal = program.sections.contains { section in
      let name = program.names.bytes(section.name)
      return Self.threadLocalNames.contains { name.starts(with: $0) }
    }
  }

  /// A thread-local block is taken to be smaller: less than this may be an offset in one.
  private static let threadLocalSize: UInt64 = 1 << 20

  /// Code is not farther from where a script starts: instructions and relocations reach 2 GiB.
  private static let farthest: UInt64 = 1 << 31

  /// Nor is a block of any size larger than this: every thread has one. What lies higher is an address even below all
  /// code, such as memory at 0x20000000 of a chip that runs from a flash at 0x60000000.
  private static let largestThreadLocalSize: UInt64 = 1 << 28

  private static let threadLocalNames = [Array(".tdata".utf8), Array(".tbss".utf8)]

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
    if isAssigned(name) { return !isAmbiguous(symbol) }
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
    guard Self.isListing(merged.files[symbol.file]), Self.mayBeThreadLocal(symbol.record) else {
      return false
    }
    // Offsets are from the start of the block, or negative.
    let value = symbol.record.value
    if placesThreadLocal || min(value, 0 &- value) < Self.threadLocalSize { return true }
    return value < min(lowest[symbol.file] ?? 0, Self.largestThreadLocalSize)
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
    return image.listedValue(symbol.record) != symbol.record.value
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
