// Memory as one HTML page: bars, treemaps, tables. No network, no script; light and dark.

import Constraints
import LdsParser

/// Writes a memory result as a page.
struct MemoryHTML {
  let result: MemoryResult

  private static let width = 1000.0
  private static let treemapHeight = 320.0
  private static let tableRows = 200

  /// The document.
  var document: String {
    var markup = Markup()
    markup.raw("<!DOCTYPE html>\n")
    markup.element("html", ["lang": "en"]) { markup in
      markup.element("head") { markup in
        markup.raw("<meta charset=\"utf-8\"/>\n")
        markup.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        markup.element("title", [:], "Memory of \(result.image)")
        markup.raw(
          "<style>\(PictureStyle.colours)\n\(PictureStyle.shapes)\n\(MemoryDrawing.style)\n\(Self.page)</style>\n"
        )
      }
      markup.element("body") { markup in
        markup.element("h1", [:], "Memory of \(result.image)")
        answer(&markup)
        if let use = result.use { regions(use, &markup) }
        budgets(&markup)
        changes(&markup)
        for region in result.use?.regions ?? [] { contents(region, &markup) }
        trend(&markup)
        markup.element(
          "p", ["class": "foot"], "\(Version.name) \(Version.number)")
      }
    }
    return markup.text
  }

  // MARK: Parts

  private func answer(_ markup: inout Markup) {
    for region in result.overflowing {
      markup.element(
        "p", ["class": "bad strong"],
        "\(region.displayName) overflows by \(region.overflow) bytes. Largest: "
          + MemoryNumbers.largest(result.rows(region), 4) + ".")
    }
    guard let older = result.older, let difference = result.difference else { return }
    let changed = difference.regions.filter { !$0.changes.isEmpty }
    if changed.isEmpty {
      markup.element("p", [:], "Nothing changed since \(older).")
    }
    for change in changed {
      markup.element(
        "p", [:],
        "\(change.displayName) since \(older): \(MemoryNumbers.signed(change.delta)): "
          + MemoryNumbers.changes(change.changes, 4) + ".")
    }
  }

  private func regions(_ use: MemoryUse, _ markup: inout Markup) {
    let drawing = MemoryDrawing(result: result)
    markup.element("section", ["class": "card"]) { markup in
      for region in use.regions {
        markup.element("p", ["class": region.overflow > 0 ? "bar bad" : "bar"]) { markup in
          markup.element("span", [:], MemoryWords.summary(region))
          let names = region.aliases.map { String(decoding: $0, as: UTF8.self) }
          markup.element(
            "span", ["class": "faint"],
            (region.origin.map { " from \(hexadecimal($0))" } ?? "")
              + (names.isEmpty ? "" : ", also \(names.joined(separator: ", "))"))
        }
        picture(height: MemoryDrawing.barHeight + 8, &markup) { markup in
          drawing.bar(region, x: 0, y: 4, width: Self.width, &markup)
        }
      }
      for doubt in use.doubts { markup.element("p", ["class": "faint"], doubt.text) }
    }
  }

  private func budgets(_ markup: inout Markup) {
    if result.budgets.isEmpty { return }
    markup.element("h2", [:], "Budgets")
    table(["", "budget", ""], &markup) { markup in
      for verdict in result.budgets {
        markup.element("tr") { markup in
          markup.element(
            "td",
            [
              "class": verdict.verdict == .fails
                ? "bad" : verdict.verdict == .holds ? "good" : "warn"
            ],
            verdict.verdict.rawValue)
          markup.element("td", [:], verdict.budget.name)
          markup.element("td", [:], verdict.reason)
        }
      }
    }
  }

  private func changes(_ markup: inout Markup) {
    guard let difference = result.difference, let older = result.older else { return }
    let rows = difference.regions.flatMap { region in region.changes.map { (region, $0) } }
    if rows.isEmpty { return }
    markup.element("details", ["open": "open"]) { markup in
      markup.element("summary", [:], "Changed since \(older)")
      table(["region", "what", "before", "now", "change"], &markup) { markup in
        for (region, change) in rows.prefix(Self.tableRows) {
          markup.element("tr") { markup in
            markup.element("td", [:], region.displayName)
            markup.element("td", [:], MemoryNumbers.name(change.row))
            markup.element("td", ["class": "n"], change.old.map { "\($0)" } ?? "")
            markup.element("td", ["class": "n"], change.new.map { "\($0)" } ?? "")
            markup.element(
              "td", ["class": change.delta > 0 ? "n warn" : "n good"],
              MemoryNumbers.signed(change.delta))
          }
        }
      }
    }
  }

  private func contents(_ region: MemoryUse.Region, _ markup: inout Markup) {
    let rows = result.rows(region)
    if rows.isEmpty { return }
    markup.element("h2", [:], "\(region.displayName) by \(result.grouping.rawValue)")
    picture(height: Self.treemapHeight, &markup) { markup in
      MemoryDrawing(result: result).treemap(
        region,
        in: Treemap.Rectangle(x: 0, y: 0, width: Self.width, height: Self.treemapHeight), &markup)
    }
    markup.element("details") { markup in
      markup.element("summary", [:], ReportSummary.counted(rows.count, "row"))
      table(["bytes", "share", "kind", "what"], &markup) { markup in
        for row in rows.prefix(Self.tableRows) {
          markup.element("tr") { markup in
            markup.element("td", ["class": "n"], "\(row.bytes)")
            markup.element(
              "td", ["class": "n"],
              MemoryNumbers.percent(
                UInt64(clamping: row.bytes), of: region.length ?? region.used))
            markup.element("td", ["class": "faint"], row.kind.rawValue)
            markup.element("td", [:], row.displayName)
          }
        }
      }
      if rows.count > Self.tableRows {
        markup.element(
          "p", ["class": "faint"],
          "and \(rows.count - Self.tableRows) more; --format csv has all")
      }
    }
  }

  private func trend(_ markup: inout Markup) {
    guard let trend = result.trend, !trend.series.isEmpty else { return }
    markup.element("h2", [:], "\(ReportSummary.counted(trend.builds, "build")) of \(trend.image)")
    for series in trend.series {
      markup.element("p", ["class": "bar"], MemoryWords.summary(series))
      picture(height: 60, &markup) { markup in
        MemoryDrawing.line(series, x: 2, y: 4, width: Self.width - 4, height: 52, &markup)
      }
    }
  }

  // MARK: Pieces

  private func picture(
    height: Double, _ markup: inout Markup, body: (inout Markup) -> Void
  ) {
    markup.element(
      "svg",
      [
        "class": "wide", "role": "img",
        "viewBox": "0 0 \(Markup.number(Self.width)) \(Markup.number(height))",
      ], body: body)
  }

  private func table(
    _ heads: [String], _ markup: inout Markup, body: (inout Markup) -> Void
  ) {
    markup.element("div", ["class": "scroll"]) { markup in
      markup.element("table") { markup in
        markup.element("thead") { markup in
          markup.element("tr") { markup in
            for head in heads { markup.element("th", [:], head) }
          }
        }
        markup.element("tbody", body: body)
      }
    }
  }

  private static let page = """
    body{margin:0 auto;max-width:1040px;padding:24px;background:var(--page);color:var(--ink);\
    font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    h1{font-size:22px;margin:0 0 8px}h2{font-size:16px;margin:24px 0 6px}p{margin:4px 0}
    .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px;margin:12px 0}
    .bar{margin:8px 0 2px}svg.wide{display:block;width:100%;height:auto}.strong{font-weight:600}
    .bad{color:var(--bad)}.good{color:var(--good)}.warn{color:var(--warn)}.faint,.foot{color:var(--faint)}
    .foot{font-size:12px;margin-top:28px}summary{cursor:pointer;color:var(--note);margin:6px 0}
    .scroll{overflow-x:auto}table{border-collapse:collapse}th{text-align:left;font-size:13px;color:var(--faint)}
    td{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px}
    th,td{padding:2px 16px 2px 0;border-bottom:1px solid var(--line)}td.n{text-align:right}
    """
}
