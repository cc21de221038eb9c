// The reserved words of linker scripts and where each of them is one: `KEEP` is a keyword inside output
// sections and an ordinary symbol elsewhere (ld-semantics 1.6).

/// One reserved word.
struct Keyword {
  /// Its spelling; keywords are case sensitive.
  let spelling: String
  /// What it is read as.
  let kind: TokenKind
  /// The states that reserve it, as bits of ``LexerState/mask``.
  let states: UInt8
  /// What a linker that knows it follows; nil if all do.
  let rule: LinkerRule?

  private init(_ spelling: String, _ kind: TokenKind, _ states: UInt8, _ rule: LinkerRule? = nil) {
    self.spelling = spelling
    self.kind = kind
    self.states = states
    self.rule = rule
  }

  /// The rule of a word that some linkers know; nil for other words.
  static func rule(of word: some Collection<UInt8>) -> LinkerRule? {
    all.first { $0.rule != nil && $0.spelling.utf8.elementsEqual(word) }?.rule
  }

  /// The command or function that somebody meant who wrote `word` in front of a parenthesis or brace: in small letters, or
  /// with a slip; nil for a word that is one, and for words like none.
  static func meant(by word: String) -> String? {
    let capitals = word.uppercased()
    let known = all.lazy.map(\.spelling).filter { $0.utf8.count > 2 && $0 == $0.uppercased() }
    if known.contains(word) { return nil }
    if known.contains(capitals) { return capitals }
    guard word == capitals, let near = Suggestion.nearest(to: word, among: Array(known)),
      Suggestion.editDistance(Array(word.utf8), Array(near.utf8)) <= (word.utf8.count < 7 ? 1 : 2)
    else { return nil }
    return near
  }

  private static let script: UInt8 = LexerState.script.mask
  private static let wild: UInt8 = LexerState.wild.mask
  private static let expression: UInt8 = LexerState.expression.mask
  private static let both: UInt8 = script | expression

  /// Every keyword outside version scripts.
  static let all: [Keyword] = values + places + commands + types + statements

  private static let values = [
    Keyword("ORIGIN", .origin, both), Keyword("o", .origin, script, .memoryWordsEverywhere),
    Keyword("org", .origin, script, .memoryWordsEverywhere), Keyword("LENGTH", .length, both),
    Keyword("l", .length, script, .memoryWordsEverywhere),
    Keyword("len", .length, script, .memoryWordsEverywhere),
    Keyword("BLOCK", .block, both), Keyword("BIND", .bind, both), Keyword("ALIGN", .align, both),
    Keyword("DATA_SEGMENT_ALIGN", .dataSegmentAlign, both),
    Keyword("DATA_SEGMENT_RELRO_END", .dataSegmentRelroEnd, both),
    Keyword("DATA_SEGMENT_END", .dataSegmentEnd, both), Keyword("ADDR", .addr, both),
    Keyword("LOADADDR", .loadaddr, both), Keyword("ALIGNOF", .alignof, both),
    Keyword("ABSOLUTE", .absolute, both), Keyword("MAX", .max, both), Keyword("MIN", .min, both),
    Keyword("LOG2CEIL", .log2ceil, both), Keyword("NEXT", .next, both),
    Keyword("SIZEOF_HEADERS", .sizeofHeaders, both),
    Keyword("sizeof_headers", .sizeofHeaders, both, .smallSizeofHeaders),
    Keyword("SEGMENT_START", .segmentStart, both), Keyword("SIZEOF", .sizeof, both),
    Keyword("DEFINED", .defined, both), Keyword("CONSTANT", .constant, both),
  ]

  private static let places = [
    Keyword("NOCROSSREFS", .nocrossrefs, both), Keyword("NOCROSSREFS_TO", .nocrossrefsTo, both),
    Keyword("OVERLAY", .overlay, both), Keyword("ONLY_IF_RO", .onlyIfRO, both),
    Keyword("ONLY_IF_RW", .onlyIfRW, both), Keyword("SPECIAL", .special, both),
    Keyword("ALIGN_WITH_INPUT", .alignWithInput, both), Keyword("SUBALIGN", .subalign, both),
    Keyword("ASSERT", .assert, both | wild), Keyword("INCLUDE", .include, both | wild),
    Keyword("AT", .at, both | wild), Keyword("HIDDEN", .hidden, both | wild),
    Keyword("PROVIDE", .provide, both | wild),
    Keyword("PROVIDE_HIDDEN", .provideHidden, both | wild),
  ]

  private static let commands = [
    Keyword("MEMORY", .memory, script), Keyword("REGION_ALIAS", .regionAlias, script),
    Keyword("LD_FEATURE", .ldFeature, script), Keyword("VERSION", .version, script),
    Keyword("ENTRY", .entry, script), Keyword("EXTERN", .extern, script),
    Keyword("MAP", .map, script, .mapCommand), Keyword("TARGET", .target, script),
    Keyword("SEARCH_DIR", .searchDir, script), Keyword("OUTPUT", .output, script),
    Keyword("INPUT", .input, script), Keyword("GROUP", .group, script),
    Keyword("LIB", .lib, script, .libCommand),
    Keyword("FORCE_COMMON_ALLOCATION", .forceCommonAllocation, script),
    Keyword("FORCE_GROUP_ALLOCATION", .forceGroupAllocation, script),
    Keyword("INHIBIT_COMMON_ALLOCATION", .inhibitCommonAllocation, script),
    Keyword("SECTIONS", .sections, script), Keyword("INSERT", .insert, script),
    Keyword("AFTER", .after, script), Keyword("BEFORE", .before, script),
    Keyword("STARTUP", .startup, script), Keyword("OUTPUT_FORMAT", .outputFormat, script),
    Keyword("OUTPUT_ARCH", .outputArch, script), Keyword("HLL", .hll, script),
    Keyword("SYSLIB", .syslib, script), Keyword("FLOAT", .float, script),
    Keyword("NOFLOAT", .nofloat, script), Keyword("PHDRS", .phdrs, script),
  ]

  private static let types = [
    Keyword("NOLOAD", .noload, expression),
    Keyword("READONLY", .readonly, expression, .readOnlyType),
    Keyword("DSECT", .dsect, expression), Keyword("COPY", .copy, expression),
    Keyword("INFO", .info, expression), Keyword("TYPE", .type, expression, .typeNumber),
    Keyword("AS_NEEDED", .asNeeded, LexerState.inputList.mask),
  ]

  private static let statements = [
    Keyword("CREATE_OBJECT_SYMBOLS", .createObjectSymbols, wild),
    Keyword("CONSTRUCTORS", .constructors, wild), Keyword("FILL", .fill, wild),
    Keyword("QUAD", .quad, wild), Keyword("SQUAD", .squad, wild), Keyword("LONG", .long, wild),
    Keyword("SHORT", .short, wild), Keyword("BYTE", .byte, wild),
    Keyword("ASCIZ", .asciz, wild, .textData),
    Keyword("LINKER_VERSION", .linkerVersion, wild, .textData),
    Keyword("SORT", .sortByName, wild), Keyword("SORT_BY_NAME", .sortByName, wild),
    Keyword("SORT_BY_ALIGNMENT", .sortByAlignment, wild),
    Keyword("SORT_BY_INIT_PRIORITY", .sortByInitPriority, wild),
    Keyword("SORT_NONE", .sortNone, wild), Keyword("REVERSE", .reverse, wild, .reverse),
    Keyword("INPUT_SECTION_FLAGS", .inputSectionFlags, wild), Keyword("KEEP", .keep, wild),
    Keyword("EXCLUDE_FILE", .excludeFile, wild),
    Keyword("CLASS", .sectionClass, script | wild, .sectionClasses),
    Keyword("OVERWRITE_SECTIONS", .overwriteSections, script, .overwriteSections),
  ]
}

/// Finds keywords by their bytes: open addressing over a hash of the spelling, built once.
struct KeywordTable: Sendable {
  private struct Slot: Sendable {
    var start: UInt16 = 0
    var count: UInt8 = 0
    var states: UInt8 = 0
    var kind: TokenKind = .name
  }

  /// A keyword with its bytes and where the search for it begins.
  private struct Spelled: Sendable {
    let keyword: Keyword
    let bytes: [UInt8]
    let start: Int
  }

  private static let size = 512
  private static let longest = 25
  private var slots = [Slot](repeating: Slot(), count: size)
  private var text: [UInt8] = []

  /// The keywords of one linker.
  init(dialect: LinkerDialect) {
    for spelled in Self.all {
      if let rule = spelled.keyword.rule, !dialect.follows(rule) { continue }
      var index = spelled.start
      while slots[index].count != 0 { index = (index + 1) % Self.size }
      slots[index] = Slot(
        start: UInt16(truncatingIfNeeded: text.count),
        count: UInt8(truncatingIfNeeded: spelled.bytes.count),
        states: spelled.keyword.states, kind: spelled.keyword.kind)
      text += spelled.bytes
    }
  }

  private static let all = Keyword.all.map { keyword in
    let bytes = Array(keyword.spelling.utf8)
    return Spelled(
      keyword: keyword, bytes: bytes, start: start(hash: bytes.reduce(0) { mix($0, $1) }))
  }

  private static func mix(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
    (hash ^ UInt32(byte)) &* 0x0100_0193
  }

  private static func start(hash: UInt32) -> Int {
    Int((hash ^ (hash >> 15)) & UInt32(size - 1))
  }

  /// The keyword that the bytes `start..<end` spell in `state`, or nil.
  func find(_ reader: ByteReader, _ start: Int, _ end: Int, in state: LexerState) -> TokenKind? {
    let count = end &- start
    // All but five keywords start with a capital; most names do not.
    guard count <= Self.longest else { return nil }
    let first = reader[start]
    guard first &- 0x41 < 26 || (count <= 3 && (first == 0x6C || first == 0x6F)) || first == 0x73
    else { return nil }
    var hash: UInt32 = 0
    for offset in start..<end { hash = Self.mix(hash, reader[offset]) }
    var index = Self.start(hash: hash)
    while slots[index].count != 0 {
      if slots[index].states & state.mask != 0, matches(slots[index], reader, start, count) {
        return slots[index].kind
      }
      index = (index &+ 1) % Self.size
    }
    return nil
  }

  private func matches(_ slot: Slot, _ reader: ByteReader, _ start: Int, _ count: Int) -> Bool {
    guard Int(slot.count) == count else { return false }
    for offset in 0..<count where text[Int(slot.start) &+ offset] != reader[start &+ offset] {
      return false
    }
    return true
  }
}
