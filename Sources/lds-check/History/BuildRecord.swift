// One build as a line of the history: what any tool can plot, and `diff` reads.
//
//     {"image":"xen-syms","label":"c447b7308b","date":"2026-11-27T08:15:00Z","end":"0xffff82d040946e20","holds":25,"fails":0,"undecided":0,"failing":[],
//      "headroom":[{"message":"kexec_reloc is too large","bound":"…","left":3560,"total":4096}]}     (on one line)

import Constraints
import LdsParser

/// One line of a history.
struct BuildRecord {
  let build: BuildSummary
  /// How full the regions are, where the files tell.
  var memory: MemoryRecord?

  /// The line with its line feed.
  var line: String {
    var parts = ["\"image\":\(Self.quoted(build.image))"]
    if let label = build.label { parts.append("\"label\":\(Self.quoted(label))") }
    if let date = build.date { parts.append("\"date\":\(Self.quoted(date))") }
    for (name, count) in [
      ("holds", build.holds), ("fails", build.fails), ("undecided", build.undecided),
    ] {
      parts.append("\"\(name)\":\(count)")
    }
    if let failing = build.failing {
      parts.append("\"failing\":[\(failing.map(Self.quoted).joined(separator: ","))]")
    }
    parts.append("\"end\":\(build.end.map { "\"\(hexadecimal($0))\"" } ?? "null")")
    let rows = build.headroom.map { row in
      "{\"message\":\(Self.quoted(row.message)),\"bound\":\(Self.quoted(row.bound)),"
        + "\"left\":\(row.left),\"total\":\(row.total.map(String.init) ?? "null")}"
    }
    parts.append("\"headroom\":[\(rows.joined(separator: ","))]")
    if let memory { parts.append(memory.members) }
    return "{\(parts.joined(separator: ","))}\n"
  }

  static func quoted(_ bytes: [UInt8]) -> String {
    quoted(String(decoding: bytes, as: UTF8.self))
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
