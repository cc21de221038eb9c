// XML and HTML as text: everything from a file is escaped on its way in, so a hostile section name is a name.

/// Builds well-formed markup; HTML is written so that an XML reader accepts it too.
struct Markup {
  private(set) var text = ""

  /// Writes an element; without a body it is closed at once.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String? = nil
  ) {
    open(name, attributes, closing: content == nil)
    guard let content else { return }
    text += XMLText.escape(content) + "</\(name)>\n"
  }

  /// Writes an element with what `body` writes in it.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:],
    body: (inout Markup) -> Void
  ) {
    open(name, attributes, closing: false)
    text += "\n"
    body(&self)
    text += "</\(name)>\n"
  }

  /// Writes markup of our own as it is.
  mutating func raw(_ markup: String) {
    text += markup
  }

  private mutating func open(
    _ name: String, _ attributes: KeyValuePairs<String, String>, closing: Bool
  ) {
    text += "<\(name)"
    for (key, value) in attributes { text += " \(key)=\"\(XMLText.escape(value))\"" }
    text += closing ? "/>\n" : ">"
  }

  /// A coordinate with at most two digits after the point.
  static func number(_ value: Double) -> String {
    let hundredths = Int(exactly: (value * 100).rounded()) ?? 0
    let whole = hundredths / 100
    let rest = abs(hundredths % 100)
    if rest == 0 { return "\(whole)" }
    let sign = hundredths < 0 && whole == 0 ? "-" : ""
    return "\(sign)\(whole)."
      + (rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)")
  }
}
