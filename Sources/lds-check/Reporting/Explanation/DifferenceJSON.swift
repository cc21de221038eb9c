// Differences of two images as JSON.
//
//     {"tool":…,"old":"…","new":"…","assertions":[{"message":"…","before":"holds","now":"fails"}],"headroom":[…],
//      "superpages":[…],"sectionsMoved":[…],"sectionsResized":[…],"symbols":[{"name":"…","before":"0x…","now":"0x…"}]}

import Constraints
import LdsParser

/// Writes differences.
struct DifferenceJSON {
  let json: JSONWriter

  func write(_ difference: ImageDifference, old: FilePath, new: FilePath) {
    json.object {
      json.tool()
      json.member("old", old.bytes)
      json.member("new", new.bytes)
      members(difference)
    }
    json.end()
  }

  /// Differences between builds of a history.
  func write(_ trends: [BuildTrend], history: FilePath) {
    json.object {
      json.tool()
      json.member("history", history.bytes)
      json.key("trends")
      json.array {
        for trend in trends {
          json.object {
            json.member("image", trend.image)
            json.member("since", trend.since)
            json.member("which", trend.which)
            json.member("builds", trend.builds)
            members(trend.difference)
          }
        }
      }
    }
    json.end()
  }

  private func members(_ difference: ImageDifference) {
    json.array("assertions", difference.verdicts) { change in
      json.row {
        json.member("message", change.message)
        json.member("before", change.before?.rawValue)
        json.member("now", change.now?.rawValue)
      }
    }
    json.array("headroom", difference.headroom) { change in
      json.row {
        json.member("message", change.message)
        json.member("bound", change.bound)
        json.member("before", change.before.map { Int($0.left) })
        json.member("now", change.now.map { Int($0.left) })
      }
    }
    json.array("superpages", difference.plan) { row in
      json.row {
        json.member("subject", row.subject)
        json.member("before", row.left)
        json.member("now", row.right)
      }
    }
    changes("sectionsMoved", difference.moved)
    changes("sectionsResized", difference.resized)
    changes("symbols", difference.symbols)
    changes("unlistedSymbols", difference.unlisted)
    json.array("sizes", difference.sizes) { change in
      json.row {
        json.member("kind", change.kind.rawValue)
        json.member("name", change.name)
        json.member("before", change.before.map { Int(clamping: $0) })
        json.member("now", change.now.map { Int(clamping: $0) })
      }
    }
  }

  private func changes(_ key: String, _ changes: [ValueChange]) {
    json.array(key, changes) { change in
      json.row {
        json.member("name", change.name)
        json.member("before", hex: change.before)
        json.member("now", hex: change.now)
      }
    }
  }
}
