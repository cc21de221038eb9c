// The manual page in troff (man(7)), made from the command and option tables: `lds-check --man`.

enum ManualPage {
  static func text() -> String {
    var page = """
      .TH LDS-CHECK 1 "" "\(Version.name) \(Version.number)"
      .SH NAME
      lds-check \\- check a linker script against what the linker made of it
      .SH SYNOPSIS
      .B lds-check
      .I COMMAND
      .RI [ OPTION ].\\|.\\|.
      .IR FILE .\\|.\\|.
      .SH COMMANDS

      """
    for command in CommandTable.all {
      page += ".SS \(escape(command.name)) \\fI\(escape(command.operands))\\fP\n"
      page += escape(command.summary.prefix(1).uppercased() + command.summary.dropFirst()) + ".\n"
      for paragraph in command.discussion.split(separator: "\n") {
        page += ".PP\n" + escape(String(paragraph)) + "\n"
      }
      if !command.options.isEmpty {
        let names = command.options.map { escape($0.displayName) }.joined(separator: ", ")
        page += ".PP\nOptions: \(names).\n"
      }
    }
    page += ".SH OPTIONS\n"
    for option in usedOptions {
      page += ".TP\n.B \(escape(HelpText.label(option)))\n\(escape(HelpText.description(option)))\n"
    }
    return page + """
      .SH "EXIT STATUS"
      .TP
      .B 0
      Nothing found.
      .TP
      .B 1
      Findings.
      .TP
      .B 2
      Wrong usage, or a file that cannot be read or is not what it claims.
      .TP
      .B 70
      A fault of the program itself.
      .SH ENVIRONMENT
      .TP
      .B NO_COLOR\\fR, \\fBCLICOLOR_FORCE\\fR, \\fBTERM
      Decide about colour unless \\fB\\-\\-color\\fP does.
      .TP
      .B COLUMNS
      Width of text where no terminal tells it.

      """
  }

  /// Options that some command takes, in the order of the table.
  private static var usedOptions: [OptionSpec] {
    let used = CommandTable.all.flatMap { $0.allOptions }.map(\.id)
    return OptionSpec.all.filter { used.contains($0.id) }
  }

  /// Text in which troff finds no requests.
  private static func escape(_ text: some StringProtocol) -> String {
    let escaped = text.map { character in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      default: String(character)
      }
    }.joined()
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
