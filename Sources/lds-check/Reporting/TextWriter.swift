// Text for people: escaped, decorated, in colour where that is wanted, gathered in an output.

/// Writes lines of text in styles. Whatever comes from an input file is made harmless on the way.
struct TextWriter {
  let output: Output
  let decorator: any TextDecorator

  init(output: Output, decorator: any TextDecorator) {
    self.output = output
    self.decorator = decorator
  }

  /// Writes to `output` with the colours that suit it.
  init(output: Output, _ colour: ColourChoice) {
    self.init(
      output: output,
      decorator: colour.decorator(
        isTerminal: output.isTerminal, environment: Terminal.environment))
  }

  /// Writes `text`; line feeds stay, other control bytes are shown as `<1b>`.
  func write(_ text: String, _ style: TextStyle = .plain) {
    let shown = DisplayText.disarmed(
      DisplayText.escape(text), isAtLineStart: output.isAtLineStart)
    output.write(decorator.decorate(shown, style))
  }

  /// Writes `text` and ends the line.
  func line(_ text: String = "", _ style: TextStyle = .plain) {
    write(text, style)
    output.write("\n")
  }

  /// Columns there are.
  var width: Int { output.width }
}

/// What a piece of text is, for the eye.
enum TextStyle: Sendable {
  case plain, bold, faint, error, warning, note, good, place, caret
  /// Memory by what its mapping allows.
  case readOnly, readExecute, readWrite, writeExecute, unmapped
}

/// Shows a piece of text in a style.
protocol TextDecorator: Sendable {
  func decorate(_ text: String, _ style: TextStyle) -> String
}

/// Text as it is.
struct PlainDecorator: TextDecorator {
  func decorate(_ text: String, _ style: TextStyle) -> String { text }
}

/// Text with the escape codes every terminal knows (ECMA-48, SGR).
struct ANSIDecorator: TextDecorator {
  func decorate(_ text: String, _ style: TextStyle) -> String {
    guard let code = Self.code(style), !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  private static func code(_ style: TextStyle) -> String? {
    switch style {
    case .plain: nil
    case .bold, .place: "1"
    case .faint: "2"
    case .error: "1;31"
    case .warning: "1;35"
    case .note: "1;36"
    case .good, .caret: "1;32"
    case .readOnly: "30;42"
    case .readExecute: "30;46"
    case .readWrite: "30;43"
    case .writeExecute: "97;41"
    case .unmapped: "90"
    }
  }
}

/// The values of `--color`.
enum ColourChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// The decorator for a stream: the option, then `NO_COLOR`, `CLICOLOR_FORCE`, `TERM`, the terminal
  /// (no-color.org, bixense.com/clicolors).
  func decorator(
    isTerminal: Bool, environment: (String) -> String?
  ) -> any TextDecorator {
    isOn(isTerminal: isTerminal, environment: environment) ? ANSIDecorator() : PlainDecorator()
  }

  private func isOn(isTerminal: Bool, environment: (String) -> String?) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if let off = environment("NO_COLOR"), !off.isEmpty { return false }
    if let force = environment("CLICOLOR_FORCE"), !force.isEmpty, force != "0" { return true }
    if environment("TERM") == "dumb" { return false }
    return isTerminal
  }
}
