// The images that were given, each with its files: which belong together, where they contradict each other,
// and which look as if they were meant to belong together and do not.

import Constraints
import LdsParser

/// The files of one image.
struct ImageGroup {
  /// In the order given.
  let images: [Image]
  /// Where they contradict each other.
  let contradictions: Contradictions

  init(_ images: [Image]) {
    self.images = images
    contradictions = Contradictions(images)
  }

  /// What the contradictions are told as.
  var findings: [Finding] { EvidenceConflict.findings(contradictions, of: images) }

  /// What the contradictions of one of the files with better informed ones are told as.
  func findings(about image: Image) -> [Finding] {
    zip(contradictions.pairs, findings).filter { images[$0.0.second].path == image.path }.map(\.1)
  }

  /// The verdicts that hold whichever part of the files is right; `judge` gives those of one part.
  func confirmed(_ judge: ([Image]) -> EvaluationReport) -> EvaluationReport {
    let parts = contradictions.parts.map { $0.map { images[$0] } }
    var report = judge(parts.first ?? [])
    for part in parts.dropFirst() { report.retractUnlessConfirmed(by: judge(part)) }
    return report
  }

  /// The images that `images` describe.
  static func all(_ images: [Image]) -> [ImageGroup] {
    ImageEvidence.grouping(images).map { group in ImageGroup(group.map { images[$0] }) }
  }

  /// Says of files that lines of them were passed over, and of two images which look as if one was meant that they
  /// are judged as two: one has what the other lacks, and both were linked from the same objects.
  static func remark(on groups: [ImageGroup], _ context: ProgramContext) {
    for image in groups.flatMap(\.images) { warnOfUnknownLines(image, context) }
    if context.isQuiet { return }
    for (index, second) in groups.enumerated() {
      for first in groups[..<index] {
        guard let (left, right) = first.stranger(second) else { continue }
        context.remarks.write("note: ", .note)
        context.remarks.line(
          "\(left.path.display) and \(right.path.display) are taken for two images: most symbols that both "
            + "have differ in value")
      }
    }
  }

  /// A line that no linker writes may stand for others, such as `[... 200 lines ...]` in a log.
  private static func warnOfUnknownLines(_ image: Image, _ context: ProgramContext) {
    guard let span = image.diagnostics.first(where: { $0.id == "unknown-line" })?.span else {
      return
    }
    let count = image.unknownLineCount
    context.remarks.write("warning: ", .warning)
    context.remarks.line(
      "\(image.path.display): \(count) \(count == 1 ? "line is" : "lines are") in no known form, the first of them line "
        + "\(image.sources.position(of: span).line); an ASSERT, a section or a symbol may be missing"
    )
  }

  /// A file of each that would complete the other, if they were of one link.
  private func stranger(_ other: ImageGroup) -> (Image, Image)? {
    for left in images {
      for right in other.images where ImageEvidence.areOfOneProgram(left, right) {
        return (left, right)
      }
    }
    return nil
  }
}

extension ImageGroup {
  /// Says on standard error what a command without findings of its own has to say of its input.
  static func warn(of groups: [ImageGroup], _ context: ProgramContext) {
    remark(on: groups, context)
    for finding in groups.flatMap(\.findings) {
      context.remarks.write("warning: ", .warning)
      context.remarks.line(ReportText.inline(finding.message))
      if context.isQuiet { continue }
      for note in finding.notes {
        context.remarks.write("  note: ", .note)
        context.remarks.line(ReportText.inline(note.message))
      }
    }
  }
}
