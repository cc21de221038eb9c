// XML and HTML as text: everything from a file is escaped on its way in, so a hostile section name is a name.

import Constraints

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

/// Colours and fonts of the pictures, light and dark.
enum PictureStyle {
  /// Colours as variables, so that shapes name what they are and not how they look.
  static let colours = """
    :root{color-scheme:light dark;--page:#ffffff;--card:#f6f7f9;--ink:#1c2430;--faint:#5b6675;--line:#c9d0d9;\
    --rx:#8ab8ef;--ro:#93cf9f;--rw:#f2cd73;--rwx:#ee8f86;--unknown:#c5c9d0;--on:#14202e;--bad:#b3261e;--good:#1b7a35;\
    --note:#0b62a8;--warn:#8f5b00;--hatch:#00000038}
    @media(prefers-color-scheme:dark){:root{--page:#12161c;--card:#1b2129;--ink:#e4e9ef;--faint:#9aa6b5;\
    --line:#3a4450;--rx:#2f639f;--ro:#2f7445;--rw:#8a6514;--rwx:#9c3a33;--unknown:#4a525d;--on:#f3f6fa;\
    --bad:#ff8f86;--good:#74d390;--note:#7fc0ff;--warn:#f0bd55;--hatch:#ffffff38}}
    """

  /// Rules for the shapes of a picture.
  static let shapes = """
    .rx{fill:var(--rx)}.ro{fill:var(--ro)}.rw{fill:var(--rw)}.rwx{fill:var(--rwx)}.unknown{fill:var(--unknown)}
    .none{fill:var(--page)}.marked{fill:var(--bad)}text.beside{font-weight:600;pointer-events:none;paint-order:stroke;\
    stroke:var(--page);stroke-width:3px}
    .hatch{fill:url(#hatch);pointer-events:none}.gap{fill:var(--page)}
    .seam{stroke:var(--on);stroke-opacity:.35;stroke-width:.6}.frame{fill:none;stroke:var(--line)}
    .frame.mixed{stroke:var(--bad);stroke-width:2}
    text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--ink)}
    text.in{fill:var(--on);pointer-events:none}text.small{font-size:10px}text.faint{fill:var(--faint)}
    text.bad{fill:var(--bad)}text.good{fill:var(--good)}text.title{font-weight:600;font-size:14px}
    .hit:hover{filter:brightness(1.12)}
    """

  /// The pattern for what is mapped but holds nothing.
  static let hatch = """
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <rect width="2" height="6" fill="var(--hatch)"/></pattern>
    """

  /// The class of a shape by what its mapping allows.
  static func shapeClass(_ permissions: Permissions?) -> String {
    guard let permissions else { return "unknown" }
    if permissions.isWritableAndExecutable { return "rwx" }
    if permissions.contains(.execute) { return "rx" }
    return permissions.contains(.write) ? "rw" : "ro"
  }
}
