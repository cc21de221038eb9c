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

/// Stable kebab-case name of a kind of fault, such as `syntax-error`.
public struct DiagnosticID: RawRepresentable, Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The name.
  public let rawValue: String

  /// The kind called so.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The kind called so.
  public init(stringLiteral name: String) {
    rawValue = name
  }

  /// A file that an INCLUDE names is not there.
  public static let includeNotFound: DiagnosticID = "include-not-found"
  /// A file that an `#include` names is not there.
  public static let missingInclude: DiagnosticID = "missing-include"
  /// A macro that no file defines.
  public static let unknownMacro: DiagnosticID = "unknown-macro"
  /// A macro that is called with another number of arguments than it has.
  public static let macroArguments: DiagnosticID = "macro-arguments"
  /// A word where the grammar has no place for it.
  public static let syntaxError: DiagnosticID = "syntax-error"
  /// A statement without the separator that has to stand behind it.
  public static let missingSeparator: DiagnosticID = "missing-separator"
  /// A memory region that nothing declares.
  public static let unknownRegion: DiagnosticID = "unknown-region"
  /// More faults than are reported.
  public static let tooManyErrors: DiagnosticID = "too-many-errors"
  /// Text that only a C preprocessor reads as it is meant.
  public static let needsPreprocessor: DiagnosticID = "needs-preprocessor"
  /// A byte that belongs to no token.
  public static let invalidCharacter: DiagnosticID = "invalid-character"
  /// An ELF file that is no object to be linked.
  public static let notAnObject: DiagnosticID = "not-an-object"
  /// A file that the command line or a script names is not there.
  public static let missingFile: DiagnosticID = "missing-file"
  /// A part of SECTIONS without the command around it.
  public static let scriptFragment: DiagnosticID = "script-fragment"
  /// A map that ends before its end.
  public static let truncatedMap: DiagnosticID = "truncated-map"
  /// A map with lines that cannot be what a linker wrote.
  public static let damagedMap: DiagnosticID = "damaged-map"
  /// Text that cannot be laid out, since a bracket in it has no partner.
  public static let unbalanced: DiagnosticID = "unbalanced"
  /// A line of a map that is of no known form.
  public static let unknownLine: DiagnosticID = "unknown-line"
}

extension DiagnosticID: CustomStringConvertible {
  /// The name.
  public var description: String { rawValue }
}
