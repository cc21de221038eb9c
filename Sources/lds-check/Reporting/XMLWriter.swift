// XML as a stream, for JUnit. Whatever a string holds, the document stays well-formed.

/// Writes one XML document.
struct XMLWriter {
  let output: Output
  private var depth = 0

  init(output: Output) {
    self.output = output
    output.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
  }

  /// An element with others inside.
  mutating func element(
    _ name: String, _ attributes: [(String, String)] = [], _ body: (inout XMLWriter) -> Void
  ) {
    indent()
    output.write("<\(name)\(Self.text(attributes))>\n")
    depth += 1
    body(&self)
    depth -= 1
    indent()
    output.write("</\(name)>\n")
  }

  /// An element with text inside, or nothing.
  func leaf(_ name: String, _ attributes: [(String, String)] = [], text: String = "") {
    indent()
    if text.isEmpty {
      output.write("<\(name)\(Self.text(attributes))/>\n")
    } else {
      output.write("<\(name)\(Self.text(attributes))>\(XMLText.escape(text))</\(name)>\n")
    }
  }

  private func indent() {
    output.write(repeatElement(0x20, count: 2 * depth))
  }

  private static func text(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0)=\"\(XMLText.escape($1).replacingLineFeeds)\"" }.joined()
  }
}

extension String {
  /// A reader turns a line feed in an attribute into a blank unless it is written so.
  fileprivate var replacingLineFeeds: String {
    String(flatMap { $0 == "\n" ? "&#10;" : String($0) })
  }
}

/// Text as XML, SVG and HTML hold it.
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
