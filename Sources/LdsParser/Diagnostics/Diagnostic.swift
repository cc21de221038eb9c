// What a reader or parser has to say about its input. Words are made where the fault is found; showing
// them (carets, colour, JSON) is the executable's job.

/// How bad a diagnostic or finding is.
public enum Severity: String, Sendable, Comparable, CaseIterable {
  /// Worth knowing.
  case note
  /// Probably not meant.
  case warning
  /// Wrong.
  case error

  /// From the mildest to the worst.
  public static func < (left: Severity, right: Severity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// Something a reader or parser reports about its input.
public struct Diagnostic: Sendable {
  /// A further place that helps to understand the first.
  public struct Note: Sendable {
    /// What is there.
    public var message: String
    /// Where; nil if the note has no place.
    public var span: SourceSpan?

    /// A note at `span`.
    public init(_ message: String, at span: SourceSpan? = nil) {
      self.message = message
      self.span = span
    }
  }

  /// The kind of fault.
  public var id: DiagnosticID
  /// How bad it is; an error means that the input was not fully understood.
  public var severity: Severity
  /// The sentence: lower case, no full stop, what was found and what was expected.
  public var message: String
  /// Where it is; nil for a fault of a whole file.
  public var span: SourceSpan?
  /// Related places, in order of importance.
  public var notes: [Note]

  /// A diagnostic of kind `id`.
  public init(
    id: DiagnosticID, severity: Severity, message: String, span: SourceSpan?, notes: [Note] = []
  ) {
    self.id = id
    self.severity = severity
    self.message = message
    self.span = span
    self.notes = notes
  }
}

/// A file that cannot be read as what it claims to be.
public struct ReadError: Error, Sendable {
  /// The kind of fault, such as `truncated-elf`.
  public var id: DiagnosticID
  /// The sentence: what was found and what was expected.
  public var message: String
  /// Byte offset in the file, where one is known.
  public var offset: Int?

  /// A fault of kind `id` at `offset`.
  public init(id: DiagnosticID, message: String, offset: Int? = nil) {
    self.id = id
    self.message = message
    self.offset = offset
  }
}
