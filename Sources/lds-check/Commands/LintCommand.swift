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
    + OptionSpec.inputs + OptionSpec.scripts + OptionSpec.link
    + [
      linkers, .linkerVersion, .config, .profile, .loadAddress, .failOn, .baseline, .writeBaseline,
      .fix, .diff, .proofs, .counterexample, .certificates, .smt, .select, .ignore,
    ]
  static let discussion = """
    Says before any link what can be known of a script: boundaries that nothing aligns, input section \
    patterns that take nothing, expressions that do not mean what they seem to. With an image or a map \
    beside it, the rules that need a layout run too.
    A script that the linker would refuse is a finding, with every place that is wrong.
    --counterexample DIR looks for sizes and alignments of input sections for which an ASSERT fails that depends \
    on the objects. Each is laid out by the rules of GNU ld before it is told, and written to a folder below DIR: \
    assembler text, the script, and link.sh with the commands, in which the linker prints the ASSERT's message.
    FILE may be a folder: the scripts below it. Without FILE, the files that .lds-check.json names are read.
    'lds-check rules' lists the rules; 'lds-check rules RULE' tells all about one.
    """

  /// A script is checked for every linker that it is meant for.
  private static var linkers: OptionSpec {
    var option = OptionSpec.linker
    option.defaultValue = "both"
    return option
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    if arguments.has(.fix), arguments.has(.diff) {
      throw UsageError.badValue(
        option: "--fix", value: "--diff", reason: "either the edits are made or they are shown")
    }
    let operands = try operands(arguments)
    var refused: [InputError] = []
    var inputs = try InputLoader(arguments, inputs: operands).load { error in
      if operands.count == 1, !operands[0].isFolder { throw error }
      refused.append(error)
    }
    if let first = refused.first, inputs.scripts.isEmpty, inputs.images.isEmpty { throw first }
    if operands.contains(where: \.isFolder) || !arguments.namesInput {
      inputs.leaveOutIncluded()
    }
    context.remark(on: inputs.linkers)
    let configuration =
      try inputs.configuration
      ?? ConfigurationLoader.load(explicit: arguments.path(.config), script: nil)
    let run = LintRun(
      arguments: arguments, configuration: configuration, refused: refused,
      settings: try LintSettings(arguments, configuration?.configuration, inputs.linkers))
    if arguments.has(.fix) || arguments.has(.diff) {
      let mended = try run.mend(inputs)
      if arguments.has(.diff) {
        for result in mended {
          context.output.write(
            sourceText: UnifiedDiff.bytes(
              result.script.path, from: result.before.bytes(in: 0..<result.before.count),
              to: result.after.bytes(in: 0..<result.after.count)))
        }
        return try run.report(inputs).code
      }
      try write(mended, context)
      inputs.scripts = mended.map(\.script)
    }
    if run.asksEachLinker {
      for option in [OptionSpec.certificates, .smt] where arguments.has(option.id) {
        throw UsageError.badValue(
          option: option.displayName, value: arguments.path(option.id)?.display ?? "",
          reason: "a certificate is of one linker, and several are named")
      }
      let report = try run.reportOfEach(inputs)
      try context.write(report)
      let failOn = try ReportFiltering(arguments, configuration).failOn
      return refused.isEmpty ? report.exitCode(failOn: failOn) : .usage
    }
    let (report, known, code) = try run.report(inputs)
    try CertificateFiles(arguments).write(inputs.scripts, settings: run.settings)
    if let path = arguments.path(.writeBaseline) {
      try BaselineFile.write(known, to: path)
    }
    try context.write(report)
    return refused.isEmpty ? code : .usage
  }

  /// What the command line names, or the files of the configuration above the working folder.
  private static func operands(_ arguments: ParsedArguments) throws -> [InputArgument] {
    if arguments.namesInput { return arguments.inputs }
    let configuration = try ConfigurationLoader.load(
      explicit: arguments.path(.config), script: FilePath("x"))
    guard let configuration, !configuration.configuration.files.isEmpty else {
      throw UsageError.missingOperand(operands)
    }
    let folder = configuration.path.directory
    let scripts = try ScriptFolder.scripts(
      below: folder.bytes.isEmpty ? FilePath(".") : folder, configuration)
    if scripts.isEmpty {
      throw ProgramError("\(configuration.path.display): no file is as \"files\" says")
    }
    return scripts.map { InputArgument(path: $0, role: .any) }
  }

  /// Puts the mended scripts in their places and says so.
  private static func write(
    _ mended: [ScriptFixer.Result], _ context: ProgramContext
  ) throws {
    for result in mended where !result.mended.isEmpty {
      let output = try Output(file: result.script.path)
      output.write(result.after.bytes(in: 0..<result.after.count))
      try output.finish()
      if context.isQuiet { continue }
      for sentence in result.mended {
        context.remarks.line("\(result.script.path.display): mended \(sentence)")
      }
    }
  }
}
