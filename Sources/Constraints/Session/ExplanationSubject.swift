// What is explained: one script, or one map, judged against the files of one image.

public import LdsParser

/// A judged image with what explanations look at beside the verdicts.
public struct ExplanationSubject: Sendable {
  /// The verdicts.
  public let judged: JudgedImage
  /// The map among the files.
  public let map: Image?
  /// The pages of the image, where they can be told.
  public let plan: SuperpagePlan?
  /// The linker whose verdicts they are.
  public let dialect: LinkerDialect
  /// Name of the profile asked for; nil for the one that fits.
  let profile: String?
  /// Why the script given does not count.
  public let stale: StaleScript?

  /// The verdicts.
  public var report: EvaluationReport { judged.report }

  /// The image's name for people: that of its first file.
  public var name: String { judged.images.first?.path.display ?? "" }

  init(
    _ judged: JudgedImage, profile: String?, _ dialect: LinkerDialect, stale: StaleScript? = nil
  ) {
    self.judged = judged
    self.stale = stale
    self.profile = profile
    self.dialect = dialect
    let images = judged.images
    map = images.first { $0.kind.tells(.statements) } ?? images.first { !$0.inputSections.isEmpty }
    plan = images.lazy.compactMap { Self.plan($0, profile) }.first
  }

  /// A plan is a help here, not the subject: an image without one is explained all the same.
  private static func plan(_ image: Image, _ profile: String?) -> SuperpagePlan? {
    guard let mapped = try? MappingProfiles.apply(profile, to: image) else { return nil }
    return try? SuperpagePlan(image, mapped: mapped)
  }
}

extension Session {
  /// Every script with every image; maps alone where there is no script, and nothing for an image that only
  /// constraints say something of.
  ///
  /// `profile` names the mapping of images; nil for the one that their symbols suggest.
  ///
  /// - Throws: there is no image, or an image without a script is no map that lists ASSERTs.
  public func subjects(
    profile: String? = nil
  ) throws(SessionError) -> [ExplanationSubject] {
    guard !groups.isEmpty else { throw .noImage }
    var subjects: [ExplanationSubject] = []
    for judged in try judgeAssertions() {
      let stale = StaleScript(judged)
      // The map knows what was linked; the script, as it was read here, is another one.
      let isAlone = stale != nil && judged.images.contains { $0.kind.tells(.statements) }
      let alone =
        isAlone ? Session(images: judged.images, dialect: dialect, settings: settings) : nil
      subjects.append(
        ExplanationSubject(
          try alone?.judgeMaps().first ?? judged, profile: profile, dialect, stale: stale))
    }
    return subjects
  }

  /// Every image with the constraints of the configuration.
  public func constraintSubjects(profile: String? = nil) -> [ExplanationSubject] {
    groups.isEmpty
      ? []
      : judgeConstraints().map { ExplanationSubject($0, profile: profile, dialect) }
  }
}

/// A script that did not make the image, as it was read here: an assignment comes to something else.
public struct StaleScript: Sendable {
  /// The sentence.
  public let message: String

  /// Nil if every assignment that can be known agrees with the image.
  init?(_ judged: JudgedImage) {
    let stale = judged.report.assignments.filter(\.isStale)
    guard let script = judged.script, let first = stale.first, let value = first.value,
      let imageValue = first.imageValue
    else { return nil }
    let more = stale.count == 1 ? "" : " (and \(stale.count - 1) more)"
    let isAlone = judged.images.contains { $0.kind.tells(.statements) }
    message =
      "\(script.path.display), as it is preprocessed here, did not make "
      + "\(judged.images.first?.path.display ?? ""): '\(judged.report.program.names.string(first.symbol))' is "
      + "\(hexadecimal(imageValue)) there and would be \(hexadecimal(value)) by the script\(more)"
      + (isAlone ? "; explained from the map alone" : "")
  }
}
