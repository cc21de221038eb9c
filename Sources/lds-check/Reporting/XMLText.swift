// Text as XML, SVG and HTML hold it.

enum XMLText {
  /// `text` as character data or as the value of an attribute: markup characters as entities, control and
  /// reordering characters, which XML forbids or a reader does not see, by their numbers (`<1b>`), and nothing
  /// that a runner of CI jobs obeys. That is written as character references: `<3a>` would be another text.
  static func escape(_ text: String) -> String {
    var result = ""
    // What is shown has no control characters, so that two of them can stand for the references.
    let shown = DisplayText.disarmed(DisplayText.escape(text), isAtLineStart: true) { byte in
      byte == UInt8(ascii: ":") ? "\u{0}" : "\u{1}"
    }
    for scalar in shown.unicodeScalars {
      switch scalar {
      case "\u{0}": result += "&#58;"
      case "\u{1}": result += "&#35;"
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      // `]]>` must not stand in text.
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
