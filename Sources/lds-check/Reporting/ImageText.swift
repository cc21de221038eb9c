// What a file says of an image, as tables.
//
//     samples/sound/boot.map: GNU ld map, 25 symbols, 5 sections
//
//     section  address             size    align  load address
//     .text    0xffff82d040200000  0x94ea  -      -
//
//     symbol   value               section  binding
//     _start   0xffff82d040200000  .text    -

import LdsParser

/// Writes one image for people.
struct ImageText {
  let writer: TextWriter

  func write(_ image: Image) {
    head(image)
    writeSections(image)
    writeSegments(image)
    writeRegions(image)
    writeSymbols(image)
  }

  private func head(_ image: Image) {
    writer.write(image.path.display, .bold)
    writer.line(
      ": \(image.kind.displayName), \(image.symbols.records.count) symbols, "
        + "\(image.outputSections.count) sections")
  }

  private func writeSections(_ image: Image) {
    if image.outputSections.isEmpty { return }
    table(["section", "address", "size", "align", "load address"]) { row in
      for section in image.outputSections {
        row([
          text(section.name), hex(section.vma, image), hex(section.size),
          section.alignment.map(hex) ?? "-", hex(section.lma, image),
        ])
      }
    }
  }

  private func writeSegments(_ image: Image) {
    if image.segments.isEmpty { return }
    table(["segment", "address", "size", "align", "flags", "load address"]) { row in
      for segment in image.segments {
        row([
          segment.typeName, hex(segment.virtualAddress, image), hex(segment.memorySize),
          hex(segment.alignment), segment.permissions, hex(segment.physicalAddress, image),
        ])
      }
    }
  }

  private func writeRegions(_ image: Image) {
    if image.regions.isEmpty { return }
    table(["region", "origin", "length", "attributes"]) { row in
      for region in image.regions {
        row([text(region.name), hex(region.origin, image), hex(region.length), region.attributes])
      }
    }
  }

  private func writeSymbols(_ image: Image) {
    if image.symbols.records.isEmpty { return }
    table(["symbol", "value", "section", "binding"]) { row in
      for symbol in image.symbols.records {
        row([
          text(image.symbols.nameBytes(symbol)), hex(symbol.value, image),
          image.sectionName(of: symbol).map(text) ?? "-", symbol.binding?.rawValue ?? "-",
        ])
      }
    }
  }

  // MARK: Tables

  /// Names longer than this push their row out instead of every row.
  private static let widestColumn = 40

  /// Writes a table after a blank line. `fill` is called twice: to measure, and to write.
  private func table(_ titles: [String], _ fill: (([String]) -> Void) -> Void) {
    var widths = titles.map { DisplayText.width($0) }
    fill { cells in
      for (index, cell) in cells.enumerated() {
        widths[index] = max(widths[index], min(Self.widestColumn, DisplayText.width(cell)))
      }
    }
    writer.line()
    row(titles, widths, .faint)
    fill { cells in row(cells, widths, .plain) }
  }

  private func row(_ cells: [String], _ widths: [Int], _ style: TextStyle) {
    var line = ""
    for (index, cell) in cells.enumerated() {
      line += cell
      if index == cells.count - 1 { break }
      let missing = widths[index] - DisplayText.width(cell)
      line += String(repeating: " ", count: max(0, missing) + 2)
    }
    writer.line(line, style)
  }

  private func text(_ name: [UInt8]) -> String { DisplayText.escape(name) }

  private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

  /// An address with all its digits, so that columns can be compared.
  private func hex(_ address: UInt64?, _ image: Image) -> String {
    guard let address else { return "-" }
    let digits = String(address, radix: 16)
    let full = image.is32Bit == true ? 8 : 16
    return "0x" + String(repeating: "0", count: max(0, full - digits.utf8.count)) + digits
  }
}
