// Every limit of the program: its number, and why it is that number.

/// A published limit. Input beyond one gets an error that names it; nothing is cut silently.
public enum Limit {
  /// Depth of parentheses, unary operators and conditionals in one expression, and of nested groups: far
  /// above any real script, far below what the stack of a debug build stands (some 2,800).
  public static let nesting = 256
  /// Depth of `INCLUDE` and `#include`; GNU ld itself stops at 10 for INCLUDE.
  public static let includeDepth = 64
  /// GNU ld's own limit for nested INCLUDE (ldlex.l, MAX_INCLUDE_DEPTH).
  public static let linkerIncludeDepth = 10
  /// Macro expansions in one preprocessing run: some hundred times what a kernel's script needs.
  public static let macroExpansions = 500_000
  /// `#define`s carried out in one preprocessing run; a kernel's headers have some 20,000.
  public static let macroDefinitions = 500_000
  /// Steps from macro calls to their callers, for `__LINE__` and for where a call ends, in one preprocessing run.
  public static let callerSteps = 10_000_000
  /// Bytes of preprocessed text.
  public static let expandedBytes = 64 << 20
  /// Tokens that macro expansion may copy in one run, and tokens of the expanded text: some hundred times
  /// what a kernel's script needs.
  public static let expandedTokens = 2_000_000
  /// Bytes of text that `#` and `##` may make in one preprocessing run.
  public static let pastedBytes = 16 << 20
  /// Depth of `#if` in one preprocessing run.
  public static let conditionalDepth = 10_000
  /// Depth of `@FILE` inside the `@FILE` of a compiler command.
  public static let responseFileDepth = 8
  /// Files that one link command may name as `@FILE`, nested ones too: the limit of libiberty's expandargv.
  public static let responseFiles = 2000
  /// Bytes of all of them together: some hundred times what the largest links need.
  public static let responseFileBytes = 64 << 20
  /// Bytes that a compiler may print about its macros; gcc prints some 20,000.
  public static let compilerAnswerBytes = 4 << 20
  /// Seconds that a compiler may take to answer.
  public static let compilerAnswerSeconds = 10
  /// Bytes of a wrapped linker's messages that are kept to be explained; all of them are passed on.
  public static let linkerLogBytes = 16 << 20
  /// Seconds that the check of a wrapped link may take.
  public static let linkCheckSeconds = 120
  /// Parameters of one macro.
  public static let macroParameters = 1024
  /// Bytes of headers read in one preprocessing run, each time they are read: some ten times what a
  /// kernel's script includes. The script itself is not counted.
  public static let preprocessedBytes = 24 << 20
  /// Files entered in one preprocessing run, each time they are entered.
  public static let includedFiles = 20_000
  /// Bytes of one input: offsets in tables have 32 bits.
  public static let fileBytes = 0xffff_fff0
  /// Bytes that `packed` bytes of gzip may unpack to: real maps and images shrink to between a twentieth
  /// and a tenth, a bomb to a thousandth.
  public static func unpackedBytes(of packed: Int) -> Int {
    min(fileBytes, (64 << 20) + packed * 64)
  }
  /// Statements named behind one proof: the last of them.
  public static let proofSteps = 64
  /// Findings that one run tries to mend in a script, each with a lint of its own; the rest is reported.
  public static let triedMends = 200
  /// Files and folders looked at below one folder; Linux and U-Boot have some 90,000 and 40,000.
  public static let folderEntries = 1_000_000
  /// Parse errors reported for one script; more are counted.
  public static let reportedErrors = 50
}
