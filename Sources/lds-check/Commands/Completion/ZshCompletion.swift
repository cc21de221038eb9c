// The completion script for zsh.

enum ZshCompletion {
  static func script() -> String {
    var text = """
      #compdef lds-check
      # zsh completion for lds-check
      _lds_check() {
        local -a commands
        commands=(

      """
    for command in CommandTable.all {
      text += "    \(quoted(command.name + ":" + command.summary))\n"
    }
    text += """
        )
        local context state line
        _arguments -C \\
      \(specs(OptionSpec.beforeCommand))
          '1:command:->command' '*::argument:->argument'
        if [[ $state == command ]]; then
          _describe command commands
          return
        fi
        case $line[1] in

      """
    for command in CommandTable.all {
      let operand =
        command.name == CompletionCommand.name ? "'1:shell:(\(shells))'" : "'*:file:_files'"
      text += """
          \(command.name))
            _arguments -s \\
        \(specs(command.allOptions))
              \(operand)
            ;;

        """
    }
    text += """
        esac
      }
      _lds_check "$@"

      """
    return text
  }

  private static var shells: String {
    CompletionCommand.Shell.allCases.map(\.rawValue).joined(separator: " ")
  }

  /// Lines of `_arguments` specifications, each continued.
  private static func specs(_ options: [OptionSpec]) -> String {
    options.flatMap { option in
      option.spellings.map { "      " + quoted(spec(option, $0)) + " \\" }
    }.joined(separator: "\n")
  }

  private static func spec(_ option: OptionSpec, _ spelling: String) -> String {
    let many = option.isRepeatable ? "*" : ""
    let help = option.help.map { "[]:".contains($0) ? "\\\($0)" : String($0) }.joined()
    let values =
      option.allowedValues.isEmpty
      ? (option.valueName == "FILE" ? "_files" : option.valueName == "DIR" ? "_files -/" : " ")
      : "(" + option.allowedValues.joined(separator: " ") + ")"
    // '+' lets the value be joined, '=-' and '=' want or allow it after '='.
    switch option.value {
    case .none: return "\(many)\(spelling)[\(help)]"
    case .required(let name):
      let joint = spelling.hasPrefix("--") ? "=" : "+"
      return "\(many)\(spelling)\(joint)[\(help)]:\(name):\(values)"
    case .optional(let name, _): return "\(many)\(spelling)=-[\(help)]::\(name):\(values)"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }
}
