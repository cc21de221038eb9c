// The formats a report can have, and the one way to write any of them.

/// The values of `--format`, and the words before `=` in `--output FORMAT=FILE`.
enum ReportFormat: String, CaseIterable, Sendable {
  case text, json, sarif, gitlab, github, junit

  /// Writes `report` in this format.
  func write(_ report: Report, to writer: TextWriter, isQuiet: Bool) {
    switch self {
    case .text: TextReporter(writer: writer, isQuiet: isQuiet).write(report)
    case .json: JSONReporter(output: writer.output).write(report)
    case .sarif: SARIFReporter(output: writer.output).write(report)
    case .gitlab: GitLabReporter(output: writer.output).write(report)
    case .github: GitHubReporter(output: writer.output).write(report)
    case .junit: JUnitReporter(output: writer.output).write(report)
    }
  }
}
