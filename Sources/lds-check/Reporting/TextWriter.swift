// Text for people: escaped, decorated, gathered in an output.

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
