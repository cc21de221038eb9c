// `lds-check parse`: scripts as the program understands them.

import Constraints
import LdsParser

/// Prints the tree of each script.
enum ParseCommand: Command {
  static let name = "parse"
  static let summary = "the script as the program understands it"
  static let operands = "SCRIPT..."
  static let options: [OptionSpec] =
    [
      .format.limited(to: Format.allCases.map(\.rawValue), default: Format.json.rawValue), .expand,
      .whereFrom, .stdinFilename,
    ] + OptionSpec.scripts + [.linker]
  static let discussion = """
    script: canonical script text that means the same, INCLUDEd files in place.
    json: the tree, each node with the place it was written at. endLine and endColumn name the first byte \
    after the node; columns count bytes from 1.
    A script with preprocessor directives is preprocessed first, and so is any script with -D, -U or \
    -include. The flags that kbuild recorded in .SCRIPT.cmd beside it are used. Included files that are not found are left out with a warning. -I also says where INCLUDE \
    looks.
    --where xen.lds:240 names a place in the text that the linker read and prints where the script's author \
    wrote it, with the macros it came from.
    A script that the linker would refuse ends with status 2, its faults on standard error. The JSON tree \
    is written all the same: it holds what could be read, and the faults.
    """

  private enum Format: String, CaseIterable {
    case json, script
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    if arguments.inputs.isEmpty { throw UsageError.missingOperand("SCRIPT") }
    let scripts = try InputLoader(arguments).loadScripts()
    let printer = DiagnosticPrinter(writer: context.remarks)
    for loaded in scripts {
      printer.write(loaded.script.diagnostics, in: loaded.script.sources, of: loaded.path)
    }
    if arguments.has(.whereFrom) {
      try PlaceTracing(arguments).write(scripts, context)
      return .success
    }
    if arguments.has(.expand) {
      for loaded in scripts { writeExpanded(loaded, context) }
      return scripts.contains { $0.expansion?.hasErrors == true } ? .usage : .success
    }
    let isRefused = scripts.contains(where: \.script.isRefused)
    switch arguments.choice(.format, default: Format.json) {
    case .json: try writeJSON(scripts, context)
    case .script:
      if !isRefused {
        for loaded in scripts {
          context.output.write(sourceText: ScriptWriter.bytes(of: loaded.script))
        }
      }
    }
    return isRefused ? .usage : .success
  }

  private static func writeExpanded(_ loaded: LoadedScript, _ context: ProgramContext) {
    let text = loaded.script.sources.buffer(loaded.script.main)
    context.output.write(sourceText: text.bytes(in: 0..<text.count))
  }

  private static func writeJSON(_ scripts: [LoadedScript], _ context: ProgramContext) throws {
    for loaded in scripts {
      guard let span = ScriptJSON.tooDeepExpression(in: loaded.script) else { continue }
      throw ProgramError(
        "\(loaded.script.sources.position(of: span).display): expression of more than "
          + "\(ScriptJSON.deepestExpression) levels, the limit for JSON")
    }
    let json = JSONWriter(context.output)
    json.object {
      json.tool()
      json.array("scripts", scripts) { loaded in
        json.object {
          ScriptJSON(json: json, path: loaded.path, script: loaded.script).writeMembers()
        }
      }
    }
    json.end()
  }
}
