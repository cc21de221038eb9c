// Which rule an edit breaks: what it finds in the edited script, and in the image that it would give, and did not find
// before.

internal import LdsParser

/// Runs the rules over edited scripts, and compares.
struct MendRules {
  private struct Key: Hashable {
    var rule: String
    var subject: String
  }

  private let dialect: LinkerDialect
  private let profile: String?
  private let image: Image?
  private let checker: MendChecker
  private let before: [Key: Int]

  init(_ subject: ExplanationSubject, _ script: LoadedScript, _ checker: MendChecker) {
    dialect = subject.dialect
    profile = subject.profile
    self.checker = checker
    image = subject.judged.images.first { $0.kind == .elf || $0.kind == .pe }
    before = Self.counts(
      Self.findings(script, image, subject.profile, subject.dialect))
  }

  /// What rules say with an edit.
  struct Effect {
    /// What one says of the edited script and did not say before: why the edit is not offered. Notes do not count.
    var obstacle: String?
    /// Errors that the edit leaves as they were.
    var remaining: [(subject: String, text: String)] = []
  }

  /// What rules say of the script and of the image after an edit.
  func effect(of edited: LoadedScript, _ program: Program) -> Effect {
    let new = image.flatMap { checker.image($0, under: program) }
    var left = before
    var effect = Effect()
    for finding in Self.findings(edited, new, profile, dialect) {
      let key = Key(rule: finding.rule, subject: finding.subject)
      left[key, default: 0] -= 1
      // A message alone says "this ASSERT" of another one than the edit is for.
      let text =
        finding.subject.isEmpty || finding.message.includes(finding.subject)
        ? "\(finding.message) (\(finding.rule))"
        : "'\(finding.subject)': \(finding.message) (\(finding.rule))"
      if left[key, default: 0] < 0 {
        effect.obstacle = effect.obstacle ?? text
      } else if finding.severity == .error {
        effect.remaining.append((finding.subject, text))
      }
    }
    return effect
  }

  /// What the image grows by with an edit; nil where it cannot be laid out again to the byte.
  func cost(of program: Program) -> MendCost? {
    guard let image, let edited = checker.image(image, under: program),
      let old = LoadedSection.all(of: image).map(\.range.end).max(),
      let new = LoadedSection.all(of: edited).map(\.range.end).max()
    else { return nil }
    guard let before = Self.plan(image, profile), let after = Self.plan(edited, profile) else {
      return MendCost(bytes: Int64(bitPattern: new &- old))
    }
    // What is mapped may end behind the last section.
    let isDeclared = before.mapped.hasDeclaredBoundaries
    let bytes = isDeclared ? after.range.end &- before.range.end : new &- old
    return MendCost(
      slots: Int(truncatingIfNeeded: Int64(bitPattern: after.slots.count &- before.slots.count)),
      bytes: Int64(bitPattern: bytes))
  }

  private static func plan(_ image: Image, _ profile: String?) -> SuperpagePlan? {
    guard PageTableModel.isKnown(of: image) else { return nil }
    return (try? MappingProfiles.apply(profile, to: image)).flatMap {
      try? SuperpagePlan(image, mapped: $0)
    }
  }

  private static func counts(_ findings: [Finding]) -> [Key: Int] {
    var counts: [Key: Int] = [:]
    for finding in findings {
      counts[Key(rule: finding.rule, subject: finding.subject), default: 0] += 1
    }
    return counts
  }

  private static func findings(
    _ script: LoadedScript, _ image: Image?, _ profile: String?, _ dialect: LinkerDialect
  ) -> [Finding] {
    let plan = image.flatMap { image in
      (try? MappingProfiles.apply(profile, to: image)).flatMap {
        try? SuperpagePlan(image, mapped: $0)
      }
    }
    let context = RuleContext(
      script: script.script, images: image.map { [PlannedImage($0, plan: plan)] } ?? [],
      dialect: dialect, linkers: [dialect],
      profile: profile.flatMap { MappingProfiles.description(named: $0) })
    return RuleRegistry.check(context).filter { $0.severity > .note }
  }
}
