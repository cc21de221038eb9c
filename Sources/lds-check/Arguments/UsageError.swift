// What can be wrong with a command line, and the sentence for it.

/// A command line that makes no sense; the program ends with status 2.
enum UsageError: Error, Equatable {
  /// No command at all: the overview is the answer.
  case noCommand
  /// `chek`
  case unknownCommand(String, suggestion: String?)
  /// `--formt`
  case unknownOption(String, suggestion: String?)
  /// An option of the program, but not of this command.
  case foreignOption(String, command: String)
  /// `--format` as the last argument.
  case missingValue(option: String, valueName: String)
  /// `--assert -x`: a value that looks like an option.
  case valueLooksLikeOption(option: String, value: String)
  /// `--quiet=1`
  case unexpectedValue(option: String, value: String)
  /// `--format=jsn`
  case valueNotAllowed(option: String, value: String, allowed: [String], suggestion: String?)
  /// No FILE where one is needed.
  case missingOperand(String)
  /// An operand where none is taken.
  case unexpectedOperand(String)
  /// A value with its own rules that it breaks.
  case badValue(option: String, value: String, reason: String)

  /// The sentence: lower case, no full stop.
  var message: String {
    switch self {
    case .noCommand: "no command given"
    case .unknownCommand(let name, let hint): "unknown command '\(name)'" + Self.ask(hint)
    case .unknownOption(let name, let hint): "unknown option '\(name)'" + Self.ask(hint)
    case .foreignOption(let name, let command): "'\(command)' has no use for '\(name)'"
    case .missingValue(let option, let name): "'\(option)' needs a value: \(option) \(name)"
    case .valueLooksLikeOption(let option, let value):
      "'\(option)' needs a value; write \(option)=\(value) if '\(value)' is meant"
    case .unexpectedValue(let option, let value):
      "'\(option)' takes no value, but '\(value)' was given"
    case .valueNotAllowed(let option, let value, let allowed, let hint):
      "'\(option)' is one of \(allowed.joined(separator: ", ")), not '\(value)'" + Self.ask(hint)
    case .missingOperand(let name): "nothing to read: \(name) is missing"
    case .unexpectedOperand(let operand): "unexpected argument '\(operand)'"
    case .badValue(let option, let value, let reason): "'\(option)' '\(value)': \(reason)"
    }
  }

  private static func ask(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean '\($0)'?" } ?? ""
  }
}
