// The plan as one SVG picture, to be put into a review or a document.

import Constraints
import LdsParser

/// Writes plans side by side, each a column of bars.
struct PlanSVG {
  private static let panelWidth = 760.0
  private static let margin = 16.0
  private static let labelWidth = 165.0
  private static let noteWidth = 92.0
  private static let rowHeight = 54.0
  private static let headHeight = 74.0

  /// The document.
  static func document(_ results: [SuperpageResult], differences: [PlanDifference]) -> String {
    let plans = results.map(\.plan)
    let runs = plans.map(FrameRun.all(of:))
    let rows = runs.map { $0.reduce(0) { $0 + Self.height($1) } }.max() ?? 0
    let rowsEnd = headHeight + rows
    let notes = Double(differences.count) * 18 + (differences.isEmpty ? 0 : 30)
    let width = Double(plans.count) * panelWidth
    let height = rowsEnd + 40 + notes
    var markup = Markup()
    markup.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": Markup.number(width),
        "height": Markup.number(height),
        "viewBox": "0 0 \(Markup.number(width)) \(Markup.number(height))", "role": "img",
      ]
    ) { markup in
      let names = plans.map { $0.path.lastComponent.display }.joined(separator: ", ")
      markup.element("title", [:], "Superpages of \(names)")
      markup.raw(
        "<style>\(PictureStyle.colours)\n\(PictureStyle.shapes)</style>\n<defs>\(PictureStyle.hatch)</defs>\n"
      )
      markup.element("rect", ["class": "none", "width": "100%", "height": "100%"])
      for (index, result) in results.enumerated() {
        panel(result, runs[index], x: Double(index) * panelWidth, &markup)
      }
      legend(x: margin, y: rowsEnd + 8, &markup)
      list(differences, y: rowsEnd + 52, &markup)
    }
    return markup.text
  }

  private static func height(_ run: FrameRun) -> Double {
    if case .frame = run { return rowHeight }
    return rowHeight * 1.4
  }

  private static func panel(
    _ result: SuperpageResult, _ runs: [FrameRun], x: Double, _ markup: inout Markup
  ) {
    let plan = result.plan
    let marked = result.markedSections
    let left = Markup.number(x + margin)
    markup.element(
      "text", ["class": "title", "x": left, "y": "24"], plan.path.lastComponent.display)
    let words = PlanWords(plan: plan)
    markup.element("text", ["x": left, "y": "42"], words.mapping)
    markup.element(
      "text", ["class": "faint", "x": left, "y": "59"],
      "\(plan.profile); superpage-mappable: \(words.verdict)")
    var y = headHeight
    for run in runs {
      switch run {
      case .frame(let frame): row(frame, plan, marked, x: x, y: y, &markup)
      case .run(let first, let last, let count):
        row(first, plan, marked, x: x, y: y, &markup)
        markup.element(
          "text",
          [
            "class": "small faint", "x": Markup.number(x + labelWidth),
            "y": Markup.number(y + rowHeight + 8),
          ], "and \(count - 1) more like it, to slot \(last.slot)")
      }
      y += height(run)
    }
  }

  private static func row(
    _ frame: Frame, _ plan: SuperpagePlan, _ marked: Set<String>, x: Double, y: Double,
    _ markup: inout Markup
  ) {
    let left = Markup.number(x + margin)
    markup.element("text", ["x": left, "y": Markup.number(y + 18)], "slot \(frame.slot)")
    markup.element(
      "text", ["class": "small faint", "x": left, "y": Markup.number(y + 34)],
      hexadecimal(frame.range.start))
    let width = panelWidth - labelWidth - noteWidth - margin
    FrameDrawing(plan: plan, marked: marked, x: x + labelWidth, width: width)
      .draw(frame, y: y, into: &markup)
    let right = Markup.number(x + labelWidth + width + 10)
    markup.element(
      "text", ["x": right, "y": Markup.number(y + 18)],
      frame.permissions?.description ?? (frame.regions.isEmpty ? "---" : "???"))
    markup.element(
      "text",
      [
        "class": frame.isMixed ? "small bad" : "small good", "x": right,
        "y": Markup.number(y + 34),
      ], frame.isMixed ? "mixed" : frame.regions.count > 1 ? "shared" : "clean")
  }

  private static func legend(x: Double, y: Double, _ markup: inout Markup) {
    let entries = [
      ("rx", "r-x"), ("ro", "r--"), ("rw", "rw-"), ("rwx", "rwx"), ("hatch", "padding, tail"),
    ]
    var left = x
    for (shape, name) in entries {
      markup.element(
        "rect",
        [
          "class": shape, "x": Markup.number(left), "y": Markup.number(y), "width": "14",
          "height": "14",
        ])
      markup.element(
        "text",
        ["class": "small faint", "x": Markup.number(left + 19), "y": Markup.number(y + 11)], name)
      left += 70
    }
  }

  private static func list(_ rows: [PlanDifference], y: Double, _ markup: inout Markup) {
    guard !rows.isEmpty else { return }
    markup.element(
      "text", ["class": "title", "x": Markup.number(margin), "y": Markup.number(y)], "Differences")
    for (index, row) in rows.enumerated() {
      let baseline = Markup.number(y + 20 + Double(index) * 18)
      markup.element("text", ["x": Markup.number(margin), "y": baseline], row.subject)
      markup.element("text", ["x": "290", "y": baseline], row.left)
      markup.element("text", ["x": Markup.number(panelWidth + margin), "y": baseline], row.right)
    }
  }
}
