// The plan as text in 80 columns: one bar a frame, one letter a region, colour by permission.
//
//     slot address            |0                          2M| needs
//        1 0xffff82d040200000 |tttttttttttttttttttttttrrrrrrr| r-x mixed

import Constraints
import LdsParser

/// Writes plans for people.
struct PlanText {
  let writer: TextWriter

  private static let barWidth = 32

  /// Writes one plan.
  func write(_ plan: SuperpagePlan) {
    let words = PlanWords(plan: plan)
    let cost = AlignmentCost(plan)
    writer.write(plan.path.display, .bold)
    let assumed = plan.mapped.isModelAssumed ? " assumed" : ""
    writer.line("  \(plan.profile), \(plan.mapped.model.title)\(assumed)")
    fact(
      "image",
      "\(hexadecimal(plan.range.start)) .. \(hexadecimal(plan.range.end)), "
        + ByteCountText.readable(plan.range.byteCount))
    fact("mapping", words.mapping)
    for (index, line) in words.hugePages.enumerated() { fact(index == 0 ? "huge pages" : "", line) }
    if words.hugePages.isEmpty { fact("superpages", words.verdict) }
    if let split = words.split { fact("mixed", split) }
    if let groups = words.contiguous { fact("contiguous", groups) }
    if let padding = words.padding(cost) { fact("padding", padding) }
    if let tail = words.tail { fact("tail", tail) }
    for (index, line) in words.load.enumerated() { fact(index == 0 ? "loaded at" : "", line) }
    writer.line()
    bars(plan)
    writer.line()
    regions(plan)
    if !cost.choices.isEmpty {
      writer.line()
      choices(cost, plan)
    }
  }

  /// Writes what differs between two plans.
  func write(_ comparison: PlanComparison, left: String, right: String) {
    let rows = comparison.differences
    guard !rows.isEmpty else {
      writer.line("no difference in layout")
      return
    }
    writer.line("differences", .bold)
    for row in rows {
      writer.line("  \(row.subject)")
      for (name, value) in [(left, row.left), (right, row.right)] {
        writer.write("    " + padded(DisplayText.escape(name), 14) + " ", .faint)
        writer.line(value)
      }
    }
  }

  // MARK: Facts

  private func fact(_ name: String, _ text: String) {
    let indent = 12
    var line = ""
    var isFirst = true
    func flush() {
      writer.write(padded(isFirst ? name : "", indent), .faint)
      writer.line(line)
      isFirst = false
      line = ""
    }
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > 80 { flush() }
      line += (line.isEmpty ? "" : " ") + word
    }
    flush()
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayText.width(text)))
  }

  private func flushRight(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  // MARK: Bars

  private func bars(_ plan: SuperpagePlan) {
    let size = plan.pageSize.description
    let scale = "0" + String(repeating: " ", count: Self.barWidth - 1 - size.count) + size
    writer.line("slot address             \(scale)  needs", .faint)
    for run in FrameRun.all(of: plan) {
      switch run {
      case .frame(let frame): bar(frame, plan)
      case .run(let first, let last, let count):
        bar(first, plan)
        let what = names(first, plan)
        writer.line(
          "     ... \(count - 2) more \(what.isEmpty ? "in no region" : "of \(what)"), slots "
            + "\(first.slot)..\(last.slot)",
          .faint)
        bar(last, plan)
      }
    }
  }

  private func bar(_ frame: Frame, _ plan: SuperpagePlan) {
    writer.write(
      flushRight("\(frame.slot)", 4) + " " + hexadecimal(frame.range.start)
        + String(repeating: " ", count: max(1, 19 - hexadecimal(frame.range.start).count)) + "|")
    for (letters, style) in runs(frame, plan) { writer.write(letters, style) }
    let needs = frame.permissions?.description ?? (frame.regions.isEmpty ? "---" : "???")
    writer.write("| \(needs) ")
    if frame.isMixed {
      writer.line("mixed", .warning)
    } else {
      writer.line(frame.regions.count > 1 ? "shared" : "clean", .good)
    }
    guard !frame.sections.isEmpty else { return }
    let padding =
      frame.padding.map { $0 == 0 ? "" : "; \(ByteCountText.readable($0)) padding" } ?? ""
    let indent = 5
    let names = plan.sectionNames(frame.sections, width: 80 - indent - padding.count)
    writer.line(String(repeating: " ", count: indent) + names + padding, .faint)
  }

  /// One column of a bar.
  private struct Cell {
    var piece: FramePiece
    var isPadding: Bool
  }

  /// The cells of a bar. A cell shows the region with most bytes in it; one with a smaller region that has no
  /// other cell shows that.
  private func cells(_ frame: Frame, _ plan: SuperpagePlan) -> [Cell] {
    let pieces = plan.pieces(of: frame)
    let cellBytes = max(1, frame.range.byteCount / UInt64(Self.barWidth))
    var cells = (0..<Self.barWidth).map { index in
      let range = AddressRange(
        start: frame.range.start &+ UInt64(index) * cellBytes, byteCount: cellBytes)
      let piece = pieces.max {
        range.intersection($0.range).byteCount < range.intersection($1.range).byteCount
      }
      let isEmpty = !frame.sections.contains { plan.sections[$0].range.overlaps(range) }
      return Cell(piece: piece ?? pieces[0], isPadding: isEmpty && !plan.sections.isEmpty)
    }
    for piece in pieces where holdsSomething(piece, frame, plan) {
      if cells.contains(where: { $0.piece == piece && !$0.isPadding }) { continue }
      let index =
        cells.firstIndex { $0.piece == piece }
        ?? Int((piece.range.start &- frame.range.start) / cellBytes)
      cells[min(index, cells.count - 1)] = Cell(piece: piece, isPadding: false)
    }
    return cells
  }

  private func holdsSomething(
    _ piece: FramePiece, _ frame: Frame, _ plan: SuperpagePlan
  ) -> Bool {
    guard piece.region != nil else { return false }
    return plan.sections.isEmpty || piece.isTail
      || frame.sections.contains { plan.sections[$0].range.overlaps(piece.range) }
  }

  /// The cells as text, neighbours of one style together.
  private func runs(_ frame: Frame, _ plan: SuperpagePlan) -> [(String, TextStyle)] {
    let letters = RegionLetters(plan).letters
    var result: [(String, TextStyle)] = []
    for cell in cells(frame, plan) {
      let style = style(cell.piece, plan)
      let letter = letter(cell, letters)
      if let last = result.last, last.1 == style {
        result[result.count - 1].0 += letter
      } else {
        result.append((letter, style))
      }
    }
    return result
  }

  private func style(_ piece: FramePiece, _ plan: SuperpagePlan) -> TextStyle {
    guard let region = piece.region else { return .unmapped }
    return Self.style(plan.regions[region].permissions)
  }

  private static func style(_ permissions: Permissions?) -> TextStyle {
    guard let permissions else { return .plain }
    if permissions.isWritableAndExecutable { return .writeExecute }
    if permissions.contains(.execute) { return .readExecute }
    return permissions.contains(.write) ? .readWrite : .readOnly
  }

  private func letter(_ cell: Cell, _ letters: [String]) -> String {
    guard let region = cell.piece.region else { return "." }
    if cell.piece.isTail { return "-" }
    return cell.isPadding ? "_" : letters[region]
  }

  private func names(_ frame: Frame, _ plan: SuperpagePlan) -> String {
    frame.regions.map { plan.regions[$0].name }.joined(separator: ", ")
  }

  // MARK: Tables

  private func regions(_ plan: SuperpagePlan) {
    let letters = RegionLetters(plan).letters
    let width = min(
      24, plan.regions.map { DisplayText.width(DisplayText.escape($0.name)) }.max() ?? 0)
    for (index, region) in plan.regions.enumerated() {
      writer.write(" \(letters[index]) ", Self.style(region.permissions))
      let name = padded(DisplayText.escape(region.name), width)
      writer.write(" \(name) \(plan.permissionText(index)) ")
      writer.write("\(hexadecimal(region.range.start)) .. \(hexadecimal(region.range.end)) ")
      writer.line(ByteCountText.readable(region.range.byteCount), .faint)
    }
    var signs: [String] = []
    if plan.frames.contains(where: { ($0.padding ?? 0) > 0 }) { signs.append("_ padding") }
    if !plan.tail.isEmpty { signs.append("- mapped behind the image") }
    if plan.frames.contains(where: { plan.pieces(of: $0).contains { $0.region == nil } }) {
      signs.append(". not mapped")
    }
    if !signs.isEmpty { writer.line(" " + signs.joined(separator: "   "), .faint) }
  }

  private func choices(_ cost: AlignmentCost, _ plan: SuperpagePlan) {
    writer.line("regions aligned to   image size   entries   tables", .faint)
    for choice in cost.choices {
      writer.line(
        padded("  \(choice.pageSize)", 19)
          + flushRight(ByteCountText.readable(choice.imageBytes), 12)
          + flushRight("\(choice.entries)", 10) + flushRight("\(choice.tables)", 9))
    }
  }
}

/// One letter for each region: its first that no region before it has.
private struct RegionLetters {
  let letters: [String]

  init(_ plan: SuperpagePlan) {
    var used: Set<Character> = ["-", ".", "_"]
    letters = plan.regions.map { region in
      let own = region.name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
      let spare = "abcdefghijklmnopqrstuvwxyz0123456789"
      guard let letter = (own + spare).first(where: { !used.contains($0) }) else { return "#" }
      used.insert(letter)
      return String(letter)
    }
  }
}
