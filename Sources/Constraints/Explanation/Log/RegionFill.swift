// What fills a memory region that overflowed, from the map that the failed link wrote.
//
//     region `FLASH' overflowed by 564 bytes
//     FLASH, 4 KiB from 0x8000000: 4660 bytes are placed in it
//       0xe00 .text, 0x434 .data (its load image)

internal import LdsParser

/// The contents of one memory region.
struct RegionFill {
  /// The sentence about the region as a whole.
  let summary: String
  /// Output sections, then the largest input sections, one to a line.
  let rows: [String]
  /// Rows of either kind that are shown.
  private static let listed = 8

  /// Nil if the map does not list the region.
  ///
  /// - Parameter overflow: the bytes too much, as the message gives them.
  init?(_ name: [UInt8], overflow: UInt64?, in map: Image) {
    guard let region = map.regions.first(where: { $0.name == name }), region.length > 0,
      overflow ?? 0 < 1 << 48
    else { return nil }
    // The last section may lie behind the region as a whole.
    let reach = region.length &+ (overflow ?? region.length)
    let range = AddressRange(start: region.origin, byteCount: reach)
    var sections: [(size: UInt64, text: String)] = []
    var loaded: Set<[UInt8]> = []
    for record in map.outputSections where record.size > 0 {
      let isHere = record.vma.map { range.contains($0) } ?? false
      let isLoadedHere = record.lma.map { range.contains($0) } ?? false
      guard isHere || isLoadedHere && record.mayHaveBytes else { continue }
      if !isHere { loaded.insert(record.name) }
      let text = String(decoding: record.name, as: UTF8.self)
      sections.append((record.size, text + (isHere ? "" : " (its load image)")))
    }
    guard !sections.isEmpty else { return nil }
    sections.sort { $0.size > $1.size }
    let shown = String(decoding: name, as: UTF8.self)
    var summary = "\(shown) has \(bytesInWords(region.length)) from \(hexadecimal(region.origin))"
    if let overflow {
      summary +=
        ", and \(bytesInWords(overflow)) more are placed in it: shrink its contents by that much"
    }
    self.summary = summary
    let inputs = MapContents(map).inputs(in: range)
    rows =
      sections.prefix(Self.listed).map { "\(bytesInWords($0.size))  \($0.text)" }
      + (inputs.isEmpty ? [] : ["the largest input sections:"])
      + inputs.prefix(Self.listed).map { "\(bytesInWords($0.size))  \($0.description)" }
  }
}
