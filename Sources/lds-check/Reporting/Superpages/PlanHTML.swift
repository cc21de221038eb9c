// The plan as a page of its own: pictures, tables, findings; nothing is fetched and nothing runs.

import Constraints
import LdsParser

/// Writes one or more plans as an HTML page that is well-formed XML too.
struct PlanHTML {
  let results: [SuperpageResult]
  let comparison: PlanComparison?

  /// Width of a bar in its own units: side by side, bars are narrower and letters must not shrink.
  private var barWidth: Double { results.count > 1 ? 660 : 1000 }

  /// The document.
  var document: String {
    let names = results.map { $0.plan.path.lastComponent.display }.joined(separator: ", ")
    var markup = Markup()
    markup.raw("<!DOCTYPE html>\n")
    markup.element("html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"]) { markup in
      markup.element("head") { markup in
        markup.raw("<meta charset=\"utf-8\"/>\n")
        markup.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        markup.element("title", [:], "Superpages of \(names)")
        markup.raw("<style>\(PictureStyle.colours)\n\(PictureStyle.shapes)\n\(Self.page)</style>\n")
      }
      markup.element("body") { markup in
        markup.raw(
          "<svg class=\"defs\" xmlns=\"http://www.w3.org/2000/svg\"><defs>\(PictureStyle.hatch)</defs></svg>\n"
        )
        markup.element("h1", [:], "Superpages of \(names)")
        legend(&markup)
        markup.element("main", ["class": results.count > 1 ? "several" : "one"]) { markup in
          for result in results { card(result, &markup) }
        }
        if let comparison { differences(comparison, &markup) }
        markup.element("footer", [:], "\(Version.name) \(Version.number)")
      }
    }
    return markup.text
  }

  // MARK: One image

  private func card(_ result: SuperpageResult, _ markup: inout Markup) {
    let plan = result.plan
    let words = PlanWords(plan: plan)
    let cost = AlignmentCost(plan)
    markup.element("section", ["class": "card"]) { markup in
      markup.element("h2", [:], plan.path.lastComponent.display)
      badges(plan, words, &markup)
      facts(plan, words, cost, &markup)
      findings(result, &markup)
      markup.element("h3", [:], "Frames of \(plan.pageSize)")
      let marked = result.markedSections
      var opened = !marked.isEmpty
      for run in FrameRun.all(of: plan) {
        switch run {
        case .frame(let frame):
          let isMarked = frame.sections.contains { marked.contains(plan.sections[$0].name) }
          let opens = isMarked || frame.isMixed && !opened
          opened = opened || opens
          self.frame(frame, plan, marked, isOpen: opens, &markup)
        case .run(let first, let last, let count):
          self.frame(first, plan, marked, isOpen: false, &markup)
          markup.element(
            "p", ["class": "run"], "and \(count - 1) more like it, to slot \(last.slot)")
        }
      }
      regions(plan, &markup)
      costs(cost, &markup)
    }
  }

  private func badges(_ plan: SuperpagePlan, _ words: PlanWords, _ markup: inout Markup) {
    let tone =
      switch plan.superpageMappable {
      case true: "good"
      case false: "warn"
      case nil: "plain"
      }
    markup.element("p", ["class": "badges"]) { markup in
      markup.element("span", ["class": "badge plain"], plan.profile)
      markup.element(
        "span", ["class": "badge plain"],
        "slot\(plan.slots.count == 1 ? "" : "s") \(plan.slotText)")
      markup.element("span", ["class": "badge \(tone)"], "superpage-mappable: \(words.verdict)")
    }
  }

  private func facts(
    _ plan: SuperpagePlan, _ words: PlanWords, _ cost: AlignmentCost, _ markup: inout Markup
  ) {
    let rows: [(String, String?)] =
      [
        (
          "image",
          "\(hexadecimal(plan.range.start)) .. \(hexadecimal(plan.range.end)), "
            + ByteCountText.readable(plan.range.byteCount)
        ), ("mapping", words.mapping), ("mixed", words.split), ("padding", words.padding(cost)),
        ("tail", words.tail),
      ] + words.load.enumerated().map { ($0 == 0 ? "loaded at" : "", $1) }
    markup.element("dl") { markup in
      for case (let name, let text?) in rows {
        markup.element("dt", [:], name)
        markup.element("dd", [:], text)
      }
    }
  }

  private func frame(
    _ frame: Frame, _ plan: SuperpagePlan, _ marked: Set<String>, isOpen: Bool,
    _ markup: inout Markup
  ) {
    let attributes: KeyValuePairs<String, String> = isOpen ? ["open": "open"] : [:]
    markup.element("details", attributes) { markup in
      markup.element("summary") { markup in
        label(frame, &markup)
        markup.element(
          "svg",
          [
            "class": "bar",
            "viewBox":
              "0 0 \(Markup.number(barWidth)) \(Markup.number(FrameDrawing.height + 4))",
            "role": "img", "aria-label": "slot \(frame.slot)",
          ]
        ) { markup in
          FrameDrawing(plan: plan, marked: marked, x: 2, width: barWidth - 4).draw(
            frame, y: 2, into: &markup)
        }
      }
      PageGrid(plan: plan, frame: frame, width: barWidth).draw(into: &markup)
      sections(frame, plan, &markup)
    }
  }

  private func label(_ frame: Frame, _ markup: inout Markup) {
    markup.element("span", ["class": "label"]) { markup in
      markup.element("b", [:], "slot \(frame.slot)")
      markup.element("code", [:], hexadecimal(frame.range.start))
      markup.element(
        "code", [:], frame.permissions?.description ?? (frame.regions.isEmpty ? "---" : "???"))
      markup.element(
        "span", ["class": frame.isMixed ? "bad" : "good"],
        frame.isMixed ? "mixed" : frame.regions.count > 1 ? "shared" : "clean")
      if let padding = frame.padding, padding > 0 {
        markup.element(
          "span", ["class": "faint"], "\(ByteCountText.readable(padding)) padding")
      }
    }
  }

  private func sections(_ frame: Frame, _ plan: SuperpagePlan, _ markup: inout Markup) {
    guard !frame.sections.isEmpty else { return }
    table(["section", "from", "to", "bytes here", "flags"], &markup) { markup in
      for index in frame.sections {
        let section = plan.sections[index]
        let part = frame.range.intersection(section.range)
        row(
          [
            section.name, hexadecimal(part.start), hexadecimal(part.end),
            ByteCountText.readable(part.byteCount), section.permissions?.description ?? "",
          ], &markup)
      }
    }
  }

  private func regions(_ plan: SuperpagePlan, _ markup: inout Markup) {
    markup.element("h3", [:], "Regions")
    table(["region", "allows", "from", "to", "size"], &markup) { markup in
      for (index, region) in plan.regions.enumerated() {
        row(
          [
            region.name, plan.permissionText(index),
            "\(hexadecimal(region.range.start))\n\(region.startSource)",
            "\(hexadecimal(region.range.end))\n\(region.endSource)",
            ByteCountText.readable(region.range.byteCount),
          ], &markup)
      }
    }
  }

  private func costs(_ cost: AlignmentCost, _ markup: inout Markup) {
    guard !cost.choices.isEmpty else { return }
    markup.element("h3", [:], "What alignment costs")
    table(["regions aligned to", "image size", "entries", "tables"], &markup) { markup in
      for choice in cost.choices {
        row(
          [
            choice.pageSize.description, ByteCountText.readable(choice.imageBytes),
            "\(choice.entries)", "\(choice.tables)",
          ], &markup)
      }
    }
  }

  private func findings(_ result: SuperpageResult, _ markup: inout Markup) {
    guard !result.findings.isEmpty else { return }
    markup.element("h3", [:], "Findings")
    markup.element("ul", ["class": "findings"]) { markup in
      for finding in result.findings {
        markup.element("li") { markup in
          markup.element(
            "span", ["class": finding.severity.rawValue], finding.severity.rawValue)
          markup.element("span", [:], finding.message)
          markup.element("code", ["class": "faint"], finding.rule)
        }
      }
    }
  }

  // MARK: The rest of the page

  private func differences(_ comparison: PlanComparison, _ markup: inout Markup) {
    markup.element("section", ["class": "card"]) { markup in
      markup.element("h2", [:], "Is it the same for both?")
      let count = comparison.differences.count
      markup.element(
        "p", [:],
        count == 0
          ? "Yes: nothing differs." : "No: \(count) of \(comparison.rows.count) facts differ.")
      table([""] + results.map { $0.plan.path.lastComponent.display }, &markup) { markup in
        for difference in comparison.rows {
          row(
            [difference.subject, difference.left, difference.right],
            style: difference.isEqual ? "same" : "differs", &markup)
        }
      }
    }
  }

  private func legend(_ markup: inout Markup) {
    markup.element("p", ["class": "legend"]) { markup in
      for (shape, name) in [
        ("rx", "r-x"), ("ro", "r--"), ("rw", "rw-"), ("rwx", "rwx"), ("hatched", "padding or tail"),
      ] {
        markup.element("span", ["class": "key \(shape)"], "")
        markup.element("span", [:], name)
      }
      markup.element(
        "span", ["class": "faint"], "Hover for addresses; open a frame to see its base pages.")
    }
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

  /// A row; what follows a line feed in a cell is set small under the rest.
  private func row(_ cells: [String], style: String = "row", _ markup: inout Markup) {
    markup.element("tr", ["class": style]) { markup in
      for cell in cells {
        let lines = cell.split(separator: "\n", maxSplits: 1).map(String.init)
        guard lines.count == 2 else {
          markup.element("td", [:], cell)
          continue
        }
        markup.element("td") { markup in
          markup.element("span", [:], lines[0])
          markup.element("small", [:], lines[1])
        }
      }
    }
  }

  private static let page = """
    body{margin:0;padding:24px;background:var(--page);color:var(--ink);\
    font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    h1{font-size:22px;margin:0 0 8px}h2{font-size:18px;margin:0 0 6px}h3{font-size:14px;margin:18px 0 6px}
    main{display:grid;gap:20px;grid-template-columns:minmax(0,1fr)}
    @media(min-width:1200px){main.several{grid-template-columns:repeat(2,minmax(0,1fr))}}
    .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px 18px;margin-bottom:20px}
    .defs{position:absolute;width:0;height:0}code,td,dd{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;\
    font-size:13px}
    .badges{display:flex;flex-wrap:wrap;gap:6px;margin:4px 0 10px}.badge{border:1px solid var(--line);\
    border-radius:12px;padding:1px 10px;font-size:13px}
    .badge.good,.good{color:var(--good)}.badge.warn{color:var(--warn)}.bad,.error{color:var(--bad)}.warning{color:var(--warn)}
    .note{color:var(--note)}.faint{color:var(--faint)}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:0}dt{color:var(--faint);font-size:13px}dd{margin:0}
    details{margin:6px 0}summary{cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
    .label{display:flex;gap:12px;align-items:baseline}.label::before{content:"\\25B8";color:var(--faint);width:10px}
    details[open]>summary .label::before{content:"\\25BE"}
    svg.bar,svg.grid{display:block;width:100%;height:auto}svg.grid{margin:8px 0}
    .mesh{fill:none;stroke:var(--card);stroke-width:1;pointer-events:none}.run{color:var(--faint);margin:2px 0 8px 22px}
    .scroll{overflow-x:auto}table{border-collapse:collapse;margin:4px 0}th{text-align:left;font-weight:600;font-size:13px;\
    color:var(--faint)}
    th,td{padding:3px 14px 3px 0;border-bottom:1px solid var(--line);white-space:nowrap}td small{display:block;color:var(--faint)}\
    tr.same td{color:var(--faint)}
    tr.differs td:first-child{font-weight:600}
    .findings{list-style:none;padding:0;margin:0}.findings li{padding:3px 0;overflow-wrap:anywhere}
    .findings li>span:first-child{font-weight:600;margin-right:6px}.findings code{margin-left:8px}
    .legend{display:flex;flex-wrap:wrap;gap:8px 6px;align-items:center;margin:0 0 16px;font-size:13px}
    .key{display:inline-block;width:16px;height:14px;border-radius:3px;margin-left:10px}.legend .key:first-child{margin-left:0}
    .key.rx{background:var(--rx)}.key.ro{background:var(--ro)}.key.rw{background:var(--rw)}.key.rwx{background:var(--rwx)}
    .key.hatched{background:repeating-linear-gradient(45deg,var(--hatch) 0 2px,transparent 2px 6px);\
    outline:1px solid var(--line)}.legend .faint{margin-left:14px}
    footer{color:var(--faint);font-size:12px}
    """
}
