// One run of the rules over everything that was loaded: a context for each script, and for the images alone
// where there is none.

import Constraints
import LdsParser

/// What the rules found in one script, or in images without one.
struct LintResult {
  /// What was found, the parser's diagnostics included.
  var findings: [Finding]
  /// Where the findings' spans point.
  var sources: SourceSet
  /// The rules that had what they need.
  var ran: Set<String>
  /// What the script alone decides of its ASSERTs.
  var proofs: [ReportProof] = []
  /// The `--variant` that the script was read as.
  var variant: String?
  /// The script; nil where only images were looked at.
  var script: FilePath?
}

/// The options that decide how rules are run.
struct Linting {
  private let linkers: Set<LinkerDialect>
  private let version: LinkerVersion
  private let profile: String?
  private let description: MappingDescription?
  private let loadAddress: UInt64?

  init(_ arguments: ParsedArguments, _ configuration: Configuration?) throws {
    switch arguments.value(.linker) {
    case "bfd": linkers = [.bfd]
    case "lld": linkers = [.lld]
    case nil: linkers = configuration?.linker.map { [$0] } ?? [.bfd, .lld]
    default: linkers = [.bfd, .lld]
    }
    version = try arguments.linkerVersion() ?? configuration?.linkerVersion ?? .newest
    profile = arguments.value(.profile) ?? configuration?.profile
    loadAddress = try arguments.loadAddress() ?? configuration?.loadAddress
    if let profile, !MappingProfiles.names.contains(profile) {
      throw ProgramError(
        "unknown profile '\(profile)'",
        hint: "the profiles are \(MappingProfiles.names.joined(separator: ", "))")
    }
    let named = profile.flatMap { MappingProfiles.description(named: $0) }
    description =
      configuration?.mapping.map { MappingDescription($0, over: named) } ?? named
  }

  /// Runs the rules that `isEnabled` lets run.
  func run(_ inputs: LoadedInputs, isEnabled: (String) -> Bool) throws -> [LintResult] {
    let images = inputs.images.map { PlannedImage($0, plan: plan($0)) }
    if inputs.scripts.isEmpty {
      let context = RuleContext(
        images: images, linkerVersion: version, linkers: linkers, profile: description)
      return [check(context, SourceSet(), isEnabled)]
    }
    let judged = try variantsJudged(inputs)
    return inputs.scripts.enumerated().map { index, loaded in
      let context = RuleContext(
        script: loaded.script, images: Self.fitting(images, loaded, judged), linkerVersion: version,
        linkers: linkers,
        profile: description)
      // What rules say of images alone is said once; variants have images of their own.
      var result = check(context, loaded.script.sources) { id in
        isEnabled(id) && (index == 0 || judged != nil || Self.needsScript(id))
      }
      result.findings += loaded.script.diagnostics.map { Finding($0, of: loaded.path) }
      result.variant = loaded.variant
      result.script = loaded.path
      return result
    }
  }

  /// Which variant made which image; nil where no script has variants.
  private func variantsJudged(_ inputs: LoadedInputs) throws -> [JudgedImage]? {
    guard !inputs.images.isEmpty, inputs.scripts.contains(where: { $0.variant != nil }) else {
      return nil
    }
    return try Judging.judge(inputs.scripts, ImageGroup.all(inputs.images), dialect: dialect)
  }

  /// The linker whose verdicts count.
  var dialect: LinkerDialect { linkers.contains(.bfd) ? .bfd : .lld }

  /// The images that a variant made: the sections of others are none of its business.
  private static func fitting(
    _ images: [PlannedImage], _ script: LoadedScript, _ judged: [JudgedImage]?
  ) -> [PlannedImage] {
    guard let judged else { return images }
    let own = judged.filter {
      $0.script?.path == script.path && $0.script?.variant == script.variant
    }.flatMap(\.images).map(\.path)
    return images.filter { own.contains($0.image.path) }
  }

  private static func needsScript(_ id: String) -> Bool {
    RuleRegistry.rule(id)?.description.needs.contains(.script) == true
  }

  private func check(
    _ context: RuleContext, _ sources: SourceSet, _ isEnabled: (String) -> Bool
  ) -> LintResult {
    let ran = RuleRegistry.all.map { $0.description }.filter {
      isEnabled($0.id) && $0.needs.allSatisfy(context.has)
    }
    let found = RuleRegistry.check(context, isEnabled: isEnabled)
    return LintResult(
      findings: Self.onceALink(found, context.images.map(\.image)), sources: sources,
      ran: Set(ran.map(\.id)),
      proofs: context.facts.map { Self.proofs($0.proof, sources) } ?? [])
  }

  /// What two files of one link both show is one finding, at the one that has lines.
  private static func onceALink(_ findings: [Finding], _ images: [Image]) -> [Finding] {
    guard images.count > 1 else { return findings }
    struct Key: Hashable {
      var link: Int
      var rule: String
      var message: String
    }
    var links: [FilePath: Int] = [:]
    for (link, group) in ImageEvidence.grouping(images).enumerated() {
      for index in group { links[images[index].path] = link }
    }
    var places: [Key: Int] = [:]
    var kept: [Finding] = []
    for finding in findings {
      guard case .image(let path, let line, _) = finding.place, let link = links[path] else {
        kept.append(finding)
        continue
      }
      let key = Key(link: link, rule: finding.rule, message: finding.message)
      guard let earlier = places[key] else {
        places[key] = kept.count
        kept.append(finding)
        continue
      }
      if case .image(_, nil, _) = kept[earlier].place, line != nil { kept[earlier] = finding }
    }
    return kept
  }

  private static func proofs(_ report: ProofReport, _ sources: SourceSet) -> [ReportProof] {
    let resolver = ReportResolver(sources: sources)
    return report.assertions.map { proof in
      ReportProof(
        message: report.program.names.string(proof.message), place: resolver.place(proof.span),
        verdict: .init(proof.verdict), because: reasons(proof, of: report, in: sources))
    }
  }

  /// The lines that a proof rests on, or what stands in its way.
  static func reasons(
    _ proof: AssertionProof, of report: ProofReport, in sources: SourceSet
  ) -> [String] {
    let steps = proof.because.map { step in
      let line = sources.position(of: step.span).line
      return "line \(line): \(sources.authoredExpression(of: step.span).text) \(step.effect)"
    }
    return steps + proof.dependencies.map(report.text)
  }

  /// The plan of an image; a listing without boundaries has none.
  private func plan(_ image: Image) -> SuperpagePlan? {
    let mapped =
      if let description {
        try? MappingProfiles.apply(description, to: image)
      } else {
        try? MappingProfiles.apply(profile, to: image)
      }
    return mapped.flatMap { try? SuperpagePlan(image, mapped: $0, loadAddress: loadAddress) }
  }
}

extension ParsedArguments {
  /// The number of `--load-address`.
  func loadAddress() throws(UsageError) -> UInt64? {
    guard let text = value(.loadAddress) else { return nil }
    guard let address = PageSize.number(text) else {
      throw .badValue(
        option: "--load-address", value: text,
        reason: "expected a number, such as 0x15a00000 or 346M")
    }
    return address
  }

  /// The version of `--ld-version`: `2.40`.
  func linkerVersion() throws(UsageError) -> LinkerVersion? {
    guard let text = value(.linkerVersion) else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0,
      minor >= 0
    else {
      throw .badValue(
        option: "--ld-version", value: text, reason: "expected a version, such as 2.40")
    }
    return LinkerVersion(major, minor)
  }
}

extension ReportProof.Verdict {
  /// The verdict for a report.
  init(_ verdict: ProofVerdict) {
    self =
      switch verdict {
      case .alwaysHolds: .alwaysHolds
      case .neverHolds: .neverHolds
      case .depends: .depends
      }
  }
}
