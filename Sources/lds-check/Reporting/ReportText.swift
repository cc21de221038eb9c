// Pieces of text that several formats share: places, counts, the line at the end.

import Constraints
import LdsParser

/// Places as text.
enum ReportText {
  /// `  [bfd@2.40]`: the linkers that agree on a verdict, where others do not.
  static func agreeing(_ linkers: [LinkerDialect]) -> String {
    linkers.isEmpty ? "" : "  [\(linkers.map(\.description).joined(separator: ", "))]"
  }

  /// `xen/arch/x86/xen.lds.S:397:1`, as far as it is known; a byte of a binary file as `image:0x1000`. The path is
  /// relative to the repository, as CI wants it.
  static func place(_ place: ReportPlace, _ root: RepositoryRoot) -> String {
    text(place, root.shown(place.path))
  }

  /// The same as the file was named: seen from where the user stands, so that a terminal can open it.
  static func place(_ place: ReportPlace) -> String { text(place, place.path) }

  private static func text(_ place: ReportPlace, _ path: FilePath) -> String {
    var text = inline(DisplayText.escape(path.bytes))
    if let line = place.line {
      text += ":\(line)"
      if let column = place.column { text += ":\(column)" }
    } else if let offset = place.offset {
      text += ":0x" + String(offset, radix: 16)
    }
    return text
  }

  /// `text` on one line: a line end in a name from a file must not start a line of ours.
  static func inline(_ text: String) -> String {
    guard text.utf8.contains(0x0A) else { return text }
    return String(text.flatMap { $0.isNewline ? "<0a>" : String($0) })
  }
}

/// The counts at the end of a report.
enum ReportSummary {
  /// `1 error`, `2 errors`
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// `2 errors, 1 warning; 23 ASSERTs hold, 2 fail; 3 known findings, 1 suppressed`
  static func line(_ report: Report) -> String {
    var parts: [String] = []
    let findings = Severity.allCases.reversed()
      .map { ($0, report.count($0)) }.filter { $0.1 > 0 }
      .map { counted($1, $0.rawValue) }
    parts.append(findings.isEmpty ? "no findings" : findings.joined(separator: ", "))
    if !report.assertions.isEmpty {
      parts.append(verdicts(report))
    } else if report.kind == .eval {
      parts.append("no ASSERT to judge")
    }
    if let proved = proofs(report) { parts.append(proved) }
    let hidden = [
      report.knownCount > 0 ? "\(report.knownCount) in the baseline" : nil,
      report.suppressed.isEmpty ? nil : "\(report.suppressed.count) suppressed",
    ].compactMap { $0 }
    if !hidden.isEmpty { parts.append(hidden.joined(separator: ", ")) }
    return parts.joined(separator: "; ")
  }

  /// `25 ASSERTs: 11 always hold, 14 depend on the objects`
  private static func proofs(_ report: Report) -> String? {
    guard !report.proofs.isEmpty else { return nil }
    let words: [(ReportProof.Verdict, one: String, many: String)] = [
      (.alwaysHolds, "always holds", "always hold"), (.neverHolds, "never holds", "never hold"),
      (.depends, "depends on the objects", "depend on the objects"),
    ]
    let counts = words.compactMap { verdict, one, many -> String? in
      let count = report.proofs.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
    }
    let hint = report.proofDetail == .counted ? " (--proofs says why)" : ""
    return counted(report.proofs.count, "ASSERT") + ": " + counts.joined(separator: ", ") + hint
  }

  private static func verdicts(_ report: Report) -> String {
    let holds = report.count(.holds)
    // Of memory, budgets and constraints are judged.
    var text =
      counted(
        holds,
        report.kind == .memory
          ? "limit" : report.assertions.allSatisfy(\.isConstraint) ? "constraint" : "ASSERT")
      + (holds == 1 ? " holds" : " hold")
    let fails = report.count(.fails)
    if fails > 0 { text += ", \(fails) \(fails == 1 ? "fails" : "fail")" }
    let undecided = report.count(.undecided)
    if undecided > 0 { text += ", \(undecided) undecided" }
    return text
  }
}
