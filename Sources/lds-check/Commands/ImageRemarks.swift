// What is said on standard error of the files of images, beside findings.

import Constraints
import LdsParser

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
    if isQuiet { return }
    for remark in linkers?.remarks ?? [] {
      remarks.write("note: ", .note)
      remarks.line(ReportText.inline(remark))
    }
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
