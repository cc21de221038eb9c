// What preprocessing a script gives: text, the way back from it, and the facts met on the way.

/// A branch of a conditional: the line that decided that the text below it is read.
public struct ConditionalBranch: Sendable {
  /// A name that the condition asked about.
  public struct Test: Sendable {
    /// The name after `defined`, `#ifdef` or `#ifndef`.
    public var name: String
    /// Whether it was defined then.
    public var isDefined: Bool
  }

  /// The directive line: `#if …`, `#elif …` or `#else`, without a trailing comment or line end.
  public var directive: SourceSpan
  /// The `#if` line that an `#elif` or `#else` belongs to; nil for the `#if` itself.
  public var opening: SourceSpan?
  /// The names it asked about, in order, as far as evaluation needed them.
  public var tests: [Test]
}

/// A macro that the script made use of.
public struct MacroDefinition: Sendable {
  /// Who defined a macro.
  public enum Origin: Sendable, Equatable {
    /// A `#define` in a file.
    case file
    /// A `-D` option.
    case commandLine
    /// The compiler.
    case predefined
    /// The built-in table for scripts without their tree.
    case wellKnown
  }

  /// The macro's name.
  public var name: String
  /// Who defined it.
  public var origin: Origin
  /// The name after `#define`; nil unless ``origin`` is a file.
  public var span: SourceSpan?
  /// The replacement as written; nil unless ``origin`` is a file or the replacement is empty.
  public var body: SourceSpan?
  /// The replacement as text, blanks and comments as single blanks.
  public var replacement: String
  /// Names of the parameters; nil for an object-like macro.
  public var parameters: [String]?
  /// The conditionals around the `#define` in its file, innermost first, without the include guard.
  public var conditions: [ConditionalBranch]
}

/// An `#include` whose file was not found.
public struct MissingInclude: Sendable {
  /// The name between the quotes or angle brackets.
  public var path: FilePath
  /// The directive; nil for `-include`.
  public var span: SourceSpan?
}

/// A conditional that a file which was not found may decide otherwise.
public struct GuessedConditional: Sendable {
  /// From its `#if` to its `#endif`.
  public var span: SourceSpan
  /// The first name that was taken for undefined.
  public var name: String
}

/// The result of preprocessing one script.
public struct PreprocessedScript: Sendable {
  /// The expanded text: a source of the set, with an ``OriginTable``.
  public var source: SourceID
  /// What was wrong or worth knowing, in order of discovery.
  public var diagnostics: [Diagnostic]
  /// The files that were read, in order of opening, each once; the script itself first.
  public var files: [SourceID]
  /// Includes that were not found.
  public var missingIncludes: [MissingInclude]
  /// Conditionals that were decided by names which missing files may define.
  public var guessedConditionals: [GuessedConditional]
  /// The macros that the script's text made use of, in order of first use; ``MacroCall/macro`` indexes it.
  public var macros: [MacroDefinition]

  /// Whether preprocessing met an error.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
