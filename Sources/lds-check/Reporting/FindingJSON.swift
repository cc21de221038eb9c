// Findings as JSON, the same for every command.
//
//     {"rule":"superpage-boundary","severity":"error","message":"…","file":"…","line":1,"column":1,"notes":[…]}

import LdsParser

extension JSONWriter {
  /// A finding as an object; paths are shown relative to `root`.
  func finding(_ finding: ReportFinding, _ root: RepositoryRoot) {
    object {
      member("rule", finding.rule)
      member("severity", finding.severity.rawValue)
      member("message", finding.message)
      place(finding.place, root)
      array("notes", finding.notes) { note in
        row {
          member("message", note.message)
          place(note.place, root)
        }
      }
      if !finding.help.isEmpty { array("help", finding.help) { string($0) } }
    }
  }

  /// `file`, `line` and `column`; null where there is none.
  func place(_ place: ReportPlace?, _ root: RepositoryRoot, hasColumn: Bool = true) {
    member("file", place.map { root.shown($0.path).bytes })
    member("line", place?.line)
    if hasColumn { member("column", place?.column) }
  }
}
