// `lds-check lsp`: a language server on standard input and output.

import Constraints
import LdsParser

/// Answers an editor until it says goodbye.
enum LspCommand: Command {
  static let name = "lsp"
  static let summary = "a language server on standard input and output"
  static let operands = "[IMAGE...]"
  static let options: [OptionSpec] =
    [.symbols] + OptionSpec.preprocessing + [
      linkers, .linkerVersion, .config, .profile, .loadAddress,
    ]
  static let discussion = """
    Speaks the Language Server Protocol 3.17 for linker scripts (.ld, .lds, .lds.S, .x) and the headers that they \
    include. Editors start it; samples/editors has a configuration for each of them.
    IMAGE is the map, image or symbol listing whose verdicts and addresses are shown. Without one the newest that \
    the script made is looked for beside the script and in the folders above it, up to the top of the repository. \
    After a build the verdicts follow by themselves.
    Scripts are preprocessed as for lint: with the flags that kbuild recorded beside them, and those given here.
    """

  private static var linkers: OptionSpec {
    var option = OptionSpec.linker
    option.defaultValue = "both"
    return option
  }

  /// How long an editor that is being typed into is left alone.
  private static let pause: Int32 = 150
  /// How often files are looked at while nothing happens.
  private static let watch: Int32 = 1000

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    let server = LanguageServer(
      host: try EditorFiles(arguments), name: Version.name, version: Version.number)
    var lastIdle = InputStream.clock
    while server.end == nil {
      switch InputStream.next(within: server.hasNews ? pause : watch) {
      case .bytes(let bytes):
        server.receive(bytes)
        guard InputStream.answer(server.respond()) else { return .success }
        // An editor that never falls silent hears of a build all the same.
        guard InputStream.clock - lastIdle >= Int(watch) else { continue }
        lastIdle = InputStream.clock
        guard InputStream.answer(server.idle()) else { return .success }
      case .silence:
        lastIdle = InputStream.clock
        guard InputStream.answer(server.idle()) else { return .success }
      case .end:
        _ = InputStream.answer(server.idle())
        return .success
      }
    }
    switch server.end {
    case .unasked: return .findings
    case .unreadable(let reason): throw ProgramError("standard input: \(reason)")
    default: return .success
    }
  }
}
