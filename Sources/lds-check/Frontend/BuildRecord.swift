// One build as a line of the history: what any tool can plot, and `diff` reads.
//
//     {"image":"xen-syms","end":"0xffff82d040946e20","holds":25,"fails":0,"undecided":0,
//      "headroom":[{"message":"kexec_reloc is too large","left":3560,"total":4096}]}     (on one line)

import Constraints
import LdsParser

/// One line of a history.
struct BuildRecord {
  let image: String
  let report: EvaluationReport
  let headroom: [Headroom]

  /// The line with its line feed.
  var line: String {
    var parts = ["\"image\":\(Self.quoted(image))"]
    for (name, verdict) in [
      ("holds", Verdict.holds), ("fails", .fails), ("undecided", .undecided),
    ] {
      parts.append("\"\(name)\":\(report.assertions.count { $0.verdict == verdict })")
    }
    let ends = report.evidence.sections.compactMap { section in
      section.vma.flatMap { vma in
        section.size.flatMap { vma != 0 && $0 > 0 ? vma &+ $0 : nil }
      }
    }
    parts.append("\"end\":\(ends.max().map { "\"\(hexadecimal($0))\"" } ?? "null")")
    let rows = headroom.map { row in
      "{\"message\":\(Self.quoted(String(decoding: row.message, as: UTF8.self))),"
        + "\"left\":\(row.left),\"total\":\(row.total.map(String.init) ?? "null")}"
    }
    parts.append("\"headroom\":[\(rows.joined(separator: ","))]")
    return "{\(parts.joined(separator: ","))}\n"
  }

  private static func quoted(_ text: String) -> String {
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
