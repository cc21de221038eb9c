// Where results go: one form to standard output or a file, and any number of others to files of their own.
//
//     --format sarif -o a.sarif
//     --output sarif=a.sarif --output gitlab=b.json        and text to standard output

import LdsParser

/// What `--format` and `--output` ask for.
struct OutputPlan: Equatable {
  /// A form of the report and where it goes.
  struct Target: Equatable {
    let format: ReportFormat
    /// Nil for standard output.
    let path: FilePath?
  }

  /// Every target; the first is what the command writes by itself.
  let targets: [Target]

  /// Reads the options of a command that writes reports.
  init(_ arguments: ParsedArguments) throws(UsageError) {
    try self.init(format: arguments.value(.format), outputs: arguments.all(.output))
  }

  init(format: String?, outputs: [[UInt8]]) throws(UsageError) {
    var plain: FilePath?
    var named: [Target] = []
    for value in outputs {
      if let target = try Self.target(value) {
        named.append(target)
      } else if plain == nil {
        plain = FilePath(bytes: value)
      } else {
        throw .badValue(
          option: "--output", value: FilePath(bytes: value).display,
          reason: "a second file wants FORMAT= before it, such as sarif=FILE")
      }
    }
    let main = Target(
      format: format.flatMap(ReportFormat.init) ?? .text, path: Self.file(plain))
    // Who sends one form to standard output, and asks for nothing else, does not want text there, too.
    let isTaken = named.contains { $0.path == nil } && format == nil && plain == nil
    targets = isTaken ? named : [main] + named
    try checkDistinct()
  }

  /// `sarif=a.sarif`; nil for the name of a file. A file whose name looks so is `./sarif=a.sarif`.
  private static func target(_ value: [UInt8]) throws(UsageError) -> Target? {
    guard let equals = value.firstIndex(of: UInt8(ascii: "=")),
      !value[..<equals].contains(UInt8(ascii: "/"))
    else { return nil }
    let word = String(decoding: value[..<equals], as: UTF8.self)
    guard let format = ReportFormat(rawValue: word) else {
      let formats = ReportFormat.allCases.map(\.rawValue)
      let hint = Suggestion.nearest(to: word, among: formats).map { "; did you mean '\($0)'?" }
      let name = FilePath(bytes: value).display
      throw .badValue(
        option: "--output", value: name,
        reason: "'\(word)' is no format, expected one of \(formats.joined(separator: ", "))"
          + (hint ?? "; a file of this name is './\(name)'"))
    }
    return Target(format: format, path: file(FilePath(bytes: Array(value[(equals + 1)...]))))
  }

  /// The file, nil where standard output is meant.
  private static func file(_ path: FilePath?) -> FilePath? {
    path?.bytes == [UInt8(ascii: "-")] ? nil : path
  }

  private func checkDistinct() throws(UsageError) {
    for (index, target) in targets.enumerated()
    where targets[..<index].contains(where: { $0.path == target.path }) {
      let place = target.path.map { "'\($0.display)'" } ?? "standard output"
      throw .badValue(
        option: "--output", value: target.format.rawValue,
        reason: "\(place) is already taken by another format")
    }
  }
}

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
