// The C preprocessor for linker scripts: text in, expanded text with its origins out; and what can be asked of it.

/// A C preprocessor that prints what `gcc -E -P` prints and remembers where every token came from.
///
/// The algorithm is Prosser's with gcc's answers where the standard leaves a choice, as the GNU C
/// Preprocessor Internals manual describes it (chapters "Macro Expansion Algorithm" and "Token Spacing").
public struct Preprocessor {
  private init() {}

  /// Expands `main` of `sources` and adds the result to `sources`.
  ///
  /// Time and memory are bounded by ``Limit``; beyond a limit the text up to there is returned with an error.
  /// - Parameters:
  ///   - main: The script.
  ///   - sources: Gets every file that is opened, and the expanded text.
  ///   - options: Flags, as for cc.
  ///   - provider: Opens the files that the script includes.
  public static func expand(
    _ main: SourceID, in sources: inout SourceSet, options: Options,
    provider: some SourceProvider
  ) -> PreprocessedScript {
    var engine = PreprocessorEngine(sources: sources, options: options, provider: provider)
    engine.run(main)
    let script = engine.finish(main)
    sources = engine.sources
    return script
  }
}

// What a compiler driver is told about preprocessing: -D, -U, -I and their relatives.
extension Preprocessor {
  /// Which rules of lexing and which directives apply.
  public enum Language: String, Sendable, CaseIterable {
    /// `-x assembler-with-cpp`, as for `.lds.S`: unknown `#` lines are text, `$` is no letter.
    case assembler
    /// `-x c`.
    case c
  }

  /// One `-D` or `-U`, in the order given.
  public enum Definition: Sendable, Equatable {
    /// `-D NAME`, `-D NAME=VALUE` or `-D 'NAME(x)=VALUE'`: the bytes after `-D`.
    case define([UInt8])
    /// `-U NAME`.
    case undefine([UInt8])
  }

  /// What happens when an included file is not found.
  public enum MissingIncludes: Sendable {
    /// An error, as in a compiler.
    case error
    /// A warning, and well-known macros of Xen and Linux stand in for those that the file would have
    /// defined: for a script read without its tree.
    case tolerate
  }

  /// Where the predefined macros of the compiler come from.
  public enum Predefined: Sendable {
    /// The built-in table of a target; see ``TargetMacros``.
    case target(Target)
    /// The text that `CC -dM -E` printed.
    case compilerOutput([UInt8])
    /// None but those that the preprocessor itself computes (`-undef`).
    case none
  }

  /// How a script is to be preprocessed.
  public struct Options: Sendable {
    /// Rules of lexing.
    public var language = Language.assembler
    /// Whether `??=` and its like stand for other characters (`-trigraphs`, and ISO C).
    public var hasTrigraphs = false
    /// Predefined macros of the compiler.
    public var predefined = Predefined.target(.x86_64)
    /// What flags such as `-O2` and `-ansi` change of ``predefined`` if it is a table's; a compiler that was
    /// asked has said so itself.
    public var impliedDefinitions: [Definition] = []
    /// `-D` and `-U`, applied in order.
    public var definitions: [Definition] = []
    /// `-iquote` folders: for `#include "x"` only.
    public var quoteFolders: [FilePath] = []
    /// `-I` folders.
    public var folders: [FilePath] = []
    /// `-isystem` folders.
    public var systemFolders: [FilePath] = []
    /// The compiler's own include folders; empty means `-nostdinc`.
    public var standardFolders: [FilePath] = []
    /// `-idirafter` folders.
    public var afterFolders: [FilePath] = []
    /// `-imacros` files: only their macros are kept.
    public var macroFiles: [FilePath] = []
    /// `-include` files.
    public var includedFiles: [FilePath] = []
    /// Folder that relative names are relative to; empty for the folder of the process.
    public var workingDirectory = FilePath(bytes: [])
    /// The limits after which the run ends; tests lower them, because unoptimised builds are slow.
    package var expansionLimit = Limit.macroExpansions
    package var definitionsLimit = Limit.macroDefinitions
    package var callerStepsLimit = Limit.callerSteps
    package var expandedTokensLimit = Limit.expandedTokens
    package var expandedBytesLimit = Limit.expandedBytes
    package var preprocessedBytesLimit = Limit.preprocessedBytes
    package var includedFilesLimit = Limit.includedFiles
    package var pastedBytesLimit = Limit.pastedBytes
    /// Whether macro calls that are left because files were not found are replaced by something that a parser
    /// reads, each with a warning; no effect when all files are found.
    public var repairsLeftovers = false
    /// Whether these are all the options of the build, as a recorded command has them: then a macro that is missing is
    /// missing there, too. Else a -D or -include that is not known may define it.
    public var isWholeCommand = true
    /// What to do about files that are not found.
    public var missingIncludes = MissingIncludes.error

    /// A plain `cc -E -P -x assembler-with-cpp` on x86_64 without folders.
    public init() {}
  }
}
