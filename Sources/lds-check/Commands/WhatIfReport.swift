// What a change to a link would change, and how much room there is: `what-if` of the contract, section 4.

import Constraints
import LdsParser

struct WhatIfReport {
  let context: ProgramContext
  /// Where JSON goes; nil for text.
  let json: JSONWriter?
  /// Whose rules were followed.
  let dialect: LinkerDialect
  /// Symbols that are shown one by one.
  private static let most = 10

  func write(_ changes: LayoutChanges, _ after: LayoutPrediction) -> ExitCode {
    let fails = after.assertions.contains { !$0.holds }
    if let json {
      json.object {
        head(json, isExact: after.isExact, stops: nil)
        json.array("changes", changes.changes) { change in
          json.row {
            json.member("kind", change.kind.rawValue)
            json.member("name", change.name)
            json.member("aspect", change.aspect)
            json.member("from", text(change, change.from))
            json.member("to", text(change, change.to))
          }
        }
      }
      json.end()
    } else {
      writeText(changes)
    }
    return fails ? .findings : .success
  }

  private func writeText(_ changes: LayoutChanges) {
    let writer = context.report
    for change in changes.changes where change.kind == .verdict {
      let fails = change.to == 0
      writer.write(fails ? "fails: " : "holds: ", fails ? .error : .plain)
      writer.line(String(decoding: change.name, as: UTF8.self))
    }
    let moved = changes.changes.filter { $0.kind == .symbol }
    for change in changes.changes.filter({ $0.kind == .section }) + moved.prefix(Self.most) {
      let name = String(decoding: change.name, as: UTF8.self)
      writer.line(
        "\(change.kind.rawValue) \(name): \(change.aspect) \(text(change, change.from) ?? "none") -> "
          + (text(change, change.to) ?? "none"))
    }
    if moved.count > Self.most { writer.line("and \(moved.count - Self.most) more symbols") }
    if changes.changes.isEmpty { writer.line("nothing changes") }
  }

  private func text(_ change: LayoutChanges.Change, _ value: UInt64?) -> String? {
    guard let value else { return nil }
    if change.kind == .verdict { return value == 0 ? "fails" : "holds" }
    return LayoutText.hexadecimal(value)
  }

  /// Changes over a map, some of which may be intervals.
  func write(_ changes: ReplayedChanges) -> ExitCode {
    let fails = changes.changes.contains { $0.change.kind == .verdict && $0.change.to == 0 }
    let stops = changes.complaints.first?.text
    if let json {
      json.object {
        head(json, isExact: changes.isExact, stops: stops)
        json.array("changes", changes.changes) { change in
          json.row {
            json.member("kind", change.change.kind.rawValue)
            json.member("name", change.change.name)
            json.member("aspect", change.change.aspect)
            json.member("from", text(change.change, change.change.from))
            json.member("to", text(change.change, change.change.to))
            if !change.isExact, change.change.kind != .verdict {
              json.member("atLeast", text(change.change, change.range?.lowerBound))
              json.member("atMost", text(change.change, change.range?.upperBound))
            }
          }
        }
      }
      json.end()
    } else {
      writeText(changes, stops)
    }
    return fails || stops != nil ? .findings : .success
  }

  private func writeText(_ changes: ReplayedChanges, _ stops: String?) {
    let writer = context.report
    if let stops { writer.line("the linker would stop: \(stops)") }
    var symbols = 0
    for change in changes.changes {
      let name = String(decoding: change.change.name, as: UTF8.self)
      if change.change.kind == .symbol {
        symbols += 1
        if symbols > Self.most { continue }
      }
      guard change.change.kind != .verdict else {
        let verdict =
          change.isExact ? change.change.to == 0 ? "fails" : "holds" : "undecided"
        writer.write("\(verdict): ", verdict == "fails" ? .error : .plain)
        writer.line(name)
        continue
      }
      let to =
        change.isExact
        ? text(change.change, change.change.to) ?? "none"
        : change.range.map {
          "\(LayoutText.hexadecimal($0.lowerBound)) .. \(LayoutText.hexadecimal($0.upperBound))"
        } ?? "unknown"
      writer.line(
        "\(change.change.kind.rawValue) \(name): \(change.change.aspect) "
          + "\(text(change.change, change.change.from) ?? "none") -> \(to)")
    }
    if symbols > Self.most { writer.line("and \(symbols - Self.most) more symbols") }
    if changes.changes.isEmpty { writer.line("nothing changes") }
    if !changes.isExact {
      writer.line(
        "what is no single number depends on alignments that only the objects tell", .note)
    }
  }

  /// The linker stops after the change.
  func write(stop: LayoutStop) -> ExitCode {
    if let json {
      json.object {
        head(json, isExact: true, stops: stop.message)
        json.array("changes", [Int]()) { json.integer($0) }
      }
      json.end()
    } else {
      context.report.line(stop.message)
    }
    return .findings
  }

  func write(_ rooms: [(section: [UInt8], bytes: UInt64?)]) -> ExitCode {
    if let json {
      json.object {
        head(json, isExact: true, stops: nil)
        json.array("growth", rooms) { room in
          json.row {
            json.member("section", room.section)
            json.member("bytes", room.bytes.map { Int(clamping: $0) })
          }
        }
      }
      json.end()
      return .success
    }
    for room in rooms {
      let name = String(decoding: room.section, as: UTF8.self)
      guard let bytes = room.bytes else {
        context.report.line("\(name): nothing bounds it, or something fails already")
        continue
      }
      context.report.line("\(name) may grow by \(bytes) bytes; with one more a verdict changes")
    }
    return .success
  }

  private func head(_ json: JSONWriter, isExact: Bool, stops: String?) {
    json.tool()
    json.member("linker", dialect.description)
    json.member("exact", isExact)
    json.member("stops", stops)
  }
}
