// What a rule reports.

public import LdsParser

/// Where a finding points.
public enum FindingPlace: Sendable, Hashable {
  /// Text of a script or map, in the `SourceSet` of the rule's context.
  case source(SourceSpan)
  /// A place in an image, map or listing; `line` for text, `offset` for binary files, neither for the file
  /// as a whole.
  case image(FilePath, line: Int?, offset: Int?)
  /// No place.
  case none
}

/// A further place that helps to understand a finding.
public struct FindingNote: Sendable, Hashable {
  /// What is there.
  public var message: String
  /// Where.
  public var place: FindingPlace

  /// A note at `place`.
  public init(_ message: String, at place: FindingPlace = .none) {
    self.message = message
    self.place = place
  }
}

/// A change of the script that would mend a finding.
public struct FixEdit: Sendable, Hashable {
  /// The text to replace; empty to insert.
  public var span: SourceSpan
  /// What to write there.
  public var replacement: String

  /// A replacement of the text at `span`.
  public init(_ span: SourceSpan, replacement: String) {
    self.span = span
    self.replacement = replacement
  }
}

/// What a rule found.
public struct Finding: Sendable, Hashable {
  /// Id of the rule.
  public var rule: String
  /// How bad it is; configuration may say otherwise.
  public var severity: Severity
  /// The sentence: lower case, no full stop, names in quotes, values in hex.
  public var message: String
  /// Where it is.
  public var place: FindingPlace
  /// Further places and explanations, in order of importance.
  public var notes: [FindingNote]
  /// Edits that together mend it; empty where there is no safe one.
  public var fixes: [FixEdit]
  /// What tells this finding from others of its rule in its file, without line numbers or addresses, so
  /// that a baseline survives a new build.
  public var subject: String

  /// A finding of `rule`.
  public init(
    rule: String, severity: Severity, message: String, at place: FindingPlace,
    notes: [FindingNote] = [], fixes: [FixEdit] = [], subject: String
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.place = place
    self.notes = notes
    self.fixes = fixes
    self.subject = subject
  }

  /// What a reader said of the file `path`.
  public init(_ diagnostic: Diagnostic, of path: FilePath) {
    self.init(
      rule: diagnostic.id.rawValue, severity: diagnostic.severity, message: diagnostic.message,
      at: diagnostic.span.map { .source($0) } ?? .image(path, line: nil, offset: nil),
      notes: diagnostic.notes.map { note in
        FindingNote(note.message, at: note.span.map { .source($0) } ?? .none)
      },
      subject: diagnostic.message)
  }

  /// Whether it is what a reader or the preprocessor says of its input.
  func isOf(_ id: DiagnosticID) -> Bool { rule == id.rawValue }
}
