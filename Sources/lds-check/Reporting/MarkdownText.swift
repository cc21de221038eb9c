// Text from files in Markdown: nothing in it is markup.

/// Makes text harmless for Markdown.
enum MarkdownText {
  /// Text on one line, for a paragraph or the cell of a table.
  static func cell(_ text: String) -> String {
    var result = ""
    for scalar in ReportText.inline(DisplayText.escape(text)).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "|", "\\", "`", "*", "_", "[", "]", "#", "~", "!", "$", "@":
        result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
