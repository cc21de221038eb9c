// The completion script for bash.

enum BashCompletion {
  static func script() -> String {
    let names = CommandTable.all.map { $0.name }.joined(separator: " ")
    var text = """
      # bash completion for lds-check
      _lds_check() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local command= index words=
        for ((index = 1; index < COMP_CWORD; index++)); do
          case ${COMP_WORDS[index]} in
            -*) ;;
            *) command=${COMP_WORDS[index]}; break ;;
          esac
        done
        # "--format=json" arrives as three words.
        if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then
          previous=${COMP_WORDS[COMP_CWORD-2]}
        fi
        case $command:$previous in

      """
    for command in CommandTable.all {
      for option in command.allOptions where !option.allowedValues.isEmpty {
        let values = option.allowedValues.joined(separator: " ")
        text += "    \(command.name):\(option.displayName)) words=\"\(values)\" ;;\n"
      }
    }
    text += """
        esac
        if [[ -n $words ]]; then
          COMPREPLY=($(compgen -W "$words" -- "$current"))
          return
        fi
        case $command in
          "") words="\(names) \(spellings(OptionSpec.beforeCommand))" ;;

      """
    for command in CommandTable.all {
      text += "    \(command.name)) words=\"\(spellings(command.allOptions))\" ;;\n"
    }
    text += """
        esac
        if [[ -z $command || $current == -* ]]; then
          COMPREPLY=($(compgen -W "$words" -- "$current"))
        elif [[ $command == \(CompletionCommand.name) ]]; then
          COMPREPLY=($(compgen -W "\(shells)" -- "$current"))
        fi
      }
      complete -o default -F _lds_check lds-check

      """
    return text
  }

  private static var shells: String {
    CompletionCommand.Shell.allCases.map(\.rawValue).joined(separator: " ")
  }

  private static func spellings(_ options: [OptionSpec]) -> String {
    options.flatMap(\.spellings).joined(separator: " ")
  }
}
