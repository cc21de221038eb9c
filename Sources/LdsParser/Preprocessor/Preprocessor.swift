// The C preprocessor for linker scripts: text in, expanded text with its origins out.

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
