// From loaded inputs to the report of lint, as often as it is wanted: mending lints the script again and again.

import Constraints
import LdsParser

/// One way of linting: options, configuration, rules.
struct LintRun {
  let arguments: ParsedArguments
  let configuration: LoadedConfiguration?
  /// Files that could not be read, beside others that could.
  var refused: [InputError] = []
  var settings: LintSettings
  /// Whether a rule is worth its time in this run, enabled or not.
  var isWorthwhile: @Sendable (RuleDescription) -> Bool = { _ in true }

  /// The results on `inputs`, through the filters of the run.
  private struct Checked {
    var results: [LintResult] = []
    var filtering: ReportFiltering
    var filtered: [FilteredFindings] = []
    var merger: VariantMerger
  }

  /// The report on `inputs`, all findings as a baseline, and the exit status.
  func report(
    _ inputs: LoadedInputs
  ) throws -> (report: Report, known: Baseline, code: ExitCode) {
    let checked = try check(inputs, isForReport: true)
    let mainPath = inputs.scripts.first?.path ?? inputs.images.first?.path ?? FilePath("")
    var report = Report(
      kind: .lint, root: RepositoryRoot.find(from: mainPath), mainPath: mainPath)
    report.linkers = settings.linkers
    let resolvers = checked.results.map { ReportResolver(sources: $0.sources) }
    for (resolver, filtered) in zip(resolvers, checked.filtered) {
      resolver.fill(&report, from: filtered)
    }
    // What variants of a script share is said once.
    report.findings = checked.merger.findings.map { resolvers[$0.result].finding($0.item) }
    report.proofs = checked.merger.proofs.map { resolvers[$0.result].proof($0.item) }
    report.proofDetail = arguments.has(.proofs) ? .listed : .counted
    return (
      report, checked.filtering.known, report.exitCode(failOn: checked.filtering.failOn)
    )
  }

  /// Whether several releases were named: each says then what it makes of the script.
  var asksEachLinker: Bool { arguments.saysLinkerVersion && settings.linkers.count > 1 }

  /// The reports of all linkers, told once where they agree.
  func reportOfEach(_ inputs: LoadedInputs) throws -> Report {
    var reports: [(linker: LinkerDialect, report: Report)] = []
    var readings: [[LinkerReading]] = inputs.scripts.map { _ in [] }
    for dialect in settings.linkers {
      var run = self
      run.settings.linkers = [dialect]
      var own = inputs
      let loader = try ScriptLoader(
        arguments, configuration, link: inputs.link, dialect: dialect)
      // The file itself is the first source of what was read from it.
      own.scripts = try inputs.scripts.map { script in
        try loader.load(
          script.script.sources.buffer(SourceID(index: 0)), as: script.variant)
      }
      for (index, script) in own.scripts.enumerated() {
        readings[index].append(LinkerReading(dialect, script))
      }
      reports.append((dialect, try run.report(own).report))
    }
    var report = LinkerReports(reports).joined
    try addChanges(readings, inputs, to: &report)
    return report
  }

  /// What each linker makes otherwise than the one before it.
  private func addChanges(
    _ readings: [[LinkerReading]], _ inputs: LoadedInputs, to report: inout Report
  ) throws {
    var filtering = try ReportFiltering(arguments, configuration)
    guard filtering.isEnabled(ProgramFindings.linkerChange.id) else { return }
    for reading in readings {
      guard let first = reading.first else { continue }
      let changes = LinkerChanges(
        reading, images: inputs.images, settings: inputs.link.settings)
      filtering.add(changes.findings, sources: first.script.script.sources)
    }
    filtering.finish(into: &report)
  }

  /// What `report` shows of `inputs`.
  func findings(_ inputs: LoadedInputs) throws -> [Finding] {
    try check(inputs).merger.findings.map(\.item)
  }

  private func check(_ inputs: LoadedInputs, isForReport: Bool = false) throws -> Checked {
    let session = Session(
      scripts: inputs.scripts, images: inputs.images, dialect: settings.dialect,
      configuration: configuration?.configuration, settings: inputs.link.settings)
    var checked = Checked(
      filtering: try ReportFiltering(arguments, configuration),
      merger: VariantMerger(inputs.scripts))
    checked.results = session.lint(settings) { id in
      checked.filtering.isEnabled(id)
        && RuleRegistry.rule(id).map { isWorthwhile($0.description) } ?? true
    }
    for result in checked.results {
      checked.filtering.add(result.findings, sources: result.sources, ran: result.ran)
    }
    if let folder = arguments.path(.counterexample), isForReport {
      try CounterexampleFolder(folder, arguments, settings).fill(
        &checked.results, inputs.scripts)
    }
    if !refused.isEmpty {
      let kind = ProgramFindings.unreadableInput
      let result = LintResult(
        findings: refused.map { error in
          Finding(
            rule: kind.id, severity: kind.severity, message: error.reason.message,
            at: .image(error.path, line: nil, offset: error.reason.offset),
            subject: error.path.display)
        }, sources: SourceSet(), ran: [])
      checked.results.append(result)
      checked.filtering.add(result.findings, sources: result.sources)
    }
    checked.filtered = checked.filtering.finish()
    for (result, filtered) in zip(checked.results, checked.filtered) {
      checked.merger.add(result, shown: filtered.shown)
    }
    return checked
  }

  /// Whether a script came down standard input, under whatever name.
  private func isStandardInput(_ script: LoadedScript) -> Bool {
    script.path == FilePath("<stdin>")
      || arguments.inputs.contains(where: \.isStandardInput)
        && script.path == arguments.path(.stdinFilename)
  }

  /// Every script with what could be mended in it.
  func mend(_ inputs: LoadedInputs) throws -> [ScriptFixer.Result] {
    let fixer = ScriptFixer(try ScriptLoader(arguments, configuration, dialect: inputs.dialect)) {
      script in
      var alone = LoadedInputs()
      alone.scripts = [script]
      alone.images = inputs.images
      alone.link = inputs.link
      return try findings(alone)
    }
    return try inputs.scripts.map { script in
      guard !isStandardInput(script) || arguments.has(.diff) else {
        throw ProgramError("standard input cannot be mended in place", hint: "use --diff")
      }
      return try fixer.mend(script)
    }
  }
}
