// Shapes of memory that the SVG picture and the HTML page share: bars of regions, treemaps, lines of trends.

import Constraints

/// Draws memory.
struct MemoryDrawing {
  let result: MemoryResult
  /// The colour of each contributor, the same in every region.
  private let colours: [[UInt8]: Int]

  init(result: MemoryResult) {
    self.result = result
    var colours: [[UInt8]: Int] = [:]
    for region in result.use?.regions ?? [] {
      for row in result.rows(region) where row.isContributor && colours[row.name] == nil {
        colours[row.name] = colours.count % 8
      }
    }
    self.colours = colours
  }

  /// Rows that a picture shows by themselves; what is smaller is drawn as one.
  private static let mostShapes = 120
  static let barHeight = 26.0

  static let style = """
    .row{stroke:var(--page);stroke-width:1}.c0{fill:#5b8fd6}.c1{fill:#4da37f}.c2{fill:#c98f2b}.c3{fill:#b0698f}\
    .c4{fill:#7a78c9}.c5{fill:#5a9eb0}.c6{fill:#a77b52}.c7{fill:#8a9a3f}
    .padding{fill:var(--unknown)}.free{fill:var(--card);stroke:var(--line)}.over{fill:none;stroke:var(--bad);\
    stroke-width:2}
    .limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:4 3}.trend{fill:none;stroke:var(--note);stroke-width:1.5}
    .row:hover{filter:brightness(1.18);stroke:var(--ink)}text.on{fill:#fff;pointer-events:none;font-size:11px}
    """

  /// The rows of a region as shapes: large ones, then one for the rest.
  func shapes(_ region: MemoryUse.Region) -> [(row: MemoryRow, style: String)] {
    let rows = result.rows(region).filter { $0.bytes > 0 }
    var shapes: [(row: MemoryRow, style: String)] = []
    for row in rows.prefix(Self.mostShapes) {
      shapes.append((row, row.isContributor ? "c\(colours[row.name] ?? 0)" : "padding"))
    }
    let rest = rows.dropFirst(Self.mostShapes)
    if !rest.isEmpty {
      let sum = rest.reduce(Int64(0)) { $0 &+ $1.bytes }
      let others = MemoryRow(
        kind: .unnamed, name: Array("\(rest.count) more".utf8), bytes: sum)
      shapes.append((others, "padding"))
    }
    return shapes
  }

  /// What hovering over a row shows.
  func hint(_ row: MemoryRow, _ region: MemoryUse.Region) -> String {
    let share = MemoryNumbers.percent(
      UInt64(clamping: row.bytes), of: region.length ?? region.used)
    var text =
      "\(row.displayName)\n\(MemoryNumbers.bytes(row.bytes)), \(share) of \(region.displayName)"
    if row.loadImage > 0 { text += "\n\(row.loadImage) of it load image" }
    if row.sharers > 1 { text += "\nshared by \(row.sharers) objects" }
    if let change = result.change(row, in: region), let older = result.older {
      text += "\n\(MemoryNumbers.signed(change.delta)) since \(older)"
    }
    return text
  }

  /// A bar: rows up to what is used, the rest of the region behind them, a line where it ends.
  func bar(_ region: MemoryUse.Region, x: Double, y: Double, width: Double, _ markup: inout Markup)
  {
    let rows = shapes(region)
    let filled = rows.reduce(0.0) { $0 + Double($1.row.bytes) }
    let length = region.length.map { Double($0) } ?? filled
    let whole = max(length, filled, 1)
    markup.element(
      "rect",
      [
        "class": "free", "x": Markup.number(x), "y": Markup.number(y),
        "width": Markup.number(width * length / whole), "height": Markup.number(Self.barHeight),
      ])
    var left = x
    for (row, style) in rows {
      let part = width * Double(row.bytes) / whole
      shape(
        row, style, region, Treemap.Rectangle(x: left, y: y, width: part, height: Self.barHeight),
        &markup)
      left += part
    }
    guard region.overflow > 0 else { return }
    let end = x + width * length / whole
    markup.element(
      "line",
      [
        "class": "limit", "x1": Markup.number(end), "x2": Markup.number(end),
        "y1": Markup.number(y - 4), "y2": Markup.number(y + Self.barHeight + 4),
      ])
  }

  /// A treemap of what a region holds.
  func treemap(_ region: MemoryUse.Region, in area: Treemap.Rectangle, _ markup: inout Markup) {
    let rows = shapes(region)
    let values = rows.map { Double($0.row.bytes) }
    let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    let rectangles = Treemap.rectangles(order.map { values[$0] }, in: area)
    for (index, rectangle) in zip(order, rectangles) {
      shape(rows[index].row, rows[index].style, region, rectangle, &markup)
      label(rows[index].row, rectangle, &markup)
    }
  }

  private func shape(
    _ row: MemoryRow, _ style: String, _ region: MemoryUse.Region,
    _ rectangle: Treemap.Rectangle, _ markup: inout Markup
  ) {
    markup.element(
      "rect",
      [
        "class": "row \(style)", "x": Markup.number(rectangle.x), "y": Markup.number(rectangle.y),
        "width": Markup.number(rectangle.width), "height": Markup.number(rectangle.height),
      ]
    ) { markup in
      markup.element("title", [:], hint(row, region))
    }
  }

  /// The name where it fits; a letter takes about 6.6 units.
  private func label(
    _ row: MemoryRow, _ rectangle: Treemap.Rectangle, _ markup: inout Markup
  ) {
    guard rectangle.height >= 16, rectangle.width >= 34 else { return }
    let room = Int((rectangle.width - 8) / 6.8)
    func put(_ text: String, _ line: Double) {
      let shown = text.count <= room ? text : String(text.prefix(max(0, room - 1))) + "…"
      markup.element(
        "text",
        [
          "class": row.isContributor ? "on" : "small", "x": Markup.number(rectangle.x + 5),
          "y": Markup.number(rectangle.y + 13 + line * 13),
        ], shown)
    }
    put(MemoryNumbers.name(row), 0)
    if rectangle.height >= 32 { put("\(row.bytes)", 1) }
  }

  /// A series of builds as a line, with its limit.
  static func line(
    _ series: MemoryTrend.Series, x: Double, y: Double, width: Double, height: Double,
    _ markup: inout Markup
  ) {
    guard series.values.count > 1, let least = series.values.min(), let most = series.values.max()
    else { return }
    // A limit that is far away would flatten the line.
    let limit = series.limit.flatMap { $0 / 2 <= most && $0 >= least / 2 ? $0 : nil }
    let top = Double(max(most, limit ?? most))
    let bottom = Double(min(least, limit ?? least))
    let span = max(1, top - bottom)
    func place(_ value: Double) -> Double { y + height - (value - bottom) / span * height }
    let step = width / Double(series.values.count - 1)
    let points = series.values.enumerated().map { index, value in
      "\(Markup.number(x + Double(index) * step)),\(Markup.number(place(Double(value))))"
    }
    markup.element("polyline", ["class": "trend", "points": points.joined(separator: " ")])
    if let limit {
      let level = Markup.number(place(Double(limit)))
      markup.element(
        "line",
        [
          "class": "limit", "x1": Markup.number(x), "x2": Markup.number(x + width), "y1": level,
          "y2": level,
        ])
    }
  }
}
