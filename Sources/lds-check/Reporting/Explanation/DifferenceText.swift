// Differences of two images as text: the worst first.
//
//     ASSERTs
//       kexec_reloc is too large: holds -> fails
//     headroom
//       kexec_reloc is too large: 0xe60 (3680 bytes), 89.8 % -> 0x20 (32 bytes) too much

import Constraints
import LdsParser

/// Writes differences.
struct DifferenceText {
  let writer: TextWriter
  let isQuiet: Bool
  /// Symbols shown.
  private static let listed = 40

  /// Differences between builds of a history.
  func write(_ trends: [BuildTrend]) {
    for trend in trends {
      writer.line("\(trend.image): \(trend.title)", .bold)
      write(trend.difference)
    }
  }

  func write(_ difference: ImageDifference) {
    if difference.isEmpty, !isQuiet { writer.line("no difference") }
    section("ASSERTs", difference.verdicts) { change in
      let before = change.before?.rawValue ?? "absent"
      return "\(text(change.message)): \(before) -> \(change.now?.rawValue ?? "absent")"
    }
    section("headroom", difference.headroom) { change in
      "\(text(change.message)): \(change.before?.text ?? "unknown") -> "
        + (change.now?.text ?? "unknown")
    }
    section("superpages", difference.plan) { "\($0.subject): \($0.left) -> \($0.right)" }
    section("sections moved", difference.moved) { change($0) }
    section("sections resized", difference.resized) { change($0) }
    section("symbols moved", difference.symbols) { change($0) }
  }

  private func section<Row>(_ title: String, _ rows: [Row], _ line: (Row) -> String) {
    guard !rows.isEmpty else { return }
    writer.line(title, .bold)
    for row in rows.prefix(Self.listed) { writer.line("  " + line(row)) }
    if rows.count > Self.listed { writer.line("  and \(rows.count - Self.listed) more") }
  }

  private func change(_ change: ValueChange) -> String {
    let name = text(change.name)
    guard let before = change.before else { return "\(name): new at \(hex(change.now))" }
    guard let now = change.now else { return "\(name): gone, was \(hexadecimal(before))" }
    let sign = now >= before ? "+" : "-"
    let distance = now >= before ? now &- before : before &- now
    return
      "\(name): \(hexadecimal(before)) -> \(hexadecimal(now)), \(sign)\(bytesInWords(distance))"
  }

  private func hex(_ value: UInt64?) -> String { value.map(hexadecimal) ?? "?" }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
