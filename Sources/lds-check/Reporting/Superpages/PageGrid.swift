// One superpage as its base pages: a grid of 512 cells for 2M, each with the permissions it needs.

import Constraints

/// Draws the base pages of a frame, neighbours that hold the same together.
struct PageGrid {
  let plan: SuperpagePlan
  let frame: Frame
  /// Width of the drawing in its own units.
  let width: Double

  private static let cellHeight = 15.0
  private static let labelWidth = 125.0

  /// What one base page holds.
  private struct Page: Equatable {
    var regions: [Int] = []
    var sections: [Int] = []
    var isTail = false
  }

  private var base: PageSize { plan.mapped.model.basePage }
  private var pageCount: Int { max(1, Int(frame.range.byteCount >> UInt64(base.shift))) }
  /// A power of two, some twice as wide as high.
  private var columns: Int { 1 << ((pageCount.trailingZeroBitCount + 1) / 2) }

  /// The grid as an SVG element.
  func draw(into markup: inout Markup) {
    let rows = max(1, pageCount / columns)
    let height = Double(rows) * Self.cellHeight + 2
    let cells = pages()
    markup.element(
      "svg",
      [
        "class": "grid", "viewBox": "0 0 \(Markup.number(width)) \(Markup.number(height))",
        "role": "img", "aria-label": "base pages of slot \(frame.slot)",
      ]
    ) { markup in
      for row in 0..<rows { self.row(row, cells, &markup) }
      lines(rows, &markup)
    }
  }

  private func row(_ row: Int, _ cells: [Page], _ markup: inout Markup) {
    let y = Double(row) * Self.cellHeight + 1
    let start = frame.range.start &+ UInt64(row * columns) &* base.bytes
    markup.element(
      "text", ["class": "small faint", "x": "0", "y": Markup.number(y + 11)], hexadecimal(start))
    var column = 0
    while column < columns {
      let page = cells[row * columns + column]
      var end = column + 1
      while end < columns, cells[row * columns + end] == page { end += 1 }
      run(page, row, column..<end, y, &markup)
      column = end
    }
  }

  private func run(
    _ page: Page, _ row: Int, _ columns: Range<Int>, _ y: Double, _ markup: inout Markup
  ) {
    let cell = (width - Self.labelWidth) / Double(self.columns)
    let shape = KeyValuePairs(
      dictionaryLiteral: ("class", "\(shapeClass(page)) hit"),
      ("x", Markup.number(Self.labelWidth + Double(columns.lowerBound) * cell)),
      ("y", Markup.number(y)), ("width", Markup.number(Double(columns.count) * cell)),
      ("height", Markup.number(Self.cellHeight)))
    let first = UInt64(row * self.columns + columns.lowerBound)
    let range = AddressRange(
      start: frame.range.start &+ first &* base.bytes,
      byteCount: UInt64(columns.count) &* base.bytes)
    markup.element("g") { markup in
      markup.element("rect", shape)
      markup.element("title", [:], title(page, range))
    }
    guard page.isTail || page.sections.isEmpty && !plan.sections.isEmpty && !page.regions.isEmpty
    else { return }
    markup.element(
      "rect",
      KeyValuePairs(
        dictionaryLiteral: ("class", "hatch"), ("x", shape[1].value), ("y", shape[2].value),
        ("width", shape[3].value), ("height", shape[4].value)))
  }

  /// Thin lines between the cells.
  private func lines(_ rows: Int, _ markup: inout Markup) {
    let cell = (width - Self.labelWidth) / Double(columns)
    var path = ""
    for column in 0...columns {
      let x = Markup.number(Self.labelWidth + Double(column) * cell)
      path += "M\(x) 1V\(Markup.number(Double(rows) * Self.cellHeight + 1))"
    }
    for row in 0...rows {
      let y = Markup.number(Double(row) * Self.cellHeight + 1)
      path += "M\(Markup.number(Self.labelWidth)) \(y)H\(Markup.number(width))"
    }
    markup.element("path", ["class": "mesh", "d": path])
  }

  // MARK: Contents

  private func pages() -> [Page] {
    var cells = [Page](repeating: Page(), count: max(columns, pageCount))
    for region in frame.regions {
      for page in indices(plan.regions[region].range) { cells[page].regions.append(region) }
    }
    for section in frame.sections {
      for page in indices(plan.sections[section].range) { cells[page].sections.append(section) }
    }
    for page in indices(plan.tail) {
      let start = frame.range.start &+ UInt64(page) &* base.bytes
      cells[page].isTail = !plan.range.overlaps(
        AddressRange(start: start, byteCount: base.bytes))
    }
    return cells
  }

  private func indices(_ range: AddressRange) -> Range<Int> {
    let part = frame.range.intersection(range)
    guard !part.isEmpty else { return 0..<0 }
    let first = (part.start &- frame.range.start) >> UInt64(base.shift)
    let last = (part.last &- frame.range.start) >> UInt64(base.shift)
    return Int(first)..<Int(last) + 1
  }

  private func shapeClass(_ page: Page) -> String {
    guard !page.regions.isEmpty else { return "none" }
    let permissions = page.regions.map { plan.regions[$0].permissions }
    let known = permissions.compactMap { $0 }
    guard known.count == permissions.count else { return "unknown" }
    return PictureStyle.shapeClass(known.reduce([]) { $0.union($1) })
  }

  private func title(_ page: Page, _ range: AddressRange) -> String {
    let count = range.byteCount >> UInt64(base.shift)
    let pages = count == 1 ? "1 page of \(base)" : "\(count) pages of \(base)"
    let regions =
      page.regions.isEmpty
      ? "not mapped"
      : page.regions.map { "\(plan.regions[$0].name) \(plan.permissionText($0))" }
        .joined(separator: ", ")
    let sections =
      plan.sections.isEmpty
      ? ""
      : "\n" + (page.sections.isEmpty ? "padding" : plan.sectionNames(page.sections, width: 120))
    return "\(range)\n\(pages): \(regions)\(page.isTail ? ", behind the image" : "")\(sections)"
  }
}
