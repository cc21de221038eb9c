// One run of the rules over everything that was loaded: a context for each script, and for the images alone
// where there is none.

internal import LdsParser

extension Session {
  /// Runs the rules that `isEnabled` lets run, proves the ASSERTs, and says what is wrong with the scripts; then the
  /// constraints of the configuration.
  ///
  /// One result a script, one for images without a script; one more a script and an image for the constraints.
  public func lint(
    _ settings: LintSettings = LintSettings(), isEnabled: (String) -> Bool = { _ in true }
  ) -> [LintResult] {
    ToldOnce.results(runRules(settings, isEnabled))
      + lintConstraints()
  }

  /// What the preprocessor or the parser said of a script. Where a file is missing, a word that does not read may be a
  /// macro of it: that the linker refuses the script is not known then.
  private static func findings(of loaded: LoadedScript) -> [Finding] {
    let missing = loaded.expansion?.missingIncludes.map { "'\($0.path.display)'" } ?? []
    return loaded.script.diagnostics.map { diagnostic in
      var finding = Finding(diagnostic, of: loaded.path)
      if !missing.isEmpty, finding.isOf(.tooManyErrors) { finding.severity = .warning }
      let isOfMacro = [.syntaxError, .missingSeparator, .unknownRegion].contains(diagnostic.id)
      if !missing.isEmpty, isOfMacro {
        finding.severity = .warning
        let more = missing.count > 3 ? " or another missing file" : ""
        let what = finding.isOf(.unknownRegion) ? "decide about its declaration" : "stand here"
        finding.notes.append(
          FindingNote(
            "a macro of \(missing.prefix(3).joined(separator: ", "))\(more) may \(what): see 'missing-include'"
          ))
      }
      return finding
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
      findings: ToldOnce.findings(found, of: context.images.map(\.image)), sources: sources,
      ran: Set(ran.map(\.id)),
      proofs: isForMold
        ? [] : context.facts.map { proofs($0.proof, sources) } ?? [])
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
