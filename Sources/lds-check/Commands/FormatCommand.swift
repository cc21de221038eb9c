// `lds-check format SCRIPT...`: the author's text laid out, comments, macros and directives kept.

import Constraints
import LdsParser

/// Formats scripts.
enum FormatCommand: Command {
  static let name = "format"
  static let summary = "the author's text laid out, comments, macros and directives kept"
  static let operands = "SCRIPT..."
  static let options: [OptionSpec] =
    [.check, diff, .inPlace, .stdinFilename] + OptionSpec.scripts + [.linker]
  static let discussion = """
    Prints the formatted script; --in-place writes it into the file, --diff shows what would change. \
    With --check nothing is printed but the names of scripts that are not formatted, and the exit status \
    is then 1. '-' is standard input.
    Only blanks and line ends change: the result is compared with the author's text token for token, and so is \
    what the linker reads with the macros of this run (-I, -D, --cpp-command, --variant). A script that cannot be \
    read, or would be read in another way, is left as it is, and the exit status is 2.
    The style is described in Documentation/format.md.
    """

  private static var diff: OptionSpec {
    var option = OptionSpec.diff
    option.help = "show what would change as a unified diff, and change nothing"
    return option
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    var arguments = arguments
    if arguments.inputs.isEmpty, arguments.has(.stdinFilename) {
      arguments.inputs = [InputArgument(path: FilePath("-"), role: .any)]
    }
    guard !arguments.inputs.isEmpty else { throw UsageError.missingOperand(operands) }
    if arguments.has(.inPlace), arguments.inputs.contains(where: \.isStandardInput) {
      throw UsageError.badValue(
        option: "--in-place", value: "-", reason: "standard input is no file to be changed")
    }
    let chosen = [OptionSpec.check, .diff, .inPlace].filter { arguments.has($0.id) }
    if arguments.has(.inPlace), chosen.count > 1 {
      throw UsageError.badValue(
        option: "--in-place", value: chosen.first { $0.id != .inPlace }?.displayName ?? "",
        reason: "either the scripts are changed or it is shown what would change")
    }
    if arguments.inputs.filter(\.isStandardInput).count > 1 {
      throw UsageError.unexpectedOperand("-, standard input can be read once")
    }
    var code = ExitCode.success
    for input in arguments.inputs {
      // One at a time: the macros of a script are looked for beside it, and not beside all others.
      var own = arguments
      own.inputs = [input]
      let buffer = try InputLoader(own).open(input)
      let result = try ScriptFormatting(try ScriptLoader(own)).format(buffer)
      if !result.faults.isEmpty {
        DiagnosticPrinter(writer: context.remarks)
          .write(result.faults, in: result.sources, of: buffer.path)
        code = .usage
      }
      let isChanged = result.old != result.new
      if isChanged, arguments.has(.check), code == .success { code = .findings }
      try show(result, of: buffer.path, arguments, context)
    }
    return code
  }

  private static func show(
    _ result: ScriptFormatting.Result, of path: FilePath, _ arguments: ParsedArguments,
    _ context: ProgramContext
  ) throws {
    let isChanged = result.old != result.new
    if arguments.has(.diff) {
      context.output.write(
        sourceText: UnifiedDiff.bytes(path, from: result.old, to: result.new))
    } else if arguments.has(.check) {
      if isChanged { context.report.line("\(path.display) is not formatted") }
    } else if arguments.has(.inPlace) {
      guard isChanged else { return }
      let output = try Output(file: path)
      output.write(result.new)
      try output.finish()
    } else {
      context.output.write(sourceText: result.new)
    }
  }
}
