// The plan as JSON, keys as the documentation of `superpages --format json` promises them.

import Constraints
import LdsParser

/// Writes plans for programs.
struct PlanJSON {
  let json: JSONWriter

  /// Writes the document: one image at the top level, several under `images` with their differences.
  func write(
    _ results: [SuperpageResult], differences: [PlanDifference], _ root: RepositoryRoot,
    growth: [LayoutThreshold] = [], order: ReportOrder? = nil
  ) {
    json.object {
      json.row("tool") {
        json.member("name", Version.name)
        json.member("version", Version.number)
      }
      if let result = results.first, results.count == 1 {
        body(result, root)
        json.growths(growth)
        json.order(order, root)
      } else {
        json.array("images", results) { result in json.object { body(result, root) } }
        json.array("differences", differences) { row in
          json.row {
            json.member("subject", row.subject)
            json.array("values", [row.left, row.right]) { json.string($0) }
          }
        }
      }
    }
    json.end()
  }

  private func body(_ result: SuperpageResult, _ root: RepositoryRoot) {
    let plan = result.plan
    json.row("image") {
      json.member("file", plan.path.bytes)
      json.member("start", hex: plan.range.start)
      json.member("end", hex: plan.range.end)
      json.member("bytes", Int(truncatingIfNeeded: plan.range.byteCount))
    }
    json.member("pageSize", Int(truncatingIfNeeded: plan.pageSize.bytes))
    json.array("regions", plan.regions) { region in
      json.row {
        json.member("name", region.name)
        json.member("start", hex: region.range.start)
        json.member("end", hex: region.range.end)
        json.member("permissions", region.permissions?.description)
      }
    }
    if let groups = ContiguousGroups(plan) {
      json.row("contiguous") {
        json.member("size", Int(truncatingIfNeeded: groups.size.bytes))
        json.member("groups", Int(truncatingIfNeeded: groups.groups))
        json.member("pages", Int(truncatingIfNeeded: groups.pages))
        json.member("allPages", Int(truncatingIfNeeded: groups.allPages))
      }
    }
    json.array("frames", plan.frames) { frame in
      json.row {
        json.member("slot", Int(truncatingIfNeeded: frame.slot))
        json.member("start", hex: frame.range.start)
        json.member("end", hex: frame.range.end)
        json.array("regions", frame.regions) { json.string(plan.regions[$0].name) }
        json.member("permissions", frame.permissions?.description)
        json.member("mixed", frame.isMixed)
      }
    }
    json.row("slots") {
      json.member("first", Int(truncatingIfNeeded: plan.slots.first))
      json.member("last", Int(truncatingIfNeeded: plan.slots.last))
      json.member("count", Int(truncatingIfNeeded: plan.slots.count))
    }
    json.member("superpageMappable", plan.superpageMappable)
    load(plan.load)
    json.array("findings", result.findings) { json.finding($0, root) }
  }

  private func load(_ load: LoadPlan?) {
    guard let load else {
      json.member("load", nil as String?)
      return
    }
    json.row("load") {
      json.member("address", hex: load.address)
      json.member("naiveFirst", Int(truncatingIfNeeded: load.naiveFirst))
      json.member("naiveLast", Int(truncatingIfNeeded: load.naiveLast))
    }
  }
}
