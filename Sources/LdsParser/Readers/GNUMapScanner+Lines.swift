// The exact reading of one line of a GNU ld or gold map. Slow and complete: the word-wise paths of
// GNUMapScanner take only what this would take in the same way.

extension GNUMapScanner {
  /// Columns before an address: `SECTION_NAME_MAP_LENGTH` in ldlang.c.
  static let nameColumns = 16
  /// Lines over which the message of one ASSERT may run.
  private static let messageLines = 64

  /// Reads the line `start..<lineEnd`; returns where the next line starts.
  mutating func readLine(_ start: Int, _ lineEnd: Int) -> Int {
    let end = reader.withoutReturn(start, lineEnd)
    let wasAfterBlank = afterBlank
    afterBlank = reader.skipBlanks(start, end) == end
    if afterBlank { return lineEnd + 1 }
    if reader[start] != Byte.blank {
      readHeading(start, end, afterBlank: wasAfterBlank)
      return lineEnd + 1
    }
    if reader[start + 1] != Byte.blank {
      readIndented(start, end)
      return lineEnd + 1
    }
    defer {
      awaitsOutputColumns = false
      awaitedInput = nil
    }
    let column = reader.skipBlanks(start, end)
    if let (address, next) = reader.prefixedHex(column, end), column - start == Self.nameColumns {
      return readColumns(start, address: address, next: next, end: end, lineEnd: lineEnd)
    }
    if let (value, next) = bracketedValue(column, end) {
      takeAwaitedPattern()
      let text = ByteRange(start: reader.skipBlanks(next, end), end: end)
      return addExpression(value, text: text, offset: start, lineEnd: lineEnd)
    }
    if let size = relaxedSize(column, end) {
      noteRelaxedSize(size)
    } else {
      tables.unknown.add(start, end, of: reader)
    }
    return lineEnd + 1
  }

  // MARK: Lines that start with 16 blanks

  /// What follows `16 blanks, 0xADDRESS`: a size column, a symbol, or an expression.
  private mutating func readColumns(
    _ start: Int, address: UInt64, next: Int, end: Int, lineEnd: Int
  ) -> Int {
    let column = reader.skipBlanks(next, end)
    if let (size, afterSize) = reader.prefixedHex(column, end),
      afterSize == end || reader[afterSize] == Byte.blank, column - next <= 8
    {
      let text = ByteRange(start: reader.skipBlanks(afterSize, end), end: end)
      if awaitsOutputColumns {
        setColumns(address, size, text)
      } else if !addData(address, text, offset: start) {
        if let name = awaitedInput {
          addInput(name, address, size, file: text, offset: start)
        } else {
          tables.unknown.add(start, end, of: reader)
        }
      }
      return lineEnd + 1
    }
    guard column < end, column > next else {
      tables.unknown.add(start, end, of: reader)
      return lineEnd + 1
    }
    takeAwaitedPattern()
    let text = ByteRange(start: column, end: end)
    // On 32-bit targets an expression stands eight columns further right than a symbol.
    if isExpression(text) || (digits == 8 && column - next == 24) {
      return addExpression(.value(address), text: text, offset: start, lineEnd: lineEnd)
    }
    addSymbol(text, value: address)
    return lineEnd + 1
  }

  /// Whether a text in the symbol column is an assignment, PROVIDE or ASSERT and not the (demangled)
  /// name of a symbol, which may hold ` = ` only inside brackets.
  private func isExpression(_ text: ByteRange) -> Bool {
    if reader.hasPrefix("ASSERT (", at: text.start, end: text.end) { return true }
    if reader.hasPrefix("PROVIDE (", at: text.start, end: text.end) { return true }
    guard let equals = reader.firstRange(of: " = ", from: text.start, to: text.end) else {
      return false
    }
    return reader.firstIndex(of: UInt8(ascii: "("), from: text.start, to: equals) == nil
      && reader.firstIndex(of: UInt8(ascii: "<"), from: text.start, to: equals) == nil
  }

  /// `[0x...]`, `[!provide]`, `*undef*`, `[unresolved]` in the value column.
  private func bracketedValue(_ start: Int, _ end: Int) -> (PrintedValue, Int)? {
    if reader.hasPrefix("[!provide]", at: start, end: end) { return (.notProvided, start + 10) }
    if reader.hasPrefix("*undef*", at: start, end: end) { return (.undefined, start + 7) }
    if reader.hasPrefix("[unresolved]", at: start, end: end) { return (.unresolved, start + 12) }
    guard reader.hasPrefix("[0x", at: start, end: end),
      let (value, next) = reader.prefixedHex(start + 1, end), next < end,
      reader[next] == UInt8(ascii: "]")
    else { return nil }
    return (.selfReference(value), next + 1)
  }

  /// Adds an expression, and the lines that the message of an ASSERT runs over.
  private mutating func addExpression(
    _ value: PrintedValue, text: ByteRange, offset: Int, lineEnd: Int
  ) -> Int {
    var text = text
    var next = lineEnd + 1
    if !text.isEmpty, reader[text.end - 1] != UInt8(ascii: ")"),
      reader.firstRange(of: "ASSERT (", from: text.start, to: text.end) != nil,
      let last = endOfMessage(from: next)
    {
      text.end = reader.withoutReturn(text.start, last)
      tables.lines.note(from: next, to: last, in: reader)
      next = last + 1
    }
    addAssignedSymbol(value, text)
    if parts.contains(.statements) {
      add(GNUMapRow(kind: .expression(value, text: text), offset: offset))
    }
    return next
  }

  /// End of the first of the next lines that ends in `)`, none of which looks like a row.
  private func endOfMessage(from start: Int) -> Int? {
    var position = start
    for _ in 0..<Self.messageLines where position < reader.count {
      if startsWithColumns(position) { return nil }
      let lineEnd = reader.lineEnd(position)
      let end = reader.withoutReturn(position, lineEnd)
      if end > position, reader[end - 1] == UInt8(ascii: ")") { return lineEnd }
      position = lineEnd + 1
    }
    return nil
  }

  /// The target of an assignment is a symbol; the printed value is its final one (ld-semantics 6.8).
  private mutating func addAssignedSymbol(_ value: PrintedValue, _ text: ByteRange) {
    let number: UInt64
    switch value {
    case .value(let printed), .selfReference(let printed): number = printed
    case .notProvided, .undefined, .unresolved, .none: return
    }
    guard parts.contains(.symbols),
      let target = MapExpressionParser.target(reader, text),
      !(target.count == 1 && reader[target.start] == UInt8(ascii: "."))
    else { return }
    tables.symbols.append(
      SymbolRecord(
        nameStart: UInt32(truncatingIfNeeded: target.start),
        nameLength: UInt32(truncatingIfNeeded: target.count), value: number, place: .unknown,
        binding: .global))
  }

  /// `BYTE 0x1` and the like after address and size, with the expression if it is no plain number.
  private mutating func addData(_ address: UInt64, _ text: ByteRange, offset: Int) -> Bool {
    let end = reader.skipWord(text.start, text.end)
    let width: DataWidth
    switch String(decoding: reader.copy(text.start, min(end, text.start + 8)), as: UTF8.self) {
    case "BYTE": width = .byte
    case "SHORT": width = .short
    case "LONG": width = .long
    case "QUAD": width = .quad
    case "SQUAD": width = .squad
    default: return false
    }
    guard end < text.end, let (value, next) = reader.prefixedHex(end + 1, text.end) else {
      return false
    }
    if parts.contains(.statements) {
      let rest = ByteRange(start: reader.skipBlanks(next, text.end), end: text.end)
      add(
        GNUMapRow(
          kind: .data(width, address: address, value: value, text: rest), offset: offset))
    }
    return true
  }

  // MARK: Lines that start with one blank

  /// An input section, its name alone, padding, or a pattern.
  private mutating func readIndented(_ start: Int, _ end: Int) {
    awaitsOutputColumns = false
    awaitedInput = nil
    let address = start + Self.nameColumns
    if end - address > 2, reader[address - 1] == Byte.blank,
      let (value, next) = reader.prefixedHex(address, end),
      let (size, afterSize) = reader.prefixedHex(reader.skipBlanks(next, end), end)
    {
      let name = ByteRange(start: start + 1, end: reader.trimEnd(start, address))
      let file = ByteRange(start: reader.skipBlanks(afterSize, end), end: end)
      addRow(name, value, size, file, offset: start)
      return
    }
    if end - start >= Self.nameColumns - 1, startsWithColumns(end + 1) || followsReturn(end) {
      awaitedInput = ByteRange(start: start + 1, end: end)
      return
    }
    if !isStatementWord(start + 1, end) {
      tables.unknown.add(start, end, of: reader)
    } else if isOfSections(start + 1, end) {
      add(GNUMapRow(kind: .pattern, offset: start))
    }
  }

  /// A name alone in its row that the columns of an input section do not follow is a pattern.
  mutating func takeAwaitedPattern() {
    guard let name = awaitedInput else { return }
    awaitedInput = nil
    if isStatementWord(name.start, name.end), isOfSections(name.start, name.end) {
      add(GNUMapRow(kind: .pattern, offset: name.start - 1))
    }
  }

  /// Whether a statement word stands in output sections only: the others are gold's remarks, and ASSERTs that lost
  /// the blanks before their value.
  private func isOfSections(_ start: Int, _ end: Int) -> Bool {
    parts.contains(.statements) && !reader.hasPrefix("ASSERT", at: start, end: end)
      && !reader.hasPrefix("PROVIDE", at: start, end: end)
      && !reader.hasPrefix("** ", at: start, end: end)
      && reader.firstRange(of: " = ", from: start, to: end) == nil
  }

  private func followsReturn(_ end: Int) -> Bool {
    end < reader.count && reader[end] == Byte.carriageReturn && startsWithColumns(end + 2)
  }

  private mutating func addRow(
    _ name: ByteRange, _ address: UInt64, _ size: UInt64, _ file: ByteRange, offset: Int
  ) {
    // gold marks what it added itself with two asterisks.
    let isFill =
      reader.hasPrefix("*fill*", at: name.start, end: name.end)
      || reader.hasPrefix("** fill", at: name.start, end: name.end)
      || reader.hasPrefix("** zero fill", at: name.start, end: name.end)
    if isFill {
      // Padding means nothing without the sections around it.
      guard parts.isSuperset(of: [.statements, .inputSections]) else {
        contents = offset
        return
      }
      add(GNUMapRow(kind: .fill(address: address, size: size), offset: offset))
    } else {
      addInput(name, address, size, file: file, offset: offset)
    }
  }

  private mutating func addInput(
    _ name: ByteRange, _ address: UInt64, _ size: UInt64, file: ByteRange, offset: Int
  ) {
    guard parts.contains(.inputSections) else {
      contents = offset
      return
    }
    tables.inputSections.append(
      InputSectionRecord(
        name: name, object: file, address: address, size: size,
        outputSection: tables.outputSections.count - 1))
    if parts.contains(.statements) {
      let index = tables.inputSections.count - 1
      add(GNUMapRow(kind: .inputSection(index), offset: offset))
    }
  }

  /// Patterns end in `)`, as do ASSERTs that lost the blanks before their value; the other one-blank statements
  /// are words.
  private func isStatementWord(_ start: Int, _ end: Int) -> Bool {
    let last = reader.trimEnd(start, end)
    if last > start, reader[last - 1] == UInt8(ascii: ")") {
      return !reader.hasPrefix("0x", at: start, end: end)
    }
    return reader.hasPrefix("FILL mask 0x", at: start, end: end)
      || reader.hasPrefix("CREATE_OBJECT_SYMBOLS", at: start, end: end)
      || reader.hasPrefix("CONSTRUCTORS", at: start, end: end)
      || reader.hasPrefix("** ", at: start, end: end)
  }

  // MARK: Lines that start with a word

  /// An output section after an empty line, or one of the statements at column 0.
  private mutating func readHeading(_ start: Int, _ end: Int, afterBlank wasAfterBlank: Bool) {
    awaitsOutputColumns = false
    awaitedInput = nil
    if isCommand(start, end) { return }
    let isStray = reader[start] == Byte.tab || reader.hasPrefix("0x", at: start, end: end)
    guard wasAfterBlank, !isStray else {
      tables.unknown.add(start, end, of: reader)
      return
    }
    // Orphans stand last where the script has no home for them, and first what --orphan-handling=discard makes of them.
    let isDiscard = end - start == 9 && reader.hasPrefix("/DISCARD/", at: start, end: end)
    if tables.hasOutputLine, !isDiscard, !hasColumns(start, end) {
      // The cross reference table, under whatever title.
      isFinished = true
      return
    }
    addOutputSection(start, end)
  }

  private mutating func isCommand(_ start: Int, _ end: Int) -> Bool {
    switch reader[start] {
    case UInt8(ascii: "L"):
      if reader.hasPrefix("LOAD linker stubs", at: start, end: end) { tables.hasOwnFile = true }
      return reader.hasPrefix("LOAD ", at: start, end: end)
    case UInt8(ascii: "S"):
      // GNU ld 2.47 puts what `--stats` asks for behind the map.
      return reader.hasPrefix("START GROUP", at: start, end: end)
        || reader.hasPrefix("Stats: ", at: start, end: end)
    case UInt8(ascii: "E"): return reader.hasPrefix("END GROUP", at: start, end: end)
    case UInt8(ascii: "T"): return reader.hasPrefix("TARGET(", at: start, end: end)
    case UInt8(ascii: "A"): return reader.hasPrefix("Address of section ", at: start, end: end)
    case UInt8(ascii: "I"): return reader.hasPrefix("INSERT ", at: start, end: end)
    case UInt8(ascii: "O"):
      guard reader.hasPrefix("OUTPUT(", at: start, end: end) else { return false }
      tables.hasOutputLine = true
      // `OUTPUT(a.out elf32-tradbigmips)`: the format is the last word.
      let word = reader.lastWord(start, end)
      if end > word, reader[end - 1] == UInt8(ascii: ")") { tables.outputFormat = word..<end - 1 }
      tables.isForX86 = reader.firstRange(of: "x86-64", from: word, to: end) != nil
      return true
    default: return false
    }
  }

  /// Where the columns of an output section start on its own line. A name with characters that take
  /// more bytes than columns pushes them to the right.
  private func columnsStart(_ start: Int, _ end: Int) -> Int? {
    var position = start
    while let hit = reader.firstRange(of: " 0x", from: position, to: end) {
      if hit + 1 - start >= Self.nameColumns, let (_, next) = reader.prefixedHex(hit + 1, end),
        next - hit - 3 == digits,
        reader.prefixedHex(reader.skipBlanks(next, end), end) != nil
      {
        return hit + 1
      }
      position = hit + 1
    }
    return nil
  }

  private func hasColumns(_ start: Int, _ end: Int) -> Bool {
    columnsStart(start, end) != nil || startsWithColumns(end + 1)
  }

  private mutating func addOutputSection(_ start: Int, _ end: Int) {
    let columns = columnsStart(start, end)
    let nameEnd = reader.trimEnd(start, columns ?? end)
    tables.outputSections.append(
      OutputSectionRecord(
        name: reader.copy(start, nameEnd), vma: nil, size: 0,
        place: UInt32(truncatingIfNeeded: start)))
    if parts.contains(.statements) {
      let index = tables.outputSections.count - 1
      add(GNUMapRow(kind: .outputSection(index), offset: start))
    }
    guard let columns, let (address, next) = reader.prefixedHex(columns, end),
      let (size, afterSize) = reader.prefixedHex(reader.skipBlanks(next, end), end)
    else {
      awaitsOutputColumns = true
      return
    }
    setColumns(address, size, ByteRange(start: reader.skipBlanks(afterSize, end), end: end))
  }

  /// Sets the columns of the last output section; ` load address 0x...` may be translated, so its number
  /// is what counts.
  private mutating func setColumns(_ address: UInt64, _ size: UInt64, _ rest: ByteRange) {
    guard !tables.outputSections.isEmpty else { return }
    let last = tables.outputSections.count - 1
    tables.outputSections[last].vma = address
    tables.outputSections[last].size = size
    tables.outputSections[last].lma = address
    var word = rest.end
    while word > rest.start, reader[word - 1] != Byte.blank { word -= 1 }
    if let (load, _) = reader.prefixedHex(word, rest.end) {
      tables.outputSections[last].lma = load
    }
  }
}
