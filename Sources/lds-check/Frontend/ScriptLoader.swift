// Opens scripts and parses them with what the command line says about them.

import LdsParser

/// Reads scripts as the options of one run want them read.
struct ScriptLoader {
  private let options: ScriptParser.Options

  init(_ arguments: ParsedArguments) {
    options = ScriptParser.Options(
      dialect: arguments.choice(.linker, default: .bfd),
      searchPaths: arguments.all(.includeDirectory).map { FilePath(bytes: $0) })
  }

  /// The script in `buffer`; what is wrong with it is in its diagnostics.
  func parse(_ buffer: SourceBuffer) -> LinkerScript {
    ScriptParser.parse(buffer, options: options, provider: FileSourceProvider())
  }
}
