// Differences of two images as text: the worst first, then who grew, the largest first, then what only moved.
//
//     old/fw.map -> new/fw.map
//     ASSERTs
//       kexec_reloc is too large: holds -> fails
//     grown
//       .rodata: 0x120 -> 0x1e0, +0xc0 (192 bytes)
//     moved
//       v1 .. v14: +0xc0 (192 bytes), 14 symbols from 0x1041 on

import Constraints
import LdsParser

/// What `--sort` orders rows by.
enum DifferenceOrder: String, CaseIterable {
  case size, name, address
}

/// Writes differences.
struct DifferenceText {
  let writer: TextWriter
  let isQuiet: Bool
  /// Whether every row is shown, and none gathered.
  let listsAll: Bool
  let order: DifferenceOrder
  /// Rows shown of each kind.
  private static let listed = 20

  /// Differences between builds of a history.
  func write(_ trends: [BuildTrend]) {
    for trend in trends {
      writer.line("\(trend.image): \(trend.title)", .bold)
      write(trend.difference)
    }
  }

  /// Differences of two files.
  func write(_ difference: ImageDifference, from old: FilePath, to new: FilePath) {
    if !isQuiet, !difference.isEmpty { writer.line("\(old.display) -> \(new.display)", .bold) }
    write(difference)
  }

  private func write(_ difference: ImageDifference) {
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
    sizes(difference)
    let symbols = sorted(difference.symbols)
    section("new symbols", symbols.filter { $0.before == nil }) {
      "\(text($0.name)): at \(hex($0.now))"
    }
    section("symbols that are gone", symbols.filter { $0.now == nil }) {
      "\(text($0.name)): was \(hex($0.before))"
    }
    section(
      "symbols that only one of the files lists (a map leaves out numbers of objects, and what the linker made local)",
      sorted(difference.unlisted)
    ) { change in
      "\(text(change.name)): "
        + (change.before.map { "was \(hexadecimal($0))" } ?? "is \(hex(change.now))")
    }
    moved("sections moved", difference.moved, "sections")
    moved("symbols moved", difference.symbols, "symbols")
  }

  // MARK: Sizes

  private func sizes(_ difference: ImageDifference) {
    let rows = difference.sizes
    section("grown", sorted(rows.filter { $0.growth > 0 && $0.before != nil }), size)
    section("shrunk", sorted(rows.filter { $0.growth < 0 && $0.now != nil }), size)
    section("new", sorted(rows.filter { $0.before == nil }), size)
    section("gone", sorted(rows.filter { $0.now == nil }), size)
  }

  private func sorted(_ rows: [SizeChange]) -> [SizeChange] {
    guard order == .name else {
      return rows.sorted { $0.growth.magnitude > $1.growth.magnitude }
    }
    return rows.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  private func sorted(_ rows: [ValueChange]) -> [ValueChange] {
    switch order {
    case .size: rows
    case .name: rows.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    case .address: rows.sorted { ($0.now ?? $0.before ?? 0) < ($1.now ?? $1.before ?? 0) }
    }
  }

  private func size(_ change: SizeChange) -> String {
    let name = text(change.name) + (change.kind == .symbol ? " (symbol)" : "")
    guard let before = change.before else { return "\(name): \(words(change.now ?? 0))" }
    guard let now = change.now else { return "\(name): was \(words(before))" }
    return "\(name): \(hexadecimal(before)) -> \(hexadecimal(now)), "
      + distance(Int64(bitPattern: now &- before))
  }

  // MARK: Places

  /// What moved, neighbours of one distance on one line.
  private func moved(_ title: String, _ changes: [ValueChange], _ noun: String) {
    let both = changes.filter { $0.before != nil && $0.now != nil }
    if listsAll || order == .name {
      section(title, sorted(both)) { "\(text($0.name)): \(shift($0))" }
      return
    }
    var runs = ShiftRun.all(both)
    if order == .size { runs.sort { $0.distance.magnitude > $1.distance.magnitude } }
    section(title, runs) { run in
      guard let first = run.changes.first, let last = run.changes.last, run.changes.count > 1 else {
        return run.changes.first.map { "\(text($0.name)): \(shift($0))" } ?? ""
      }
      return "\(text(first.name)) .. \(text(last.name)): \(distance(run.distance)), "
        + "\(run.changes.count) \(noun) from \(hex(first.before)) on"
    }
  }

  private func shift(_ change: ValueChange) -> String {
    let moved = Int64(bitPattern: (change.now ?? 0) &- (change.before ?? 0))
    return "\(hex(change.before)) -> \(hex(change.now)), \(distance(moved))"
  }

  // MARK: Rows

  private func section<Row>(_ title: String, _ rows: [Row], _ line: (Row) -> String) {
    guard !rows.isEmpty else { return }
    writer.line(title, .bold)
    let shown = listsAll ? rows[...] : rows.prefix(Self.listed)
    for row in shown { writer.line("  " + line(row)) }
    if rows.count > shown.count { writer.line("  and \(rows.count - shown.count) more (--all)") }
  }

  private func distance(_ bytes: Int64) -> String {
    (bytes < 0 ? "-" : "+") + bytesInWords(bytes.magnitude)
  }

  private func words(_ bytes: UInt64) -> String { bytesInWords(bytes) }

  private func hex(_ value: UInt64?) -> String { value.map(hexadecimal) ?? "?" }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
