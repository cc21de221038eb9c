// The difference of two texts as diff -u and git show it.
//
//     --- xen.lds.S
//     +++ xen.lds.S
//     @@ -104,4 +104,5 @@

import LdsParser

enum UnifiedDiff {
  private static let context = 3
  /// Products of line counts above this are not compared line by line.
  private static let cells = 16_000_000

  private enum Line {
    case same(ArraySlice<UInt8>)
    case removed(ArraySlice<UInt8>)
    case added(ArraySlice<UInt8>)
  }

  /// The difference; empty for equal texts.
  static func bytes(_ path: FilePath, from old: [UInt8], to new: [UInt8]) -> [UInt8] {
    if old == new { return [] }
    let lines = compare(split(old), split(new))
    var output = Array("--- ".utf8) + path.bytes + Array("\n+++ ".utf8) + path.bytes + [0x0A]
    for range in hunks(lines) { append(lines, range, to: &output) }
    return output
  }

  private static func split(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func compare(
    _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> [Line] {
    let head = zip(old, new).prefix { $0.elementsEqual($1) }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed())
      .prefix { $0.elementsEqual($1) }.count
    let left = Array(old[head..<(old.count - tail)])
    let right = Array(new[head..<(new.count - tail)])
    let middle =
      left.count * right.count > cells
      ? left.map(Line.removed) + right.map(Line.added) : longestCommon(left, right)
    return old[..<head].map(Line.same) + middle + old.suffix(tail).map(Line.same)
  }

  private static func longestCommon(
    _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> [Line] {
    let width = new.count + 1
    var lengths = Array(repeating: 0, count: (old.count + 1) * width)
    for i in old.indices.reversed() {
      for j in new.indices.reversed() {
        lengths[i * width + j] =
          old[i].elementsEqual(new[j])
          ? lengths[(i + 1) * width + j + 1] + 1
          : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < old.count, j < new.count {
      if old[i].elementsEqual(new[j]) {
        lines.append(.same(old[i]))
        i += 1
        j += 1
      } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
        lines.append(.removed(old[i]))
        i += 1
      } else {
        lines.append(.added(new[j]))
        j += 1
      }
    }
    return lines + old[i...].map(Line.removed) + new[j...].map(Line.added)
  }

  /// Changed lines with their surroundings, joined where those meet.
  private static func hunks(_ lines: [Line]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for (index, line) in lines.enumerated() {
      if case .same = line { continue }
      let range = max(0, index - context)..<min(lines.count, index + context + 1)
      if let last = ranges.last, last.upperBound >= range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    return ranges
  }

  private static func append(_ lines: [Line], _ range: Range<Int>, to output: inout [UInt8]) {
    var (oldStart, newStart) = (1, 1)
    for line in lines[..<range.lowerBound] {
      if case .added = line {} else { oldStart += 1 }
      if case .removed = line {} else { newStart += 1 }
    }
    var body: [UInt8] = []
    var (oldCount, newCount) = (0, 0)
    for line in lines[range] {
      switch line {
      case .same(let text):
        body += [0x20] + text
        oldCount += 1
        newCount += 1
      case .removed(let text):
        body += [UInt8(ascii: "-")] + text
        oldCount += 1
      case .added(let text):
        body += [UInt8(ascii: "+")] + text
        newCount += 1
      }
      body.append(0x0A)
    }
    // Of an empty side the line before it is named.
    let old = "\(oldCount == 0 ? oldStart - 1 : oldStart),\(oldCount)"
    let new = "\(newCount == 0 ? newStart - 1 : newStart),\(newCount)"
    output += Array("@@ -\(old) +\(new) @@\n".utf8) + body
  }
}
