// The completion script for fish.

enum FishCompletion {
  static func script() -> String {
    var text = "# fish completion for lds-check\n"
    for command in CommandTable.all {
      text += "complete -c lds-check -n __fish_use_subcommand -f"
      text += " -a \(command.name) -d \(quoted(command.summary))\n"
    }
    for option in OptionSpec.beforeCommand {
      text += "complete -c lds-check -n __fish_use_subcommand" + form(option)
    }
    for command in CommandTable.all {
      for option in command.allOptions {
        text += "complete -c lds-check -n '__fish_seen_subcommand_from \(command.name)'"
        text += form(option)
      }
    }
    text += "complete -c lds-check -n '__fish_seen_subcommand_from \(CompletionCommand.name)' -f"
    let shells = CompletionCommand.Shell.allCases.map(\.rawValue).joined(separator: " ")
    return text + " -a '\(shells)'\n"
  }

  private static func form(_ option: OptionSpec) -> String {
    var text = ""
    if let long = option.long { text += " -l " + long.dropFirst(2) }
    if let short = option.short { text += " -s \(short)" }
    if let word = option.word { text += " -o " + word.dropFirst() }
    if case .required = option.value { text += " -r" }
    if !option.allowedValues.isEmpty {
      text += " -f -a '" + option.allowedValues.joined(separator: " ") + "'"
    }
    return text + " -d \(quoted(option.help))\n"
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
  }
}
