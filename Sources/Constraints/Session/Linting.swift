// One run of the rules over everything that was loaded: a context for each script, and for the images alone
// where there is none.

public import LdsParser

/// What the rules found in one script, or in images without one.
public struct LintResult: Sendable {
  /// What was found, the parser's diagnostics included.
  public var findings: [Finding]
  /// Where the findings' spans point.
  public var sources: SourceSet
  /// The rules that had what they need.
  public var ran: Set<String>
  /// What the script alone decides of its ASSERTs.
  public var proofs: [StatedProof] = []
  /// The variant that the script was read as.
  public var variant: String?
  /// The script; nil where only images were looked at.
  public var script: FilePath?

  /// What was found in `sources`.
  public init(
    findings: [Finding], sources: SourceSet, ran: Set<String>, proofs: [StatedProof] = [],
    variant: String? = nil, script: FilePath? = nil
  ) {
    self.findings = findings
    self.sources = sources
    self.ran = ran
    self.proofs = proofs
    self.variant = variant
    self.script = script
  }
}

/// What is known of an ASSERT or constraint before any link, in words.
public struct StatedProof: Sendable {
  /// What the linker would print.
  public var message: String
  /// The ASSERT's text, in the sources of the result.
  public var span: SourceSpan
  /// The verdict.
  public var verdict: ProofVerdict
  /// The linker by whose rules it was reached, and for which alone it holds.
  public var linker: LinkerDialect
  /// The lines that the proof rests on, or what it depends on.
  public var because: [String]
  /// Inputs for which it fails, and how they are linked; nil if nobody looked for them, or none were found.
  public var counterexample: StatedCounterexample?
}

/// Inputs for which an ASSERT fails, in words.
public struct StatedCounterexample: Sendable {
  /// `fails with .text of 4097 bytes, holds with 4096`; or that none was found.
  public var sentence: String
  /// The command that links them; nil if none was found.
  public var command: String?

  /// What was found.
  public init(sentence: String, command: String? = nil) {
    self.sentence = sentence
    self.command = command
  }
}

/// What decides how rules are run, beside the files.
public struct LintSettings: Sendable {
  /// The linkers that scripts are meant for, the one whose verdicts count first; never empty.
  public var linkers: [LinkerDialect] = [.bfd, .lld]
  /// Name of the profile; nil for the one that an image's symbols suggest.
  public var profile: String?
  /// The mapping to assume; nil for that of the profile.
  public var description: MappingDescription?
  /// Where the image is put in physical memory.
  public var loadAddress: UInt64?
  /// The image that leaves the build; nil for that of the profile.
  public var shipped: ShippedDescription?
  /// Whether the images are known to be of the link that read the scripts: no verdict on them has to tell then which
  /// proofs they contradict, and which variant made them.
  public var isOfOneLink = false
  /// What start-up code copies and clears; nil if nothing is said of it.
  public var startup: StartupContract?

  /// What constraints ask of the alignment of symbols.
  public var demands: [AlignmentDemand] = []

  /// What holds if nothing is said.
  public init() {}

  /// What a configuration says of it.
  public init(_ configuration: Configuration) {
    if !configuration.linkers.isEmpty { linkers = configuration.linkers }
    if let oldest = configuration.linkerVersion { linkers.add([LinkerDialect(.bfd, oldest)]) }
    loadAddress = configuration.loadAddress
    shipped = ShippedDescription(configuration.image)
    startup = StartupContract(configuration)
    demands = AlignmentDemand.all(of: configuration)
    use(profile: configuration.profile, configuration.mapping)
  }

  /// Takes the mapping of a profile, as far as `mapping` does not say otherwise.
  public mutating func use(profile: String?, _ mapping: ConfiguredMapping?) {
    let named = profile.flatMap { MappingProfiles.description(named: $0) }
    self.profile = profile
    description = mapping.map { MappingDescription($0, over: named) } ?? named
  }

  /// The linker whose verdicts count.
  public var dialect: LinkerDialect { linkers.first { $0 != .mold } ?? .bfd }
}

extension Session {
  /// Runs the rules that `isEnabled` lets run, proves the ASSERTs, and says what is wrong with the scripts; then the
  /// constraints of the configuration.
  ///
  /// One result a script, one for images without a script; one more a script and an image for the constraints.
  public func lint(
    _ settings: LintSettings = LintSettings(), isEnabled: (String) -> Bool = { _ in true }
  ) -> [LintResult] {
    Self.onceAHeader(Self.onceAMacro(Self.onceAPlace(runRules(settings, isEnabled))))
      + lintConstraints()
  }

  /// What the preprocessor or the parser said of a script. Where a file is missing, a word that does not read may be a
  /// macro of it: that the linker refuses the script is not known then.
  private static func findings(of loaded: LoadedScript) -> [Finding] {
    let missing = loaded.expansion?.missingIncludes.map { "'\($0.path.display)'" } ?? []
    return loaded.script.diagnostics.map { diagnostic in
      var finding = Finding(diagnostic, of: loaded.path)
      if !missing.isEmpty, finding.rule == "too-many-errors" { finding.severity = .warning }
      if !missing.isEmpty,
        ["syntax-error", "missing-separator", "unknown-region"].contains(finding.rule)
      {
        finding.severity = .warning
        let more = missing.count > 3 ? " or another missing file" : ""
        let what = finding.rule == "unknown-region" ? "decide about its declaration" : "stand here"
        finding.notes.append(
          FindingNote(
            "a macro of \(missing.prefix(3).joined(separator: ", "))\(more) may \(what): see 'missing-include'"
          ))
      }
      return finding
    }
  }

  /// What comes of files that are missing, macros without a definition and words that do not read, is told once for each
  /// script: at the first, with the others beside it.
  private static func onceAHeader(_ results: [LintResult]) -> [LintResult] {
    results.map { result in
      guard result.findings.contains(where: { $0.rule == DiagnosticID.missingInclude.rawValue })
      else { return result }
      var shorter = result
      fold(DiagnosticID.unknownMacro.rawValue, "macros", in: &shorter.findings)
      fold("syntax-error", "places", in: &shorter.findings)
      return shorter
    }
  }

  /// Puts the warnings of one rule beside the first of them.
  private static func fold(_ rule: String, _ noun: String, in findings: inout [Finding]) {
    func isOne(_ finding: Finding) -> Bool { finding.rule == rule && finding.severity != .error }
    let others = findings.filter(isOne).dropFirst()
    guard !others.isEmpty, let first = findings.firstIndex(where: isOne) else { return }
    findings = findings.enumerated().filter { index, finding in
      index == first || !isOne(finding)
    }.map(\.element)
    findings[first].notes += others.prefix(mostBeside).map { FindingNote($0.message, at: $0.place) }
    if others.count > mostBeside {
      findings[first].notes.append(FindingNote("and \(others.count - mostBeside) more \(noun)"))
    }
  }

  /// Findings that are shown beside the first of their kind.
  private static var mostBeside: Int { 8 }

  /// A macro that no file defines, or that is called with the wrong number of arguments, is told where a script asks for
  /// it first, however many lines do.
  private static func onceAMacro(_ results: [LintResult]) -> [LintResult] {
    results.map { result in
      var first: [String: Int] = [:]
      var more: [Int: Int] = [:]
      var kept: [Finding] = []
      for finding in result.findings {
        let isOfMacro =
          finding.rule == DiagnosticID.unknownMacro.rawValue && finding.severity != .error
          || finding.rule == "macro-arguments"
        guard isOfMacro else {
          kept.append(finding)
          continue
        }
        if let index = first[finding.message] {
          more[index, default: 0] += 1
        } else {
          first[finding.message] = kept.count
          kept.append(finding)
        }
      }
      for (index, count) in more {
        kept[index].notes.append(
          FindingNote("the same in \(count) more place\(count == 1 ? "" : "s")"))
      }
      var shorter = result
      shorter.findings = kept
      return shorter
    }
  }

  /// What a script says of a file that it includes is said once, however many scripts include it.
  private static func onceAPlace(_ results: [LintResult]) -> [LintResult] {
    struct Key: Hashable {
      var rule: String
      var message: String
      var path: FilePath
      var start: UInt32
      var variant: String?
    }
    var said: [Key: FilePath?] = [:]
    return results.map { result in
      var result = result
      result.findings = result.findings.filter { finding in
        guard case .source(let span) = finding.place else { return true }
        let place = result.sources.authoredSpan(of: span)
        let key = Key(
          rule: finding.rule, message: finding.message,
          path: result.sources.buffer(place.source).path.normalized, start: place.start,
          variant: result.variant)
        guard let script = said[key] else {
          said[key] = .some(result.script)
          return true
        }
        return script == result.script
      }
      return result
    }
  }

  private func runRules(
    _ settings: LintSettings, _ isEnabled: (String) -> Bool
  ) -> [LintResult] {
    let machine = images.lazy.compactMap(\.machine).first
    let links = ImageEvidence.grouping(self.images)
    let images = self.images.enumerated().map { index, image in
      let link = links.first { $0.contains(index) } ?? []
      let others = link.filter { $0 != index }.map { self.images[$0] }
      return PlannedImage(image, plan: settings.plan(image, beside: others, machine: machine))
    }
    if scripts.isEmpty {
      var context = RuleContext(
        images: images, dialect: settings.dialect, linkers: settings.linkers,
        profile: settings.description, shipped: settings.shipped)
      context.startup = settings.startup
      return [Self.check(context, SourceSet(), isEnabled)]
    }
    let isAsked = !images.isEmpty && !settings.isOfOneLink
    let verdicts = isAsked ? judgeByScripts() : []
    // Which variant made which image; where no script has variants, all images count for each.
    let judged = isAsked && scripts.contains { $0.variant != nil } ? verdicts : nil
    return scripts.enumerated().map { index, loaded in
      var context = RuleContext(
        script: loaded.script, images: Self.fitting(images, loaded, judged),
        dialect: settings.dialect, linkers: settings.linkers, profile: settings.description,
        shipped: settings.shipped, demands: settings.demands)
      context.startup = settings.startup
      context.others = scripts.filter { $0.path != loaded.path && !$0.script.isRefused }
        .map(\.script)
      let contrary = ContraryImages(verdicts, to: context.facts?.proof, of: loaded)
      contrary.withdraw(from: &context.facts)
      // What rules say of images alone is said once; variants have images of their own.
      var result = Self.check(context, loaded.script.sources) { id in
        isEnabled(id) && (index == 0 || judged != nil || Self.needsScript(id))
      }
      contrary.explain(&result.proofs)
      result.findings += Self.findings(of: loaded)
      result.variant = loaded.variant
      result.script = loaded.path
      return result
    }
  }

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

  private static func check(
    _ context: RuleContext, _ sources: SourceSet, _ isEnabled: (String) -> Bool
  ) -> LintResult {
    // mold judges nothing and lays nothing out: what is left is what it refuses.
    let isForMold = context.linkers.allSatisfy { $0 == .mold }
    func isAsked(_ id: String) -> Bool {
      isEnabled(id) && (!isForMold || id == LinkerRefusal.description.id)
    }
    let ran = RuleRegistry.all.map { $0.description }.filter {
      isAsked($0.id) && $0.needs.allSatisfy(context.has)
    }
    let found = RuleRegistry.check(context, isEnabled: isAsked)
    return LintResult(
      findings: onceAnOrphan(onceALink(found, context.images.map(\.image))), sources: sources,
      ran: Set(ran.map(\.id)),
      proofs: isForMold
        ? [] : context.facts.map { proofs($0.proof, sources) } ?? [])
  }

  /// Of an orphan in a region it does not belong to, or that nobody clears, that is the worse news, and the only one.
  private static func onceAnOrphan(_ findings: [Finding]) -> [Finding] {
    let worse = [StraySection.description.id, StartupClear.description.id]
    let stray = Set(findings.filter { worse.contains($0.rule) }.map(\.subject))
    return findings.filter {
      $0.rule != OrphanSection.description.id || !stray.contains($0.subject)
    }
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

  private static func proofs(_ report: ProofReport, _ sources: SourceSet) -> [StatedProof] {
    report.assertions.map { proof in
      StatedProof(
        message: report.program.names.string(proof.message), span: proof.span,
        verdict: proof.verdict, linker: report.dialect,
        because: reasons(proof, of: report, in: sources))
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
}

extension LintSettings {
  /// The plan of an image; a listing without boundaries has none, nor the image of a machine without pages, unless
  /// a profile or mapping says how it is mapped. `machine` is that of the files beside it.
  fileprivate func plan(
    _ image: Image, beside others: [Image], machine: UInt16?
  ) -> SuperpagePlan? {
    let isTold = profile != nil || description != nil
    guard
      isTold || PageTableModel.isKnown(machine: image.machine ?? machine, is32Bit: image.is32Bit)
    else { return nil }
    let mapped =
      if let description {
        try? MappingProfiles.apply(description, to: image, beside: others)
      } else {
        try? MappingProfiles.apply(profile, to: image, beside: others)
      }
    return mapped.flatMap { try? SuperpagePlan(image, mapped: $0, loadAddress: loadAddress) }
  }
}
