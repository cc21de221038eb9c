// What is explained: one script, or one map, judged against the files of one image.

import Constraints
import LdsParser

/// A judged image with what explanations look at beside the verdicts.
struct ExplanationSubject {
  let judged: JudgedImage
  /// The map among the files.
  let map: Image?
  let plan: SuperpagePlan?
  let dialect: LinkerDialect

  var report: EvaluationReport { judged.report }

  /// The image's name for people: that of its first file.
  var name: String { judged.images[0].path.display }

  /// Every script with every image; maps alone where there is no script.
  static func all(
    of inputs: LoadedInputs, dialect: LinkerDialect, profile: String?
  ) throws(ProgramError) -> [ExplanationSubject] {
    guard !inputs.images.isEmpty else {
      throw ProgramError(
        "nothing to judge the script against: give the map or image that was linked with it",
        hint: "'lds-check lint' says what can be known before a link")
    }
    return try Judging.judge(inputs, dialect: dialect).map {
      ExplanationSubject($0, profile: profile, dialect)
    }
  }

  init(_ judged: JudgedImage, profile: String?, _ dialect: LinkerDialect) {
    self.judged = judged
    self.dialect = dialect
    let images = judged.images
    map = images.first { $0.kind == .gnuMap } ?? images.first { !$0.inputSections.isEmpty }
    plan = images.lazy.compactMap { Self.plan($0, profile) }.first
  }

  /// A plan is a help here, not the subject: an image without one is explained all the same.
  private static func plan(_ image: Image, _ profile: String?) -> SuperpagePlan? {
    guard let mapped = try? MappingProfiles.apply(profile, to: image) else { return nil }
    return try? SuperpagePlan(image, mapped: mapped)
  }

  /// The assignments that prove that the image was not made by this script.
  var staleSymbols: [String] {
    report.assignments.filter(\.isStale).map { report.program.names.string($0.symbol) }
  }
}
