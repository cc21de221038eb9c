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

/// The linker whose reading of a script counts.
public struct LinkerVersion: Sendable, Hashable, Comparable {
  /// Major number, 2 for every GNU ld of interest.
  public var major: Int
  /// Minor number, such as 40.
  public var minor: Int

  /// Version `major.minor`.
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The newest whose commands are known: everything is accepted.
  public static let newest = LinkerVersion(2, 47)
  /// The version every fact was measured on.
  public static let measured = LinkerVersion(2, 40)

  /// Older versions first.
  public static func < (left: LinkerVersion, right: LinkerVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}

/// Which linker's rules apply where linkers differ.
public enum LinkerDialect: String, Sendable, CaseIterable {
  /// GNU ld.
  case bfd
  /// LLVM's ld.lld.
  case lld
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
