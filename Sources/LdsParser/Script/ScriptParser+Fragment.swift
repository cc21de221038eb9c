// What stands inside SECTIONS, in a file of its own: coreboot's program.ld, files for --section-ordering-file.

extension ScriptParser {
  /// Reads the source `main` as the statements between the braces of SECTIONS, which some other file has.
  ///
  /// - Returns: the script as if SECTIONS stood around it, with a note that says so; nil where it cannot be read so
  ///   either, or places no section.
  public static func parseFragment(
    _ main: SourceID, in sources: SourceSet, options: Options = Options(),
    provider: some SourceProvider = NoSources()
  ) -> LinkerScript? {
    var parser = ScriptParser(
      main, script: LinkerScript(sources: sources, main: main), options: options,
      provider: provider)
    let body = parser.readStatements(.sections)
    parser.finish(main)
    var script = parser.script
    let places = body.contains { statement in
      switch statement.kind {
      case .outputSection, .overlay: true
      default: false
      }
    }
    guard !script.isRefused, places else { return nil }
    let whole = SourceSpan(
      source: main, start: 0,
      end: UInt32(truncatingIfNeeded: sources.buffer(main).count))
    script.statements = [Statement(.sections(body), span: whole)]
    script.diagnostics.append(
      Diagnostic(
        id: .scriptFragment, severity: .note,
        message: "this is a part of SECTIONS of another script, and read as such",
        span: body.first?.span))
    return script
  }
}
