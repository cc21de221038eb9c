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
  /// Why the script given does not count.
  let stale: StaleScript?

  var report: EvaluationReport { judged.report }

  /// The image's name for people: that of its first file.
  var name: String { judged.images[0].path.display }

  /// Every script with every image; maps alone where there is no script.
  static func all(
    scripts: [LoadedScript], _ groups: [ImageGroup], dialect: LinkerDialect, profile: String?
  ) throws -> [ExplanationSubject] {
    guard !groups.isEmpty else {
      throw ProgramError(
        "nothing to judge the script against: give the map or image that was linked with it",
        hint: "'lds-check lint' says what can be known before a link")
    }
    return try Judging.judge(scripts, groups, dialect: dialect).map { judged in
      guard let stale = StaleScript(judged) else {
        return ExplanationSubject(judged, profile: profile, dialect)
      }
      // The map knows what was linked; the script, as it was read here, is another one.
      let alone = judged.images.contains { $0.kind == .gnuMap }
      let subject =
        alone
        ? try Judging.judge([], [ImageGroup(judged.images)], dialect: dialect).first ?? judged
        : judged
      return ExplanationSubject(subject, profile: profile, dialect, stale: stale)
    }
  }

  init(
    _ judged: JudgedImage, profile: String?, _ dialect: LinkerDialect, stale: StaleScript? = nil
  ) {
    self.judged = judged
    self.stale = stale
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
}

/// A script that did not make the image, as it was read here: an assignment comes to something else.
struct StaleScript {
  /// The sentence.
  let message: String

  /// Nil if every assignment that can be known agrees with the image.
  init?(_ judged: JudgedImage) {
    let stale = judged.report.assignments.filter(\.isStale)
    guard let script = judged.script, let first = stale.first, let value = first.value,
      let imageValue = first.imageValue
    else { return nil }
    let more = stale.count == 1 ? "" : " (and \(stale.count - 1) more)"
    let isAlone = judged.images.contains { $0.kind == .gnuMap }
    message =
      "\(script.path.display), as it is preprocessed here, did not make "
      + "\(judged.images[0].path.display): '\(judged.report.program.names.string(first.symbol))' is "
      + "\(hexadecimal(imageValue)) there and would be \(hexadecimal(value)) by the script\(more)"
      + (isAlone ? "; explained from the map alone" : "")
  }
}
