// Findings as JSON, the same for every command.
//
//     {"rule":"superpage-boundary","severity":"error","message":"…","file":"…","line":1,"column":1,"notes":[…]}

import Constraints
import LdsParser

extension JSONWriter {
  /// A member that is an array of findings; `sources` is where their spans point.
  func findings(_ key: String, _ findings: [Finding], sources: SourceSet) {
    array(key, findings) { finding in
      object {
        member("rule", finding.rule)
        member("severity", finding.severity.rawValue)
        member("message", finding.message)
        place(finding.place, sources)
        array("notes", finding.notes) { note in
          row {
            member("message", note.message)
            place(note.place, sources)
          }
        }
      }
    }
  }

  /// `file`, `line` and `column`; null where there is none.
  private func place(_ place: FindingPlace, _ sources: SourceSet) {
    switch place {
    case .source(let span):
      let position = sources.position(of: span)
      member("file", position.path.bytes)
      member("line", position.line)
      member("column", position.column)
    case .image(let path, let line, _):
      member("file", path.bytes)
      member("line", line)
      member("column", line == nil ? nil : 1)
    case .none:
      member("file", nil as String?)
      member("line", nil as Int?)
      member("column", nil as Int?)
    }
  }
}
