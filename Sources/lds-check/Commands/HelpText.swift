// Help, made from the command and option tables. 80 columns, whatever the terminal: help is read in logs too.

enum HelpText {
  private static let width = 80
  /// Column at which descriptions start.
  private static let indent = 26

  /// The text for `--help` before a command, and for no arguments at all.
  static func overview() -> String {
    var text = """
      \(Version.name) checks a linker script against what the linker made of it: it judges
      every ASSERT again from a map or image, and says why one fails.

      \(usage(nil))

      commands:

      """
    for command in CommandTable.all { text += entry(command.name, command.summary) }
    text += "\noptions:\n"
    for option in OptionSpec.beforeCommand where option.id != .manual { text += entry(option) }
    text += """

      exit status:
        0  nothing found
        1  findings
        2  wrong usage, or a file that cannot be read
        70 a fault of the program itself

      '\(Version.name) COMMAND --help' tells more about a command

      """
    return text
  }

  /// The text for `--help` after a command.
  static func page(_ command: any Command.Type) -> String {
    var text = usage(command) + "\n\n" + sentence(command.summary) + "\n"
    for paragraph in command.discussion.split(separator: "\n") {
      text += "\n" + wrap(String(paragraph), indent: 0) + "\n"
    }
    text += "\noptions:\n"
    for option in command.allOptions { text += entry(option) }
    return text
  }

  /// The usage line of a command, or of the program.
  static func usage(_ command: (any Command.Type)?) -> String {
    guard let command else { return "usage: \(Version.name) COMMAND [OPTION]... FILE..." }
    return "usage: \(Version.name) \(command.name) [OPTION]... \(command.operands)"
  }

  /// `-o FILE, --output FILE` as shown in help and manual.
  static func label(_ option: OptionSpec) -> String {
    let value =
      switch option.value {
      case .none: ""
      case .required(let name): " " + name
      case .optional(let name, _): "[=" + name + "]"
      }
    let short = option.short.map { "-\($0)" }
    let names = [short, option.word, option.long].compactMap { $0 }
    return names.joined(separator: ", ") + value
  }

  /// What an option does, with its allowed values, its default, and whether it may be repeated.
  static func description(_ option: OptionSpec) -> String {
    var text = option.help
    if !option.allowedValues.isEmpty {
      text += ": " + option.allowedValues.joined(separator: ", ")
    }
    if let preset = option.defaultValue { text += " (default: \(preset))" }
    if option.isRepeatable { text += "; may be repeated" }
    return text
  }

  private static func entry(_ option: OptionSpec) -> String {
    let names = label(option)
    return entry(
      option.short == nil && option.long != nil ? "    " + names : names, description(option))
  }

  private static func entry(_ name: String, _ text: String) -> String {
    let head = "  " + name
    let body = wrap(text, indent: indent)
    if head.utf8.count > indent - 2 {
      return head + "\n" + String(repeating: " ", count: indent) + body + "\n"
    }
    return head + String(repeating: " ", count: indent - head.utf8.count) + body + "\n"
  }

  private static func sentence(_ summary: String) -> String {
    summary.prefix(1).uppercased() + summary.dropFirst() + "."
  }

  /// Breaks `text` between words so that lines indented by `indent` fit.
  private static func wrap(_ text: String, indent: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.utf8.count + 1 + word.utf8.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
