// The statement part of a map, cut into stretches that are scanned side by side where that pays.

struct GNUMapStretches {
  let buffer: SourceBuffer
  let parts: ImageParts
  let digits: Int

  func scan(from start: Int) -> GNUMapTables {
    var scanner = GNUMapScanner(reader: buffer.reader, parts: parts, digits: digits)
    _ = scanner.scan(from: start, to: buffer.count)
    return scanner.tables
  }
}
