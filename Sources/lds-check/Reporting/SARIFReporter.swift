// SARIF 2.1.0 (OASIS Standard, errata 01), in the part that GitHub code scanning and editors read.

import Constraints
import LdsParser

/// Writes a report as one SARIF run.
struct SARIFReporter {
  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  /// What relative URIs are relative to; consumers put the checkout there.
  private static let base = "%SRCROOT%"

  private let output: Output
  private let json: JSONWriter

  init(output: Output) {
    self.output = output
    json = JSONWriter(output)
  }

  func write(_ report: Report) {
    let kinds = SARIFRules.kinds(of: report)
    let indices = Dictionary(
      kinds.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    json.object {
      json.member("$schema", Self.schema)
      json.member("version", "2.1.0")
      json.array("runs", [report]) { report in
        json.object {
          writeTool(kinds)
          json.member("columnKind", "utf16CodeUnits")
          json.object("originalUriBaseIds") {
            json.object(Self.base) {
              json.object("description") { json.member("text", "The root of the repository.") }
            }
          }
          writeResults(report, indices)
        }
      }
    }
    json.end()
  }

  // MARK: Rules

  private func writeTool(_ kinds: [FindingKind]) {
    json.object("tool") {
      json.object("driver") {
        json.member("name", Version.name)
        json.member("version", Version.number)
        json.member("semanticVersion", Version.number)
        json.array("rules", kinds) { kind in
          json.object { writeRule(kind) }
        }
      }
    }
  }

  private func writeRule(_ kind: FindingKind) {
    json.member("id", kind.id)
    json.row("shortDescription") { json.member("text", kind.summary) }
    json.row("fullDescription") { json.member("text", kind.summary + " " + kind.rationale) }
    json.object("help") {
      json.member("text", kind.rationale + "\n\n" + kind.fix)
      json.member(
        "markdown", "**Why it matters.** \(kind.rationale)\n\n**What to do.** \(kind.fix)")
    }
    json.row("defaultConfiguration") { json.member("level", kind.severity.rawValue) }
    json.object("properties") {
      json.array("tags", ["linker-script"]) { json.string($0) }
    }
  }

  // MARK: Results

  private func writeResults(_ report: Report, _ indices: [String: Int]) {
    var fingerprints = FingerprintSequence(report.root)
    let results = report.findings.map { ($0, false) } + report.suppressed.map { ($0, true) }
    json.array("results", results) { finding, isSuppressed in
      json.object {
        json.member("ruleId", finding.rule)
        json.member("ruleIndex", indices[finding.rule])
        json.member("level", finding.severity.rawValue)
        json.row("message") { json.member("text", Self.text(of: finding, report)) }
        writeLocations(finding, report)
        writeFixes(finding, report.root)
        json.row("partialFingerprints") {
          json.member("ldsCheckSubject/v1", fingerprints.next(finding))
        }
        if isSuppressed { writeSuppression(finding) }
      }
    }
  }

  /// The message with the notes that have no place; the others are related locations.
  private static func text(of finding: ReportFinding, _ report: Report) -> String {
    let notes = finding.notes.filter { $0.place == nil }.map(\.message)
    return ([report.shown(finding).message] + notes + finding.help).joined(separator: "\n")
  }

  private func writeLocations(_ finding: ReportFinding, _ report: Report) {
    // GitHub refuses a result without a location.
    json.array("locations", [report.shown(finding).place]) { place in
      json.object { writePhysical(place, report.root) }
    }
    let related = finding.notes.filter { $0.place != nil }
    if related.isEmpty { return }
    json.array("relatedLocations", related.enumerated()) { index, note in
      json.object {
        json.member("id", index + 1)
        json.row("message") { json.member("text", note.message) }
        if let place = note.place { writePhysical(place, report.root) }
      }
    }
  }

  private func writePhysical(_ place: ReportPlace, _ root: RepositoryRoot) {
    json.object("physicalLocation") {
      writeArtifact(place.path, root)
      writeRegion("region", place)
    }
  }

  private func writeArtifact(_ path: FilePath, _ root: RepositoryRoot) {
    json.row("artifactLocation") {
      json.member("uri", root.uri(path))
      if root.relative(path) != nil { json.member("uriBaseId", Self.base) }
    }
  }

  /// A place without a line is the file: GitHub wants one all the same.
  private func writeRegion(_ key: String, _ place: ReportPlace) {
    json.row(key) {
      json.member("startLine", place.line ?? 1)
      let columns = place.utf16Columns
      if let start = columns.start { json.member("startColumn", start) }
      if let line = place.endLine { json.member("endLine", line) }
      if let end = columns.end { json.member("endColumn", end) }
    }
  }

  private func writeFixes(_ finding: ReportFinding, _ root: RepositoryRoot) {
    guard let first = finding.fixes.first else { return }
    var files: [FilePath] = []
    for fix in finding.fixes where !files.contains(fix.place.path) { files.append(fix.place.path) }
    json.array("fixes", [first]) { _ in
      json.object {
        json.row("description") { json.member("text", finding.help.first ?? finding.message) }
        json.array("artifactChanges", files) { file in
          json.object {
            writeArtifact(file, root)
            json.array("replacements", finding.fixes.filter { $0.place.path == file }) { fix in
              json.object {
                writeRegion("deletedRegion", fix.place)
                json.row("insertedContent") { json.member("text", fix.replacement) }
              }
            }
          }
        }
      }
    }
  }

  private func writeSuppression(_ finding: ReportFinding) {
    json.array("suppressions", [finding]) { finding in
      json.row {
        json.member("kind", "inSource")
        if let reason = finding.justification, !reason.isEmpty {
          json.member("justification", reason)
        }
      }
    }
  }
}

/// The rules of a run.
enum SARIFRules {
  /// Every kind there is, so that a consumer knows what was looked for, and kinds that only this report has.
  static func kinds(of report: Report) -> [FindingKind] {
    let known = ProgramFindings.everything
    let ids = Set(known.map(\.id))
    let others = Set((report.findings + report.suppressed).map(\.rule)).subtracting(ids)
    return known
      + others.sorted().map { id in
        FindingKind(id: id, summary: id, rationale: "", fix: "", severity: .warning)
      }
  }
}

extension ReportPlace {
  /// 1-based columns in UTF-16 code units, as SARIF and GitHub count: of the first byte, and after the last.
  var utf16Columns: (start: Int?, end: Int?) {
    guard let text else { return (column, endColumn) }
    let start = Self.units(text.buffer, text.line.lowerBound, text.bytes.lowerBound)
    let end = Self.units(text.buffer, text.lastLine.lowerBound, text.bytes.upperBound)
    return (start + 1, end + 1)
  }

  /// Code units in the bytes from `start` to `end`; what is not UTF-8 counts as decoders repair it.
  private static func units(_ buffer: SourceBuffer, _ start: Int, _ end: Int) -> Int {
    buffer.text(in: start..<max(start, end)).utf16.count
  }
}
