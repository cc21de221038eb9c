// The forms of linker maps: how each is told from other text, and what reads it. A new one is a reader and a row here,
// beside its row in ``ImageKind``.

/// A form of linker map.
struct MapForm: Sendable {
  /// The kind that it is.
  let kind: ImageKind
  /// Whether a text begins as maps of this form do.
  let begins: @Sendable (ByteReader) -> Bool
  /// Reads a map of this form.
  let read: @Sendable (SourceBuffer, ImageParts) throws(ReadError) -> Image

  /// All forms; the first that a text begins as counts.
  static let all = [
    MapForm(
      kind: .lldMap,
      begins: { hasColumns(["VMA", "LMA", "Size", "Align", "Out", "In", "Symbol"], $0) },
      read: { buffer, parts throws(ReadError) in
        try ColumnMapReader.read(buffer, isMold: false, parts: parts)
      }),
    MapForm(
      kind: .moldMap, begins: { hasColumns(["VMA", "Size", "Align", "Out", "In", "Symbol"], $0) },
      read: { buffer, parts throws(ReadError) in
        try ColumnMapReader.read(buffer, isMold: true, parts: parts)
      }),
    MapForm(
      kind: .goldMap, begins: { hasTitle($0) && isGold($0) },
      read: { buffer, parts throws(ReadError) in
        try GNUMapReader.read(buffer, isGold: true, parts: parts)
      }),
    MapForm(
      kind: .gnuMap, begins: { hasTitle($0) },
      read: { buffer, parts throws(ReadError) in
        try GNUMapReader.read(buffer, isGold: false, parts: parts)
      }),
  ]

  /// The form of a kind; nil for one that is no map.
  static func of(_ kind: ImageKind) -> MapForm? { all.first { $0.kind == kind } }

  /// lld and mold maps begin with their column heads.
  private static func hasColumns(_ heads: [StaticString], _ reader: ByteReader) -> Bool {
    let end = reader.withoutReturn(0, reader.lineEnd(0))
    var position = reader.skipBlanks(0, end)
    for head in heads {
      let stop = reader.skipWord(position, end)
      guard stop - position == head.utf8CodeUnitCount,
        reader.hasPrefix(head, at: position, end: end)
      else { return false }
      position = reader.skipBlanks(stop, end)
    }
    return position == end
  }

  /// GNU ld and gold maps have titles on lines of their own; the first one stands on the first lines.
  private static func hasTitle(_ reader: ByteReader) -> Bool {
    var position = 0
    for _ in 0..<3 where position < reader.count {
      let end = reader.lineEnd(position)
      if isMapTitle(reader, position, end) { return true }
      position = end + 1
    }
    return false
  }

  private static func isMapTitle(_ reader: ByteReader, _ start: Int, _ end: Int) -> Bool {
    let titles: [StaticString] = [
      "Archive member included ", "Merging program properties", "Merging object attributes",
      "As-needed library included ",
      "Allocating common symbols", "Discarded input sections",
      "There are no discarded input sections", "Memory Configuration",
      "Linker script and memory map", "Memory map",
    ]
    return titles.contains { reader.hasPrefix($0, at: start, end: end) }
  }

  /// gold writes `Memory map` where GNU ld writes `Memory Configuration`, which may stand behind millions of
  /// discarded sections; what only GNU ld writes first spares the search.
  private static func isGold(_ reader: ByteReader) -> Bool {
    var position = 0
    while position < reader.count {
      let end = reader.lineEnd(position)
      if reader[position] == UInt8(ascii: "M") {
        if reader.hasPrefix("Memory map", at: position, end: end) { return true }
        if reader.hasPrefix("Memory Configuration", at: position, end: end) { return false }
      } else if reader[position] == UInt8(ascii: "*") || reader[position] == UInt8(ascii: "L") {
        if reader.hasPrefix("*default*", at: position, end: end) { return false }
        if reader.hasPrefix("Linker script and memory map", at: position, end: end) { return false }
      } else if reader[position] == UInt8(ascii: "A") {
        if reader.hasPrefix("Archive member included because of", at: position, end: end) {
          return true
        }
        if reader.hasPrefix("Archive member included to satisfy", at: position, end: end)
          || reader.hasPrefix("As-needed library included to satisfy", at: position, end: end)
        {
          return false
        }
      }
      position = end + 1
    }
    return false
  }
}
