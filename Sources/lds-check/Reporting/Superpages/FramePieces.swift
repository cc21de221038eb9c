// A frame cut where something changes: what a bar, a picture or a grid has to draw.

import Constraints

/// A stretch of a frame that looks the same throughout.
struct FramePiece: Equatable {
  let range: AddressRange
  /// Index of the region; nil where nothing is mapped.
  let region: Int?
  /// Whether it lies behind the end of the image: mapped, but not part of it.
  let isTail: Bool
}

/// A stretch of a frame that one section fills, or none.
struct FrameSection: Equatable {
  let range: AddressRange
  /// Index of the section; nil for padding.
  let section: Int?
}

extension SuperpagePlan {
  /// The stretches of a frame in address order; together they are the whole frame.
  func pieces(of frame: Frame) -> [FramePiece] {
    var cuts: Set<UInt64> = [0, frame.range.byteCount]
    func cut(_ address: UInt64) {
      let offset = address &- frame.range.start
      if offset < frame.range.byteCount { cuts.insert(offset) }
    }
    for region in frame.regions {
      cut(regions[region].range.start)
      cut(regions[region].range.end)
    }
    cut(range.start)
    cut(range.end)
    let sorted = cuts.sorted()
    return zip(sorted, sorted.dropFirst()).map { from, to in
      let start = frame.range.start &+ from
      let region = frame.regions.first { regions[$0].range.contains(start) }
      return FramePiece(
        range: AddressRange(start: start, byteCount: to - from), region: region,
        isTail: region != nil && !range.contains(start))
    }
  }

  /// The sections of a frame and the padding between them, in address order, inside the image.
  func sectionPieces(of frame: Frame) -> [FrameSection] {
    guard !sections.isEmpty else { return [] }
    let extent = frame.range.intersection(range)
    var result: [FrameSection] = []
    var position: UInt64 = 0
    for index in frame.sections {
      let part = extent.intersection(sections[index].range)
      guard !part.isEmpty else { continue }
      let start = part.start &- extent.start
      if start > position {
        result.append(
          FrameSection(
            range: AddressRange(start: extent.start &+ position, byteCount: start - position),
            section: nil))
      }
      result.append(FrameSection(range: part, section: index))
      position = max(position, start &+ part.byteCount)
    }
    if position < extent.byteCount {
      result.append(
        FrameSection(
          range: AddressRange(
            start: extent.start &+ position, byteCount: extent.byteCount - position), section: nil))
    }
    return result
  }

  /// What the mapping of a piece allows, in words.
  func permissionText(_ region: Int?) -> String {
    guard let region else { return "---" }
    return regions[region].permissions?.description ?? "???"
  }

  /// `.text, .rodata and 3 more`: sections by name, as many as fit in `width` columns.
  func sectionNames(_ indices: [Int], width: Int) -> String {
    var text = ""
    for (count, index) in indices.enumerated() {
      let next = (count == 0 ? "" : ", ") + DisplayText.escape(sections[index].name)
      let more = " and \(indices.count - count) more"
      if DisplayText.width(text + next) + (count + 1 < indices.count ? more.count : 0) > width {
        return count == 0 ? "\(indices.count) sections" : text + more
      }
      text += next
    }
    return text
  }
}

/// Frames as a report shows them: long runs of equal ones are told, not drawn.
enum FrameRun {
  /// One frame, to be drawn.
  case frame(Frame)
  /// Frames of one region that all look the same.
  case run(first: Frame, last: Frame, count: Int)

  /// Frames in a row that are drawn before they are told.
  private static let shortest = 5

  /// Groups the frames of a plan.
  static func all(of plan: SuperpagePlan) -> [FrameRun] {
    var result: [FrameRun] = []
    var run: [Frame] = []
    func close() {
      if run.count >= shortest, let first = run.first, let last = run.last {
        result.append(.run(first: first, last: last, count: run.count))
      } else {
        result += run.map(FrameRun.frame)
      }
      run = []
    }
    for frame in plan.frames {
      let isFull = plan.pieces(of: frame).count == 1
      if isFull, let last = run.last, last.regions == frame.regions,
        last.range.end == frame.range.start
      {
        run.append(frame)
      } else {
        close()
        if isFull { run = [frame] } else { result.append(.frame(frame)) }
      }
    }
    close()
    return result
  }
}
