// Line markers in text that was preprocessed without -P: `# 12 "xen/arch/x86/xen.lds.S" 1`.

extension OriginTable {
  /// The line markers of `buffer`, or nil if it has none.
  ///
  /// A marker says which file and line the line after it came from.
  public static func reading(lineMarkersOf buffer: SourceBuffer) -> OriginTable? {
    let reader = buffer.reader
    var markers: [LineMarker] = []
    var start = 0
    while start < reader.count {
      let end = reader.firstIndex(of: 0x0A, from: start, to: reader.count) ?? reader.count
      if reader[start] == UInt8(ascii: "#"), let marker = marker(reader.copy(start, end), at: start)
      {
        markers.append(marker)
      }
      start = end + 1
    }
    return markers.isEmpty ? nil : OriginTable(lineMarkers: markers)
  }

  private static func marker(_ line: [UInt8], at offset: Int) -> LineMarker? {
    var rest = line.dropFirst().drop { $0 == 0x20 }
    let word = Array("line ".utf8)
    if rest.starts(with: word) { rest = rest.dropFirst(word.count).drop { $0 == 0x20 } }
    let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    rest = rest.dropFirst(digits.count).drop { $0 == 0x20 }
    guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
    var name: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      let isEscape = byte == UInt8(ascii: "\\")
      name.append(isEscape ? rest.popFirst() ?? byte : byte)
    }
    return LineMarker(
      offset: UInt32(truncatingIfNeeded: offset), line: number, path: FilePath(bytes: name))
  }
}
