// Memory as one SVG picture: a bar for each region, a treemap for each that holds something, lines of the builds.

import Constraints

/// Writes a memory result as SVG.
struct MemorySVG {
  private static let width = 900.0
  private static let margin = 16.0
  private static let treemapHeight = 240.0
  private static let lineHeight = 60.0

  let result: MemoryResult

  private var regions: [MemoryUse.Region] { result.use?.regions ?? [] }
  private var filled: [MemoryUse.Region] { regions.filter { !result.rows($0).isEmpty } }

  /// The document.
  var document: String {
    let bars = Double(regions.count) * 58
    let maps = Double(filled.count) * (Self.treemapHeight + 34)
    let lines = Double(result.trend?.series.count ?? 0) * (Self.lineHeight + 30)
    let height = 44 + bars + maps + lines + Self.margin
    var markup = Markup()
    markup.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": Markup.number(Self.width),
        "height": Markup.number(height),
        "viewBox": "0 0 \(Markup.number(Self.width)) \(Markup.number(height))", "role": "img",
      ]
    ) { markup in
      markup.element("title", [:], "Memory of \(result.image)")
      markup.raw(
        "<style>\(PictureStyle.colours)\n\(PictureStyle.shapes)\n\(MemoryDrawing.style)</style>\n")
      markup.element("rect", ["class": "none", "width": "100%", "height": "100%"])
      markup.element(
        "text", ["class": "title", "x": Markup.number(Self.margin), "y": "26"],
        "Memory of \(result.image)")
      draw(&markup)
    }
    return markup.text
  }

  private func draw(_ markup: inout Markup) {
    let drawing = MemoryDrawing(result: result)
    let inner = Self.width - 2 * Self.margin
    var y = 44.0
    for region in regions {
      text(MemoryWords.summary(region), y: y + 12, region.overflow > 0 ? "bad" : "", &markup)
      drawing.bar(region, x: Self.margin, y: y + 18, width: inner, &markup)
      y += 58
    }
    for region in filled {
      text("\(region.displayName) by \(result.grouping.rawValue)", y: y + 14, "faint", &markup)
      drawing.treemap(
        region,
        in: Treemap.Rectangle(
          x: Self.margin, y: y + 20, width: inner, height: Self.treemapHeight), &markup)
      y += Self.treemapHeight + 34
    }
    for series in result.trend?.series ?? [] {
      text(MemoryWords.summary(series), y: y + 12, "", &markup)
      MemoryDrawing.line(
        series, x: Self.margin, y: y + 20, width: inner, height: Self.lineHeight, &markup)
      y += Self.lineHeight + 30
    }
  }

  private func text(_ words: String, y: Double, _ style: String, _ markup: inout Markup) {
    markup.element(
      "text", ["class": style, "x": Markup.number(Self.margin), "y": Markup.number(y)], words)
  }
}

/// Sentences of the pictures.
enum MemoryWords {
  /// `FLASH: 1312 of 1024 bytes, 128.1%, 288 too many`
  static func summary(_ region: MemoryUse.Region) -> String {
    guard let length = region.length else { return "\(region.displayName): \(region.used) bytes" }
    let rest =
      region.overflow > 0 ? "\(region.overflow) too many" : "\(length &- region.used) free"
    return "\(region.displayName): \(region.used) of \(length) bytes, "
      + "\(MemoryNumbers.percent(region.used, of: length)), \(rest)"
  }

  /// `FLASH: 1312 bytes in the last of 5 builds, +32 since the first`
  static func summary(_ series: MemoryTrend.Series) -> String {
    let last = series.values.last ?? 0
    return "\(series.name): \(last) bytes in the last of \(series.values.count) builds, "
      + "\(MemoryNumbers.signed(last &- (series.values.first ?? 0))) since the first"
  }
}
