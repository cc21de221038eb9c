// One preprocessing run of a test, and gcc's answer to the same.

public import LdsParser

/// A script after preprocessing.
public struct Expansion {
  /// All texts of the run.
  public var sources: SourceSet
  /// What came of it.
  public let script: PreprocessedScript

  /// Preprocesses `text`, named `script.lds.S`, which may include `files`.
  public init(
    _ text: String, files: [String: String] = [:],
    _ change: (inout Preprocessor.Options) -> Void = { _ in }
  ) {
    var options = Preprocessor.Options()
    change(&options)
    var set = SourceSet()
    let main = set.add(SourceBuffer(name: "script.lds.S", text: text))
    script = Preprocessor.expand(
      main, in: &set, options: options, provider: MemorySources(files))
    sources = set
  }

  /// The expanded text.
  public var text: String {
    let buffer = sources.buffer(script.source)
    return buffer.text(in: 0..<buffer.count)
  }

  /// The expanded text with each run of blanks and line ends as one blank.
  public var line: String { Expansion.line(text) }

  /// `text` with each run of blanks and line ends as one blank.
  public static func line(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Diagnostics as `line: severity: message`.
  public var messages: [String] {
    script.diagnostics.map { diagnostic in
      let line = diagnostic.span.map { "\(sources.position(of: $0).line): " } ?? ""
      return "\(line)\(diagnostic.severity.rawValue): \(diagnostic.message)"
    }
  }

  /// Where `part` stands in the expanded text, the first time.
  public func span(of part: String) -> SourceSpan? {
    let bytes = Array(text.utf8)
    let wanted = Array(part.utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: wanted) }) else {
      return nil
    }
    return SourceSpan(
      source: script.source, start: UInt32(start), end: UInt32(start + wanted.count))
  }

  /// The text of a span.
  public func text(of span: SourceSpan) -> String {
    sources.buffer(span.source).text(in: span.range)
  }
}
