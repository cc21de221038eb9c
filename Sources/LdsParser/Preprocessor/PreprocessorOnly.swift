// What only a C preprocessor reads as its author means it, in a script without any directive: comments that begin with
// `//` are names to a linker, and a backslash joins no lines.

/// The first thing in a script that a linker does not read as a C preprocessor does.
package struct PreprocessorOnly: Hashable, Sendable {
  /// What it is.
  package enum Kind: Hashable, Sendable {
    /// A comment up to the end of the line.
    case lineComment
    /// A backslash that joins a line to the next one.
    case joinedLine

    /// What to do about it.
    package var advice: String {
      switch self {
      case .lineComment: "write /* ... */"
      case .joinedLine: "take it out"
      }
    }
  }

  /// What it is.
  package let kind: Kind
  /// The mark: the two slashes, or the backslash.
  package let span: SourceSpan

  /// The first one in `buffer`, outside of comments and strings; nil if there is none.
  package init?(in buffer: SourceBuffer, as source: SourceID) {
    let reader = buffer.reader
    var position = 0
    while position < reader.count {
      switch reader[position] {
      case UInt8(ascii: "/") where reader.hasPrefix("//", at: position, end: reader.count):
        self.init(.lineComment, source, position, position + 2)
        return
      case UInt8(ascii: "\\") where PreprocessorEngine.splice(reader, position) != nil:
        self.init(.joinedLine, source, position, position + 1)
        return
      case UInt8(ascii: "\""): position = AuthoredText.endOfString(reader, position, reader.count)
      default:
        let next = AuthoredText.skipped(reader, position, reader.count)
        position = next > position ? next : position + 1
      }
    }
    return nil
  }

  private init(_ kind: Kind, _ source: SourceID, _ start: Int, _ end: Int) {
    self.kind = kind
    span = SourceSpan(source: source, start: UInt32(start), end: UInt32(end))
  }

  /// What `refusal`, the first fault that the linker finds in the script as it stands, comes of.
  package func diagnostic(_ refusal: Diagnostic?) -> Diagnostic {
    let mark =
      switch kind {
      case .lineComment: "'//' starts no comment"
      case .joinedLine: "a backslash joins no lines"
      }
    var notes: [Diagnostic.Note] = []
    if let refusal {
      notes.append(Diagnostic.Note("the linker refuses: \(refusal.message)", at: refusal.span))
    }
    notes.append(
      Diagnostic.Note(
        "\(kind.advice), or have the build preprocess the script, as it was read here; --cpp-command, --cc, --target or -D "
          + "says that it does"))
    return Diagnostic(
      id: .needsPreprocessor, severity: .warning,
      message: "\(mark) for the linker: only behind a C preprocessor can it read this script",
      span: span, notes: notes)
  }
}
