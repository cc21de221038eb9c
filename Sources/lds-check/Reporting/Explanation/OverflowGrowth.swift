// Who grew since an older link, where a region overflows now.
//
//     grown since old/fw.map:
//       .text of k.o: 0x120 -> 0x220, +0x100 (256 bytes)

import Constraints
import LdsParser

/// Writes the largest growth between two images.
struct OverflowGrowth {
  let writer: TextWriter
  /// Rows that are shown.
  private static let listed = 6

  /// Input sections where both files are maps, else symbols, else output sections.
  func write(from old: Image, to new: Image) {
    let grown = ImageDifference(old: old, new: new).sizes.filter { $0.growth > 0 }
    let kinds: [SizeChange.Kind] = [.input, .symbol, .section]
    let rows =
      kinds.lazy.map { kind in grown.filter { $0.kind == kind } }.first { !$0.isEmpty } ?? []
    guard !rows.isEmpty else {
      writer.line("nothing grew since \(old.path.display)")
      return
    }
    writer.line("grown since \(old.path.display):")
    for row in rows.sorted(by: { $0.growth > $1.growth }).prefix(Self.listed) {
      let name = String(decoding: row.name, as: UTF8.self)
      let before = row.before.map { "\(hexadecimal($0)) -> " } ?? "new, "
      writer.line(
        "  \(name): \(before)\(hexadecimal(row.now ?? 0)), +\(bytesInWords(UInt64(clamping: row.growth)))"
      )
    }
    if rows.count > Self.listed {
      writer.line("  and \(rows.count - Self.listed) more: 'lds-check diff' lists them")
    }
  }
}
