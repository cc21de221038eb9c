// `memory --format json`: the contract, section 4.

import Constraints
import LdsParser

/// Writes a memory result as JSON.
struct MemoryJSON {
  let json: JSONWriter

  func write(_ result: MemoryResult, _ report: Report) {
    json.object {
      json.tool()
      json.member("image", result.image)
      json.member("against", result.older)
      json.member("by", result.grouping.rawValue)
      json.array("regions", result.use?.regions ?? []) { write($0, result) }
      writeContributors(result)
      json.array("budgets", result.budgets, write)
      if result.difference != nil { writeChanges(result) }
      if let trend = result.trend { write(trend) }
      json.array("doubts", result.use?.doubts ?? []) { json.string($0.text) }
      json.array("findings", report.findings) { json.finding($0, report.root) }
    }
    json.end()
  }

  private func write(_ region: MemoryUse.Region, _ result: MemoryResult) {
    json.row {
      json.member("name", region.name)
      json.array("aliases", region.aliases) { json.string($0) }
      json.member("origin", hex: region.origin)
      json.member("length", region.length.map { Int(clamping: $0) })
      // What ld prints where its pointer stands before the region is no size.
      json.member("used", Int(truncatingIfNeeded: region.used))
      json.member("free", region.free.map { Int($0) })
      json.member("percent", tenths: MemoryNumbers.tenths(region.used, of: region.length))
      json.member("exact", result.use?.isCertain(region) ?? false)
    }
  }

  private func writeContributors(_ result: MemoryResult) {
    json.key("contributors")
    json.array {
      for region in result.use?.regions ?? [] {
        for row in result.rows(region) {
          json.row {
            json.member("name", row.name)
            json.member("kind", row.kind.rawValue)
            json.member("bytes", Int(row.bytes))
            json.member("region", region.name)
            if row.loadImage > 0 { json.member("loadImage", Int(row.loadImage)) }
            if row.sharers > 1 { json.member("sharedBy", row.sharers) }
          }
        }
      }
    }
  }

  private func write(_ budget: BudgetVerdict) {
    json.row {
      json.member("name", budget.budget.name)
      json.member("limit", budget.limit.map { Int($0) })
      json.member("used", budget.used.map { Int($0) })
      json.member("before", budget.before.map { Int($0) })
      json.member("verdict", budget.verdict.rawValue)
      json.member("reason", budget.reason)
    }
  }

  private func writeChanges(_ result: MemoryResult) {
    json.array("changes", result.difference?.regions ?? []) { region in
      json.object {
        json.member("region", region.name)
        json.member("old", region.old.map { Int(truncatingIfNeeded: $0) })
        json.member("new", region.new.map { Int(truncatingIfNeeded: $0) })
        json.member("delta", Int(region.delta))
        json.array("contributors", region.changes) { change in
          json.row {
            json.member("name", change.row.name)
            json.member("kind", change.row.kind.rawValue)
            json.member("change", change.kind.rawValue)
            json.member("old", change.old.map { Int($0) })
            json.member("new", change.new.map { Int($0) })
            json.member("delta", Int(change.delta))
          }
        }
      }
    }
  }

  private func write(_ trend: MemoryTrend) {
    json.object("trend") {
      json.member("image", trend.image)
      json.member("builds", trend.builds)
      json.array("series", trend.series) { series in
        json.row {
          json.member("name", series.name)
          json.member("limit", series.limit.map { Int($0) })
          json.array("values", series.values) { json.integer(Int($0)) }
        }
      }
    }
  }
}
