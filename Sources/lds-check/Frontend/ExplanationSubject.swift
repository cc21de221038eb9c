// What is explained: one script, or one map, against the files of one image.

import Constraints
import LdsParser

/// One program with the evidence of one image.
struct ExplanationSubject {
  /// The script; nil where the map speaks for it.
  let script: LoadedScript?
  /// Every file of the image.
  let images: [Image]
  let report: EvaluationReport
  /// The map among the files.
  let map: Image?
  let plan: SuperpagePlan?
  let dialect: LinkerDialect

  /// Every script with every image; maps alone where there is no script.
  static func all(
    of inputs: LoadedInputs, _ arguments: ParsedArguments
  ) throws -> [ExplanationSubject] {
    let dialect = arguments.choice(.linker, default: LinkerDialect.bfd)
    let profile = arguments.value(.profile)
    let groups = ImageEvidence.grouping(inputs.images).map { $0.map { inputs.images[$0] } }
    guard !groups.isEmpty else {
      throw ProgramError(
        "nothing to judge the script against: give the map or image that was linked with it",
        hint: "'lds-check lint' says what can be known before a link")
    }
    if inputs.scripts.isEmpty {
      return try groups.map { images in
        guard let map = images.first(where: { $0.kind == .gnuMap }) else {
          throw ProgramError(
            "\(images[0].path.display): only a map of GNU ld lists ASSERTs: give the linker script too"
          )
        }
        return ExplanationSubject(
          script: nil, program: Constraints.Program(map: map), images: images, profile, dialect)
      }
    }
    return inputs.scripts.flatMap { script in
      groups.map { images in
        ExplanationSubject(
          script: script, program: Constraints.Program(script.script), images: images, profile,
          dialect)
      }
    }
  }

  init(
    script: LoadedScript?, program: Constraints.Program, images: [Image], _ profile: String?,
    _ dialect: LinkerDialect
  ) {
    self.script = script
    self.images = images
    self.dialect = dialect
    report = EvaluationReport(
      program, evidence: Evidence(images, for: program), dialect: dialect)
    map = images.first { $0.kind == .gnuMap } ?? images.first { !$0.inputSections.isEmpty }
    plan = images.lazy.compactMap { Self.plan($0, profile) }.first
  }

  /// A plan is a help here, not the subject: an image without one is explained all the same.
  private static func plan(_ image: Image, _ profile: String?) -> SuperpagePlan? {
    guard let mapped = try? MappingProfiles.apply(profile, to: image) else { return nil }
    return try? SuperpagePlan(image, mapped: mapped)
  }

  /// The image's name for people: that of its first file.
  var name: String { images[0].path.display }
}
