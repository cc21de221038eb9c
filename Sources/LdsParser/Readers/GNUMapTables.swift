// What a stretch of a GNU ld or gold map gives before expressions are parsed. Stretches are scanned side
// by side and joined, so indices in here are relative to the stretch.

/// A statement of the map part, its expression still text.
struct GNUMapRow: Sendable {
  enum Kind: Sendable {
    case outputSection(Int)
    case inputSection(Int)
    case fill(address: UInt64, size: UInt64)
    case contents(address: UInt64, size: UInt64)
    case data(DataWidth, address: UInt64, value: UInt64, text: ByteRange)
    case expression(PrintedValue, text: ByteRange)
    case pattern
  }

  var kind: Kind
  var offset: Int

  /// Whether it is a row of contents: an input section, padding, or data.
  var isContents: Bool {
    switch kind {
    case .inputSection, .fill, .contents, .data: true
    case .outputSection, .expression, .pattern: false
    }
  }
}

/// Tables of one stretch.
struct GNUMapTables: Sendable {
  var symbols: [SymbolRecord] = []
  var outputSections: [OutputSectionRecord] = []
  var inputSections: [InputSectionRecord] = []
  /// Sizes before relaxing, by index of the input section.
  var sizesBeforeRelaxing: [Int: UInt64] = [:]
  var rows: [GNUMapRow] = []
  /// Input sections that are listed with a size before.
  var resizedInputs: [InputSectionRecord] = []
  /// Contents behind the last row, of those that are not among the rows.
  var lastContents: GNUMapRow?
  /// Whether contents that were passed over may be something else.
  var hasDoubtfulContents = false
  var unknown = UnknownLines()
  var lines = LineAnchors()
  /// Whether the `OUTPUT(...)` line was met, which GNU ld writes last.
  var hasOutputLine = false
  /// Where that line names the format of the output: `elf32-tradbigmips`.
  var outputFormat: Range<Int>?
  /// Whether that is the one of x86-64.
  var isForX86 = false
  /// Whether what the linker makes has a file of its own, `linker stubs`.
  var hasOwnFile = false

  /// Joins the tables of the stretch that follows.
  mutating func append(_ later: consuming GNUMapTables) {
    if let first = later.rows.first {
      if let lastContents, !first.isContents { rows.append(lastContents) }
      lastContents = later.lastContents
    } else {
      lastContents = later.lastContents ?? lastContents
    }
    hasDoubtfulContents = hasDoubtfulContents || later.hasDoubtfulContents
    let sections = outputSections.count
    for var input in later.resizedInputs {
      input.outputSection &+= Int32(truncatingIfNeeded: sections)
      resizedInputs.append(input)
    }
    let inputs = inputSections.count
    for var symbol in later.symbols {
      if case .section(let index) = symbol.place { symbol.place = .section(index &+ sections) }
      symbols.append(symbol)
    }
    for var input in later.inputSections {
      input.outputSection &+= Int32(truncatingIfNeeded: sections)
      inputSections.append(input)
    }
    for (input, size) in later.sizesBeforeRelaxing { sizesBeforeRelaxing[input &+ inputs] = size }
    outputSections.append(contentsOf: later.outputSections)
    for var row in later.rows {
      switch row.kind {
      case .outputSection(let index): row.kind = .outputSection(index &+ sections)
      case .inputSection(let index): row.kind = .inputSection(index &+ inputs)
      case .fill, .contents, .data, .expression, .pattern: break
      }
      rows.append(row)
    }
    unknown.append(later.unknown)
    lines.append(later.lines)
    hasOutputLine = hasOutputLine || later.hasOutputLine
    outputFormat = later.outputFormat ?? outputFormat
    isForX86 = isForX86 || later.isForX86
    hasOwnFile = hasOwnFile || later.hasOwnFile
  }
}
