// How memory went from build to build, from the file that `--history` appends to: one JSON object a line.
//
//     {"image":"fw.elf","holds":2,…,"regions":[{"name":"FLASH","used":1312,"length":4096}],
//      "budgets":[{"name":"net/*.o","used":900,"limit":1024,"verdict":"holds"}]}

import Constraints
import LdsParser

/// The builds of one image as series of numbers.
struct MemoryTrend: Sendable {
  /// One number in all builds that have it, the oldest first.
  struct Series: Sendable {
    let name: String
    var values: [Int64]
    /// The limit in the last build.
    var limit: Int64?

    /// The length of a region; what a budget allows may be a least.
    var length: Int64? { name.hasPrefix(MemoryTrend.budget) ? nil : limit }

    /// The values as one character each, from the least to the most.
    var sparkline: String {
      let shown = values.suffix(MemoryTrend.shownBuilds)
      guard let least = shown.min(), let most = shown.max() else { return "" }
      let steps = Array("▁▂▃▄▅▆▇█")
      return String(
        shown.map { value in
          guard most > least else { return steps[3] }
          let share = Double(value &- least) / Double(most &- least)
          return steps[min(7, Int(share * 7.99))]
        })
    }
  }

  private static let shownBuilds = 40
  /// What names of budgets begin with.
  private static let budget = "budget "

  let image: String
  let builds: Int
  /// Regions in order of first mention, then budgets.
  let series: [Series]

  /// The builds of `image` in a history; those of the last image if it is nil.
  ///
  /// - Throws: the first line that is no JSON object.
  init(_ buffer: SourceBuffer, image: String?) throws(InputError) {
    let lines = try HistoryLines.read(buffer, Self.line)
    let wanted = image ?? lines.last?.image ?? ""
    let named = lines.filter { $0.image == wanted }
    let images = Set(lines.map(\.image))
    // A history of one image needs no equal names.
    let own = named.isEmpty && images.count == 1 ? lines : named
    self.image = wanted
    builds = own.count
    var order: [String] = []
    var series: [String: Series] = [:]
    for line in own {
      for entry in line.entries {
        if series[entry.name] == nil { order.append(entry.name) }
        series[entry.name, default: Series(name: entry.name, values: [])].values.append(entry.used)
        series[entry.name]?.limit = entry.limit
      }
    }
    self.series = order.compactMap { series[$0] }
  }

  private struct Line {
    var image: String
    var entries: [(name: String, used: Int64, limit: Int64?)]
  }

  private static func line(_ json: JSONDocument) -> Line? {
    guard let image = json.member("image", of: json.root) else { return nil }
    var entries: [(name: String, used: Int64, limit: Int64?)] = []
    for (key, limit) in [("regions", "length"), ("budgets", "limit")] {
      guard let rows = json.member(key, of: json.root), json.kind(rows) == .array else { continue }
      for row in json.elements(rows) where json.kind(row) == .object {
        guard let name = json.member("name", of: row),
          let used = json.member("used", of: row).flatMap(json.integer)
        else { continue }
        entries.append(
          (
            (key == "budgets" ? budget : "") + json.string(name), Int64(used),
            json.member(limit, of: row).flatMap(json.integer).map { Int64($0) }
          ))
      }
    }
    return Line(image: json.string(image), entries: entries)
  }
}

/// The part of a line of the history that is about memory.
struct MemoryRecord {
  let use: MemoryUse
  var budgets: [BudgetVerdict] = []

  /// `"regions":[…],"budgets":[…]`
  var members: String {
    let regions = use.regions.map { region in
      "{\"name\":\(BuildRecord.quoted(region.name)),\"used\":\(Int64(truncatingIfNeeded: region.used)),"
        + "\"length\":\(region.length.map { "\(Int64(clamping: $0))" } ?? "null")}"
    }
    let budgets = budgets.compactMap { verdict -> String? in
      guard let used = verdict.used else { return nil }
      return "{\"name\":\(BuildRecord.quoted(Array(verdict.budget.name.utf8))),\"used\":\(used),"
        + "\"limit\":\(verdict.limit.map { "\($0)" } ?? "null"),"
        + "\"verdict\":\"\(verdict.verdict.rawValue)\"}"
    }
    return "\"regions\":[\(regions.joined(separator: ","))],"
      + "\"budgets\":[\(budgets.joined(separator: ","))]"
  }

  /// A whole line of its own, about the build that `stamp` names.
  func line(image: String, _ stamp: BuildStamp) -> String {
    func count(_ verdict: Verdict) -> Int { budgets.count { $0.verdict == verdict } }
    let failing = budgets.filter { $0.verdict == .fails }
      .map { BuildRecord.quoted(Array($0.budget.name.utf8)) }
    let label = stamp.label.map { "\"label\":\(BuildRecord.quoted($0))," } ?? ""
    return
      "{\"image\":\(BuildRecord.quoted(image)),\(label)\"date\":\(BuildRecord.quoted(stamp.date)),"
      + "\"holds\":\(count(.holds)),"
      + "\"fails\":\(count(.fails)),\"undecided\":\(count(.undecided)),"
      + "\"failing\":[\(failing.joined(separator: ","))],\"end\":null,\"headroom\":[],\(members)}\n"
  }
}
