// `lds-check lint`: what is wrong with scripts, and with the images and maps beside them.

import Constraints
import LdsParser

/// Runs the rules.
enum LintCommand: Command {
  static let name = "lint"
  static let summary = "rules over scripts, and over images and maps beside them"
  static let operands = "FILE..."
  static let writesReports = true
  static let options: [OptionSpec] =
    [.format.limited(to: ReportFormat.allCases.map(\.rawValue))]
    + OptionSpec.inputs + OptionSpec.scripts
    + [
      linkers, .linkerVersion, .config, .profile, .loadAddress, .failOn, .baseline, .writeBaseline,
    ]
  static let discussion = """
    Says before any link what can be known of a script: boundaries that nothing aligns, input section \
    patterns that take nothing, expressions that do not mean what they seem to. With an image or a map \
    beside it, the rules that need a layout run too.
    A script that the linker would refuse is a finding, with every place that is wrong.
    'lds-check rules' lists the rules; 'lds-check rules RULE' tells all about one.
    """

  /// A script is checked for every linker that it is meant for.
  private static var linkers: OptionSpec {
    var option = OptionSpec.linker
    option.defaultValue = "both"
    option.allowedValues = ["bfd", "lld", "both"]
    return option
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard !arguments.inputs.isEmpty else { throw UsageError.missingOperand(operands) }
    let inputs = try InputLoader(arguments).load()
    let scriptPath = inputs.scripts.first?.path
    let configuration = try ConfigurationLoader.load(
      explicit: arguments.path(.config), script: scriptPath)
    let mainPath = scriptPath ?? inputs.images.first?.path ?? FilePath("")
    var filtering = try ReportFiltering(arguments, configuration)
    let linting = try Linting(arguments, configuration?.configuration)
    var report = Report(
      kind: .lint, root: RepositoryRoot.find(from: mainPath), mainPath: mainPath)
    var known: [Baseline] = []
    for result in try linting.run(inputs, isEnabled: filtering.isEnabled) {
      known.append(Baseline(result.findings, sources: result.sources))
      filtering.add(result.findings, sources: result.sources, ran: result.ran)
      report.proofs += result.proofs
    }
    filtering.finish(into: &report)
    if let path = arguments.path(.writeBaseline) {
      try BaselineFile.write(Baseline(joining: known), to: path)
    }
    try context.write(report)
    return report.exitCode(failOn: filtering.failOn)
  }
}
