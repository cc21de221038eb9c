// `lds-check completion SHELL`: a completion script, made from the command and option tables.

import LdsParser

/// Prints a script that teaches a shell the commands, options and their values.
enum CompletionCommand: Command {
  static let name = "completion"
  static let summary = "a completion script for bash, zsh or fish"
  static let operands = "SHELL"
  static let options: [OptionSpec] = []
  static let discussion = """
    bash: lds-check completion bash > ~/.local/share/bash-completion/completions/lds-check
    zsh: lds-check completion zsh > _lds-check, in a folder of $fpath
    fish: lds-check completion fish > ~/.config/fish/completions/lds-check.fish
    """

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard let operand = arguments.operands.first else { throw UsageError.missingOperand("SHELL") }
    if arguments.operands.count > 1 {
      throw UsageError.unexpectedOperand(arguments.operands[1].display)
    }
    guard let shell = Shell(rawValue: operand.display) else {
      let shells = Shell.allCases.map(\.rawValue)
      throw UsageError.valueNotAllowed(
        option: operands, value: operand.display, allowed: shells,
        suggestion: Suggestion.nearest(to: operand.display, among: shells))
    }
    switch shell {
    case .bash: context.output.write(BashCompletion.script())
    case .zsh: context.output.write(ZshCompletion.script())
    case .fish: context.output.write(FishCompletion.script())
    }
    return .success
  }

  /// The shells there are scripts for.
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }
}
