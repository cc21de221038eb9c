// Rows of input sections that the linker made of another size: the line below tells the size before.

extension GNUMapScanner {
  /// `0x3a70 (size before relaxing)`, in whatever language: the row above holds the final size.
  func relaxedSize(_ start: Int, _ end: Int) -> UInt64? {
    guard let (size, next) = reader.prefixedHex(start, end) else { return nil }
    let bracket = reader.skipBlanks(next, end)
    return bracket < end && bracket > next && reader[bracket] == UInt8(ascii: "(") ? size : nil
  }

  mutating func noteRelaxedSize(_ size: UInt64) {
    guard parts.contains(.inputSections) else {
      if let row = passedRow() { tables.resizedInputs.append(row) }
      return
    }
    guard let row = tables.inputSections.last else { return }
    tables.sizesBeforeRelaxing[tables.inputSections.count - 1] = size
    tables.resizedInputs.append(row)
  }

  /// The row of an input section that was passed over last.
  private func passedRow() -> InputSectionRecord? {
    guard contents >= 0 else { return nil }
    let end = reader.lineEnd(contents)
    let column = reader.skipBlanks(contents, end)
    var name = ByteRange(start: column, end: end)
    if reader.hasPrefix("0x", at: column, end: end), contents > 1 {
      // The name is too long for the line.
      var start = contents - 1
      while start > 0, reader[start - 1] != UInt8(ascii: "\n") { start -= 1 }
      name = ByteRange(start: reader.skipBlanks(start, contents - 1), end: contents - 1)
    } else {
      var stop = column
      while stop < end, reader[stop] != Byte.blank { stop += 1 }
      name.end = stop
    }
    guard let (address, next) = reader.prefixedHex(contents + Self.nameColumns, end),
      let (size, _) = reader.prefixedHex(reader.skipBlanks(next, end), end)
    else { return nil }
    return InputSectionRecord(
      name: name, object: ByteRange(start: end, end: end), address: address, size: size,
      outputSection: tables.outputSections.count - 1)
  }
}
