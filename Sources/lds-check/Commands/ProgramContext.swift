// What a command works with: where results and remarks go, and how they look.

import Constraints
import LdsParser

/// The surroundings of one run.
struct ProgramContext {
  /// The result: standard output, or the file of `--output`.
  let output: Output
  /// Every form of the report that was asked for; nil for a command that has no report.
  private let reports: ReportOutput?
  private let colour: ColourChoice
  /// Errors of input and other remarks: standard error.
  let errors: Output
  /// Text on ``output``.
  let report: TextWriter
  /// Text on ``errors``.
  let remarks: TextWriter
  /// `--quiet`
  let isQuiet: Bool

  /// Opens what the options ask for.
  ///
  /// - Parameter writesReports: whether `--output` takes `FORMAT=FILE`.
  init(_ arguments: ParsedArguments, writesReports: Bool) throws {
    if writesReports {
      let reports = try ReportOutput(try OutputPlan(arguments))
      self.reports = reports
      output = reports.main
    } else {
      reports = nil
      let path = arguments.path(.output)
      if let path, path.bytes != [UInt8(ascii: "-")] {
        output = try Output(file: path)
      } else {
        output = Output(.output)
      }
    }
    errors = Output(.error)
    colour = arguments.choice(.color, default: ColourChoice.auto)
    report = TextWriter(output: output, colour)
    remarks = TextWriter(output: errors, colour)
    isQuiet = arguments.has(.quiet)
  }

  /// The same with results among the remarks.
  var speakingOfErrors: ProgramContext { ProgramContext(remarksOf: self) }

  private init(remarksOf other: ProgramContext) {
    output = other.errors
    reports = nil
    colour = other.colour
    errors = other.errors
    report = other.remarks
    remarks = other.remarks
    isQuiet = other.isQuiet
  }

  /// Writes a report in every form that was asked for; without the first one if ``output`` has something
  /// else.
  func write(_ report: Report, hasMain: Bool = true) throws(OutputError) {
    try reports?.write(report, colour: colour, isQuiet: isQuiet, hasMain: hasMain)
  }

  /// Puts what was written in its place.
  func finish() throws(OutputError) {
    try output.finish()
    try reports?.finishOthers()
    errors.flush()
  }

  /// Leaves every file as it was.
  func abandon() {
    output.abandon()
    reports?.abandonOthers()
  }

  /// Says on standard error what is wrong with the input; false if `error` is of another kind.
  func explain(_ error: any Error) -> Bool {
    switch error {
    case let error as InputError:
      DiagnosticPrinter(writer: remarks).write(error.reason, path: error.path)
    case let error as RefusedFile:
      DiagnosticPrinter(writer: remarks)
        .write(error.diagnostics, in: error.sources, of: error.path)
    case let error as SessionError: complain(error.message, hint: error.hint)
    case let error as ProgramError: complain(error.message, hint: error.hint)
    default: return false
    }
    return true
  }

  private func complain(_ message: String, hint: String?) {
    remarks.write("\(Version.name): ", .bold)
    remarks.write("error: ", .error)
    remarks.line(message)
    guard let hint else { return }
    remarks.write("hint: ", .note)
    remarks.line(hint)
  }
}

// What is said on standard error of the files of images, beside findings.
extension ProgramContext {
  /// Says of files that lines of them were passed over, and of two images which look as if one was meant that they
  /// are judged as two.
  func remark(on groups: [ImageGroup]) {
    for image in groups.flatMap(\.images) { warnOfUnknownLines(image) }
    if isQuiet { return }
    for (left, right) in ImageGroup.strangers(among: groups) {
      remarks.write("note: ", .note)
      remarks.line(
        "\(left.path.display) and \(right.path.display) are taken for two images: most symbols that both "
          + "have differ in value")
    }
  }

  /// Says which linker was taken, where that is not what everybody would take.
  func remark(on linkers: ChosenLinkers?) {
    for text in linkers?.remarks ?? [] { remark(text) }
  }

  /// Says one thing that a reader of the result has to know.
  func remark(_ text: String) {
    if isQuiet { return }
    remarks.write("note: ", .note)
    remarks.line(ReportText.inline(text))
  }

  /// The same, and where files contradict each other: for a command without findings of its own.
  func warn(of groups: [ImageGroup]) {
    remark(on: groups)
    for finding in groups.flatMap(\.findings) {
      remarks.write("warning: ", .warning)
      remarks.line(ReportText.inline(finding.message))
      if isQuiet { continue }
      for note in finding.notes {
        remarks.write("  note: ", .note)
        remarks.line(ReportText.inline(note.message))
      }
    }
  }

  /// A line that no linker writes may stand for others, such as `[... 200 lines ...]` in a log.
  private func warnOfUnknownLines(_ image: Image) {
    guard let span = image.diagnostics.first(where: { $0.id == .unknownLine })?.span else {
      return
    }
    let count = image.unknownLineCount
    remarks.write("warning: ", .warning)
    remarks.line(
      "\(image.path.display): \(count) \(count == 1 ? "line is" : "lines are") in no known form, the first of them line "
        + "\(image.sources.position(of: span).line); an ASSERT, a section or a symbol may be missing"
    )
  }
}
