// From loaded inputs to the report of lint, as often as it is wanted: mending lints the script again and again.

import Constraints
import LdsParser

/// One way of linting: options, configuration, rules.
struct LintRun {
  let arguments: ParsedArguments
  let configuration: LoadedConfiguration?
  let linting: Linting

  /// The report on `inputs`, all findings as baselines, and the exit status.
  func report(
    _ inputs: LoadedInputs
  ) throws -> (report: Report, known: [Baseline], code: ExitCode) {
    var filtering = try ReportFiltering(arguments, configuration)
    let mainPath = inputs.scripts.first?.path ?? inputs.images.first?.path ?? FilePath("")
    var report = Report(
      kind: .lint, root: RepositoryRoot.find(from: mainPath), mainPath: mainPath)
    var known: [Baseline] = []
    var results = try linting.run(inputs, isEnabled: filtering.isEnabled)
    if let configuration = configuration?.configuration {
      results += linting.check(configuration, inputs)
    }
    var merger = VariantMerger(inputs.scripts)
    for result in results {
      known.append(Baseline(result.findings, sources: result.sources))
      filtering.add(result.findings, sources: result.sources, ran: result.ran)
      merger.add(result)
    }
    for (batch, places) in filtering.finish(into: &report).enumerated() {
      merger.take(Array(report.findings[places]), ofBatch: batch)
    }
    report.findings.removeAll()
    merger.finish(into: &report)
    return (report, known, report.exitCode(failOn: filtering.failOn))
  }

  /// Every script with what could be mended in it.
  func mend(_ inputs: LoadedInputs) throws -> [ScriptFixer.Result] {
    let fixer = ScriptFixer(try ScriptLoader(arguments)) { script in
      var alone = LoadedInputs()
      alone.scripts = [script]
      alone.images = inputs.images
      return try report(alone).report.findings
    }
    return try inputs.scripts.map { script in
      guard !script.isStandardInput || arguments.has(.diff) else {
        throw ProgramError("standard input cannot be mended in place", hint: "use --diff")
      }
      return try fixer.mend(script)
    }
  }
}

extension LoadedScript {
  fileprivate var isStandardInput: Bool { path == FilePath("<stdin>") }
}
