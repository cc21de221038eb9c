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
  /// - Parameters:
  ///   - overflow: the bytes too much, as the message gives them.
  ///   - script: the script of the link; a map of lld does not have the regions.
  init?(_ name: [UInt8], overflow: UInt64?, in map: Image, script: LinkerScript?) {
    guard overflow ?? 0 < 1 << 48, let use = MemoryUse([map], script: script),
      let region = use.regions.first(where: { $0.name == name }), let origin = region.origin,
      let length = region.length, length > 0
    else { return nil }
    // A message that only one section does not fit has no number.
    let overflow = overflow ?? (region.overflow > 0 ? region.overflow : nil)
    // The last section may lie behind the region as a whole.
    let range = AddressRange(start: origin, byteCount: length &+ (overflow ?? length))
    var sections = region.residents.filter { $0.size > 0 }.map { resident in
      (
        size: resident.size,
        text: String(decoding: resident.name, as: UTF8.self)
          + (resident.isLoadImage ? " (its load image)" : "")
      )
    }
    guard !sections.isEmpty else { return nil }
    for row in use.rows(of: region, by: .section) where row.kind == .padding {
      sections.append((UInt64(clamping: row.bytes), "padding \(row.displayName)"))
    }
    sections.sort { $0.size > $1.size }
    let shown = String(decoding: name, as: UTF8.self)
    var summary = "\(shown) has \(bytesInWords(length)) from \(hexadecimal(origin))"
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
