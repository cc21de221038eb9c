// A report on its way out: every form that was asked for, each whole or not at all.

import LdsParser

/// The outputs of one run.
struct ReportOutput {
  /// One form and its stream.
  struct Stream {
    let format: ReportFormat
    let output: Output
  }

  private let streams: [Stream]
  /// The output of the command: that of the first form.
  let main: Output

  /// Opens every file of `plan`.
  init(_ plan: OutputPlan) throws(OutputError) {
    var streams: [Stream] = []
    for target in plan.targets {
      let output = try target.path.map(Output.init(file:)) ?? Output(.output)
      streams.append(Stream(format: target.format, output: output))
    }
    self.streams = streams
    main = streams.first?.output ?? Output(.output)
  }

  /// Writes `report` in every form.
  ///
  /// - Parameter hasMain: whether the first form is written too; a command may have a picture there.
  func write(
    _ report: Report, colour: ColourChoice, isQuiet: Bool, hasMain: Bool
  ) throws(OutputError) {
    for stream in hasMain ? streams[...] : streams.dropFirst() {
      let writer = TextWriter(output: stream.output, colour)
      stream.format.write(report, to: writer, isQuiet: isQuiet)
    }
    let summary = Terminal.environment("GITHUB_STEP_SUMMARY") ?? ""
    if !summary.isEmpty, streams.contains(where: { $0.format == .github }) {
      try StepSummary(report: report).append(to: FilePath(summary))
    }
  }

  /// Puts every file but that of ``main`` in its place.
  func finishOthers() throws(OutputError) {
    for stream in streams.dropFirst() { try stream.output.finish() }
  }

  /// Leaves every file but that of ``main`` as it was.
  func abandonOthers() {
    for stream in streams.dropFirst() { stream.output.abandon() }
  }
}

extension StepSummary {
  /// Adds the text to a file to which earlier commands of the step may have written.
  func append(to path: FilePath) throws(OutputError) {
    do {
      let descriptor = try SystemCalls.openForAppending(path)
      defer { SystemCalls.close(descriptor) }
      try SystemCalls.write(Array(text().utf8)[...], to: descriptor)
    } catch {
      throw OutputError(target: path.display, reason: error)
    }
  }
}
