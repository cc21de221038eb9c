// The finished tree of one script with everything its parts refer to.

/// A linker script as it was understood.
public struct LinkerScript: Sendable {
  /// Every source the script was read from; spans point into it.
  public var sources: SourceSet
  /// The source that was handed to the parser.
  public var main: SourceID
  /// Symbols, section names, patterns, file names, messages.
  public var names: NameTable
  /// Every expression.
  public var expressions: ExpressionTable
  /// Top-level statements in order.
  public var statements: [Statement]
  /// What was wrong or odd. With an error in it, the linker would refuse the script.
  public var diagnostics: [Diagnostic]

  /// An empty script over `sources`.
  public init(sources: SourceSet, main: SourceID) {
    self.sources = sources
    self.main = main
    names = NameTable()
    expressions = ExpressionTable()
    statements = []
    diagnostics = []
  }

  /// Whether a linker would refuse to read it.
  public var isRefused: Bool {
    diagnostics.contains { $0.severity == .error }
  }
}

/// Opens the files that a script names. The libraries open nothing themselves.
public protocol SourceProvider {
  /// The contents of `path`, or nil if there is no such file.
  ///
  /// - Throws: `ReadError` if the file is there but cannot be read.
  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer?
}

/// A provider for scripts that stand alone: nothing can be opened.
public struct NoSources: SourceProvider {
  /// The provider.
  public init() {}

  /// Always nil.
  public func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? { nil }
}
