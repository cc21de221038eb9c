// Why a text is no map although it has lines of one: its beginning is cut off, its lines stand behind what a log
// puts before each, or the whole map stands behind other text.
//
//   2026-11-22T10:11:12.123Z Linker script and memory map
//   2026-11-22T10:11:12.124Z .text           0x0000000000401000       0x50

/// Looks for lines of a map in a text of no known form.
struct MapTraces {
  let reader: ByteReader

  /// How much of the text is looked at for the titles of a map.
  private static let distance = 1 << 20
  /// Lines that are looked at for rows, and how many rows of how many lines make a map.
  private static let (lines, rows, share) = (400, 3, 4)

  /// What became of the map; nil if there is no trace of one.
  var reason: String? { reasonByTitle ?? reasonByRows }

  // MARK: Titles

  private var reasonByTitle: String? {
    let end = min(reader.count, Self.distance)
    var position = 0
    var number = 0
    while position < end {
      let lineEnd = reader.lineEnd(position)
      number += 1
      if let title = titleStart(position, reader.withoutReturn(position, lineEnd)) {
        if title == position {
          return
            "other text stands before a map, which begins at line \(number); give the map alone"
        }
        return "the lines of a map, each behind what a log or a quotation puts before it (line "
          + "\(number)); give the file as the linker wrote it"
      }
      position = lineEnd + 1
    }
    return nil
  }

  /// Where a title of a map starts that ends the line `start..<end`.
  private func titleStart(_ start: Int, _ end: Int) -> Int? {
    let titles: [StaticString] = [
      "Linker script and memory map", "Memory Configuration", "Memory map",
      "VMA              LMA     Size Align Out     In      Symbol",
      "VMA      LMA     Size Align Out     In      Symbol",
      "VMA       Size Align Out     In      Symbol",
    ]
    for title in titles {
      let place = end - title.utf8CodeUnitCount
      guard place >= start, reader.hasPrefix(title, at: place, end: end) else { continue }
      // The first column's head stands at its right end.
      let isHead = reader[place] == UInt8(ascii: "V")
      return isHead && reader.skipBlanks(start, end) == place ? start : place
    }
    return nil
  }

  // MARK: Rows

  private var reasonByRows: String? {
    var (position, count) = (0, 0)
    var (rows, columnRows) = (0, 0)
    while position < reader.count, count < Self.lines {
      let lineEnd = reader.lineEnd(position)
      let end = reader.withoutReturn(position, lineEnd)
      if reader.skipBlanks(position, end) < end {
        count += 1
        if hasAddress(position, end) { rows += 1 }
        if ColumnMapRow.lld(reader, position, end) != nil { columnRows += 1 }
      }
      position = lineEnd + 1
    }
    if columnRows >= Self.rows, columnRows * Self.share >= count {
      return
        "the rows of an lld map without its first line, which names the columns; give the whole file"
    }
    if rows >= Self.rows, rows * Self.share >= count {
      return
        "rows like those of a map, without its beginning ('Memory Configuration', 'Linker script and "
        + "memory map'); give the whole file as the linker wrote it"
    }
    return nil
  }

  /// Whether the line has an address as maps print it: `0x0000000000401000`, a word of its own.
  private func hasAddress(_ start: Int, _ end: Int) -> Bool {
    var position = start
    while let hit = reader.firstRange(of: "0x", from: position, to: end) {
      position = hit + 2
      guard hit == start || reader[hit - 1] == Byte.blank || reader[hit - 1] == 9,
        let (_, next) = reader.prefixedHex(hit, end)
      else { continue }
      let digits = next - hit - 2
      if digits == 16 || digits == 8, next == end || reader[next] == Byte.blank { return true }
    }
    return false
  }
}
