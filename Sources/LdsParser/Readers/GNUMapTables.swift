// What a stretch of a GNU ld or gold map gives before expressions are parsed. Stretches are scanned side
// by side and joined, so indices in here are relative to the stretch.

/// A statement of the map part, its expression still text.
struct GNUMapRow: Sendable {
  enum Kind: Sendable {
    case outputSection(Int)
    case inputSection(Int)
    case fill(address: UInt64, size: UInt64)
    case data(DataWidth, address: UInt64, value: UInt64, text: ByteRange)
    case expression(PrintedValue, text: ByteRange)
  }

  var kind: Kind
  var offset: Int
}

/// Tables of one stretch.
struct GNUMapTables: Sendable {
  var symbols: [SymbolRecord] = []
  var outputSections: [OutputSectionRecord] = []
  var inputSections: [InputSectionRecord] = []
  var rows: [GNUMapRow] = []
  var unknown = UnknownLines()
  var lines = LineAnchors()
  /// Whether the `OUTPUT(...)` line was met, which GNU ld writes last.
  var hasOutputLine = false

  /// Joins the tables of the stretch that follows.
  mutating func append(_ later: consuming GNUMapTables) {
    let sections = outputSections.count
    let inputs = inputSections.count
    for var symbol in later.symbols {
      if case .section(let index) = symbol.place { symbol.place = .section(index &+ sections) }
      symbols.append(symbol)
    }
    for var input in later.inputSections {
      input.outputSection &+= Int32(truncatingIfNeeded: sections)
      inputSections.append(input)
    }
    outputSections.append(contentsOf: later.outputSections)
    for var row in later.rows {
      switch row.kind {
      case .outputSection(let index): row.kind = .outputSection(index &+ sections)
      case .inputSection(let index): row.kind = .inputSection(index &+ inputs)
      case .fill, .data, .expression: break
      }
      rows.append(row)
    }
    unknown.append(later.unknown)
    lines.append(later.lines)
    hasOutputLine = hasOutputLine || later.hasOutputLine
  }
}
