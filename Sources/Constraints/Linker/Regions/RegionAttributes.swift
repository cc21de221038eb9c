// The letters of a line of MEMORY: which sections that name no region a linker puts there (ld manual, "MEMORY Command").

internal import LdsParser

/// What a memory region asks of the sections that it takes by itself.
struct RegionAttributes: Sendable, Hashable {
  /// Letters as a set.
  private struct Letters: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static let read = Letters(rawValue: 1)
    static let write = Letters(rawValue: 2)
    static let execute = Letters(rawValue: 4)
    static let allocated = Letters(rawValue: 8)
    static let loaded = Letters(rawValue: 16)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ letter: UInt8) {
      self =
        switch letter | 0x20 {
        case UInt8(ascii: "r"): .read
        case UInt8(ascii: "w"): .write
        case UInt8(ascii: "x"): .execute
        case UInt8(ascii: "a"): .allocated
        case UInt8(ascii: "l"), UInt8(ascii: "i"): .loaded
        default: []
        }
    }
  }

  private var wanted: Letters = []
  private var refused: Letters = []

  /// A region without letters takes nothing by itself.
  init() {}

  /// The letters of a line as a linker reads them.
  init(_ attributes: [SectionFlagTerm], _ names: NameTable, linker: LinkerDialect.Family) {
    var isNegated = false
    for term in attributes {
      // For GNU ld each word of letters begins anew; for lld `!` turns round what follows, up to the next one.
      if linker != .lld { isNegated = false }
      if term.isNegated { isNegated.toggle() }
      add(names.bytes(term.name.name), isNegated: isNegated)
    }
  }

  /// Reads letters as a map of GNU ld prints them: those behind `!` are refused.
  init(printed letters: [UInt8]) {
    let parts = letters.split(separator: UInt8(ascii: "!"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() { add(Array(part), isNegated: index > 0) }
  }

  private mutating func add(_ letters: [UInt8], isNegated: Bool) {
    let set = letters.reduce(into: Letters()) { $0.formUnion(Letters($1)) }
    if isNegated { refused.formUnion(set) } else { wanted.formUnion(set) }
  }

  /// Whether no section comes here by itself.
  var takesNothing: Bool { wanted.isEmpty }

  /// Whether contents may be written here; nil where the letters do not tell, or `!` turns them round.
  var isWritable: Bool? {
    guard refused.isEmpty, !wanted.isDisjoint(with: [.read, .write, .execute]) else { return nil }
    return wanted.contains(.write)
  }

  /// Whether GNU ld puts a section with these flags here (ldlang.c, lang_set_flags and lang_memory_default).
  func takes(_ bits: SectionBits) -> Bool {
    var bits = bits
    // "Override SEC_DATA to mean a writable section."
    if bits.intersection([.allocated, .readOnly, .code]) == .allocated { bits.insert(.data) }
    return !Self.bits(wanted).isDisjoint(with: bits) && Self.bits(refused).isDisjoint(with: bits)
  }

  private static func bits(_ letters: Letters) -> SectionBits {
    var bits: SectionBits = []
    if letters.contains(.read) { bits.insert(.readOnly) }
    if letters.contains(.write) { bits.insert(.data) }
    if letters.contains(.execute) { bits.insert(.code) }
    if letters.contains(.allocated) { bits.insert(.allocated) }
    if letters.contains(.loaded) { bits.insert(.loaded) }
    return bits
  }

  /// Whether lld puts a section with these flags here: `r` is the flag that a section is not written to (ScriptParser.cpp,
  /// readMemoryAttributes; LinkerScript.h, MemoryRegion::compatibleWith).
  func takes(_ flags: SectionFlags) -> Bool {
    let letters = Self.letters(of: flags)
    return !wanted.isDisjoint(with: letters) && refused.isDisjoint(with: letters)
  }

  private static func letters(of flags: SectionFlags) -> Letters {
    var letters: Letters = flags.contains(.writable) ? .write : .read
    if flags.contains(.executable) { letters.insert(.execute) }
    if flags.contains(.allocated) { letters.insert(.allocated) }
    return letters
  }
}
