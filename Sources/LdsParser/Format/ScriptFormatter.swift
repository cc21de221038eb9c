// Lays a script out anew: the author's own text, its macros, directives and comments included, with other
// blanks and line ends. The style is described in Documentation/format.md.

/// Formatter of linker scripts, preprocessed or as written.
public enum ScriptFormatter {
  /// What of the style can be chosen.
  public struct Style: Sendable, Equatable {
    /// How much a level of braces is indented.
    public enum Indentation: Sendable, Equatable {
      /// So many blanks.
      case blanks(Int)
      /// A tab, eight columns wide.
      case tab

      /// Columns a level.
      public var columns: Int {
        switch self {
        case .blanks(let count): max(1, min(count, 16))
        case .tab: 8
        }
      }
    }

    /// How a script is indented whose first line in braces does not show it.
    public var indentation: Indentation
    /// Columns after which an ASSERT on one line is broken.
    public var width: Int

    /// The style of the documentation page.
    public init(indentation: Indentation = .blanks(2), width: Int = 100) {
      self.indentation = indentation
      self.width = width
    }
  }

  /// What came of a script.
  public struct Result: Sendable {
    /// The text; the author's own where ``fault`` says why it was left so.
    public var bytes: [UInt8]
    /// What cannot be read as a script, or what would have changed.
    public var fault: Diagnostic?

    /// A text, and why it is the author's own if it is.
    public init(bytes: [UInt8], fault: Diagnostic? = nil) {
      self.bytes = bytes
      self.fault = fault
    }
  }

  /// Rounds after which a text that still changes is no script.
  private static let rounds = 4

  /// The layout that another run does not change: what moves to a line of its own may end what the next run sees as
  /// aligned, in text that is no script most of all.
  private static func settled(
    _ bytes: [UInt8], _ tokens: [LayoutToken], _ source: SourceID, _ isPreprocessed: Bool,
    _ style: Style
  ) throws(LayoutFault) -> [UInt8] {
    var text = LayoutPrinter.print(bytes, tokens, style: style)
    for _ in 0..<rounds {
      let again = try LayoutScanner.scan(text, in: source, isPreprocessed: isPreprocessed)
      let next = LayoutPrinter.print(text, again, style: style)
      if next == text { return text }
      text = next
    }
    throw LayoutFault(
      diagnostic: Diagnostic(
        id: "format-difference", severity: .error,
        message: "formatting does not come to an end; the script is left as it is", span: nil))
  }

  /// The text of the source `source` of `sources`, laid out anew.
  ///
  /// The result is compared with the author's text, token for token, before it is returned; a difference is
  /// a ``Result/fault`` and the text stays as it was. Formatting the result again changes nothing.
  ///
  /// - Parameter isPreprocessed: whether the C preprocessor reads the script before the linker.
  public static func format(
    _ source: SourceID, in sources: SourceSet, isPreprocessed: Bool, style: Style = Style()
  ) -> Result {
    let buffer = sources.buffer(source)
    let bytes = buffer.bytes(in: 0..<buffer.count)
    do throws(LayoutFault) {
      let tokens = try LayoutScanner.scan(bytes, in: source, isPreprocessed: isPreprocessed)
      let formatted = try settled(bytes, tokens, source, isPreprocessed, style)
      try LayoutComparison(source: source, isPreprocessed: isPreprocessed)
        .check(bytes, tokens, formatted)
      return Result(bytes: formatted)
    } catch {
      return Result(bytes: bytes, fault: error.diagnostic)
    }
  }
}

// The second check of a formatter's work: that the linker reads the same script.
extension ScriptFormatter {
  /// Whether a linker reads the same in two scripts; nil where it would read neither.
  ///
  /// What the preprocessor made of them is compared token for token, and so are the two trees.
  public static func isSameReading(_ old: LinkerScript, _ new: LinkerScript) -> Bool {
    let oldText = old.sources.buffer(old.main)
    let newText = new.sources.buffer(new.main)
    let isExpanded = old.sources.origins(old.main)?.runs.isEmpty == false
    if isExpanded, !isSameText(oldText, newText) { return false }
    if old.isRefused || new.isRefused { return old.isRefused == new.isRefused }
    return ScriptWriter.bytes(of: old) == ScriptWriter.bytes(of: new)
  }

  /// Whether two expanded texts hold the same tokens.
  private static func isSameText(_ old: SourceBuffer, _ new: SourceBuffer) -> Bool {
    let source = SourceID(index: 0)
    let oldBytes = old.bytes(in: 0..<old.count)
    let newBytes = new.bytes(in: 0..<new.count)
    if oldBytes == newBytes { return true }
    do throws(LayoutFault) {
      let tokens = try LayoutScanner.scan(oldBytes, in: source, isPreprocessed: false)
      try LayoutComparison(source: source, isPreprocessed: false)
        .check(oldBytes, tokens, newBytes)
      return true
    } catch {
      // Brackets that do not fit together in either text: all that can be compared is what is not blank.
      return error.diagnostic.id != "format-difference"
        && oldBytes.filter { !LayoutScanner.isBlank($0) }
          == newBytes.filter { !LayoutScanner.isBlank($0) }
    }
  }
}
