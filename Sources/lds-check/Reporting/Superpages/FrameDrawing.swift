// One frame as shapes: a band of regions, under it a band of sections, hover text on each.

import Constraints

/// Draws the bar of a frame.
struct FrameDrawing {
  let plan: SuperpagePlan
  /// Sections that stand out.
  let marked: Set<String>
  let x: Double
  let width: Double

  /// Height of a bar.
  static let height = 42.0
  private static let regionHeight = 25.0
  /// Width of a letter of the small font, with some air.
  private static let letterWidth = 6.6

  /// Draws `frame` with its upper edge at `y`.
  func draw(_ frame: Frame, y: Double, into markup: inout Markup) {
    for piece in plan.pieces(of: frame) { region(piece, frame, y, &markup) }
    let sections = plan.sectionPieces(of: frame)
    for section in sections { self.section(section, frame, y + Self.regionHeight, &markup) }
    for section in sections { mark(section, frame, y + Self.regionHeight, &markup) }
    markup.element(
      "rect",
      [
        "class": frame.isMixed ? "frame mixed" : "frame", "x": Markup.number(x),
        "y": Markup.number(y), "width": Markup.number(width),
        "height": Markup.number(Self.height), "rx": "3",
      ])
  }

  private func region(_ piece: FramePiece, _ frame: Frame, _ y: Double, _ markup: inout Markup) {
    let (left, right) = extent(piece.range, frame)
    let height = plan.sections.isEmpty ? Self.height : Self.regionHeight
    let shape =
      piece.region.map { PictureStyle.shapeClass(plan.regions[$0].permissions) } ?? "none"
    shapeWithTitle(
      "\(shape) hit", left, right, y, height, Self.title(piece, plan), &markup)
    if piece.isTail { rectangle("hatch", left, right, y, height, &markup) }
    if let region = piece.region {
      let name = piece.isTail ? "tail" : plan.regions[region].name
      label(
        "\(name) \(plan.permissionText(region))", or: name, left, right, y + height / 2 + 4,
        "in", 7.6, &markup)
    }
  }

  private func section(
    _ piece: FrameSection, _ frame: Frame, _ y: Double, _ markup: inout Markup
  ) {
    let (left, right) = extent(piece.range, frame)
    let height = Self.height - Self.regionHeight
    guard let index = piece.section else {
      shapeWithTitle("gap hit", left, right, y, height, Self.paddingTitle(piece.range), &markup)
      rectangle("hatch", left, right, y, height, &markup)
      return
    }
    let section = plan.sections[index]
    let region = plan.regions.first { $0.range.overlaps(piece.range) }
    let shape = PictureStyle.shapeClass(region.map(\.permissions) ?? section.permissions)
    shapeWithTitle("\(shape) hit", left, right, y, height, Self.title(section), &markup)
    markup.element(
      "line",
      [
        "class": "seam", "x1": Markup.number(left), "x2": Markup.number(left),
        "y1": Markup.number(y), "y2": Markup.number(y + height),
      ])
    label(
      section.name, or: nil, left, right, y + 12, "in small", Self.letterWidth, &markup)
  }

  /// Draws a section that a rule objects to in the colour of errors, its name beside it if it is too small.
  private func mark(_ piece: FrameSection, _ frame: Frame, _ y: Double, _ markup: inout Markup) {
    guard let index = piece.section, marked.contains(plan.sections[index].name) else { return }
    let (left, narrow) = extent(piece.range, frame)
    let right = min(max(narrow, left + 4), x + width)
    let height = Self.height - Self.regionHeight
    let section = plan.sections[index]
    shapeWithTitle(
      "marked hit", right - max(right - left, 4), right, y, height, Self.title(section), &markup)
    let length = Double(DisplayText.width(DisplayText.escape(section.name))) * Self.letterWidth
    guard length + 8 > right - left else { return }
    let fitsRight = right + length + 6 < x + width
    markup.element(
      "text",
      [
        "class": "small bad beside", "x": Markup.number(fitsRight ? right + 4 : left - 4),
        "y": Markup.number(y + 12), "text-anchor": fitsRight ? "start" : "end",
      ], section.name)
  }

  // MARK: Shapes

  /// Left and right edge of a range of the frame; what is smaller than a hair is drawn as one.
  private func extent(_ range: AddressRange, _ frame: Frame) -> (Double, Double) {
    let scale = width / Double(frame.range.byteCount)
    let left = x + Double(range.start &- frame.range.start) * scale
    let right = left + max(Double(range.byteCount) * scale, 0.8)
    return (left, min(right, x + width))
  }

  private func rectangle(
    _ shape: String, _ left: Double, _ right: Double, _ y: Double, _ height: Double,
    _ markup: inout Markup
  ) {
    markup.element(
      "rect",
      [
        "class": shape, "x": Markup.number(left), "y": Markup.number(y),
        "width": Markup.number(right - left), "height": Markup.number(height),
      ])
  }

  private func shapeWithTitle(
    _ shape: String, _ left: Double, _ right: Double, _ y: Double, _ height: Double,
    _ title: String, _ markup: inout Markup
  ) {
    markup.element("g") { markup in
      rectangle(shape, left, right, y, height, &markup)
      markup.element("title", [:], title)
    }
  }

  private func label(
    _ text: String, or short: String?, _ left: Double, _ right: Double, _ y: Double,
    _ style: String, _ letter: Double, _ markup: inout Markup
  ) {
    let room = Int((right - left - 6) / letter)
    let shown = DisplayText.width(DisplayText.escape(text)) <= room ? text : short
    guard let shown, DisplayText.width(DisplayText.escape(shown)) <= room else { return }
    markup.element(
      "text",
      [
        "class": style, "x": Markup.number((left + right) / 2), "y": Markup.number(y),
        "text-anchor": "middle",
      ], shown)
  }

  // MARK: Hover text

  private static func title(_ piece: FramePiece, _ plan: SuperpagePlan) -> String {
    let bytes = ByteCountText.readable(piece.range.byteCount)
    guard let index = piece.region else { return "not mapped\n\(piece.range)\n\(bytes)" }
    let region = plan.regions[index]
    let what = piece.isTail ? "mapped behind the image, with \(region.name)" : region.name
    return
      "\(what) \(plan.permissionText(index))\n\(piece.range)\n\(bytes) in this superpage; from "
      + "\(region.startSource) to \(region.endSource)"
  }

  private static func title(_ section: LoadedSection) -> String {
    let flags = section.permissions.map { "\nflags \($0)" } ?? ""
    return
      "\(section.name)\n\(section.range)\n\(ByteCountText.readable(section.range.byteCount))\(flags)"
  }

  private static func paddingTitle(_ range: AddressRange) -> String {
    "padding\n\(range)\n\(ByteCountText.readable(range.byteCount))"
  }
}
