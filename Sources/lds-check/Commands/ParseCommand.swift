// `lds-check parse`: scripts as the program understands them.

import LdsParser

/// Prints the tree of each script.
enum ParseCommand: Command {
  static let name = "parse"
  static let summary = "the script as the program understands it"
  static let operands = "SCRIPT..."
  static let options: [OptionSpec] = [
    .format.limited(to: Format.allCases.map(\.rawValue), default: Format.json.rawValue),
    .includeDirectory, .linker,
  ]
  static let discussion = """
    json: the tree, each node with the place it was written at. endLine and endColumn name the first byte \
    after the node; columns count bytes from 1.
    A script that the linker would refuse ends with status 2, its faults on standard error. The JSON tree \
    is still written: it holds what could be read, and the faults.
    """

  private enum Format: String, CaseIterable {
    case json
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    if arguments.inputs.isEmpty { throw UsageError.missingOperand("SCRIPT") }
    let scripts = try InputLoader(arguments).loadScripts()
    let printer = DiagnosticPrinter(writer: context.remarks)
    for script in scripts {
      let file = script.sources.buffer(script.main).path
      printer.write(script.diagnostics, in: script.sources, of: file)
    }
    try writeJSON(scripts, context)
    return scripts.contains(where: \.isRefused) ? .usage : .success
  }

  private static func writeJSON(_ scripts: [LinkerScript], _ context: ProgramContext) throws {
    for script in scripts {
      guard let span = ScriptJSON.tooDeepExpression(in: script) else { continue }
      throw ProgramError(
        "\(DiagnosticPrinter.place(span, script.sources)): expression of more than "
          + "\(ScriptJSON.deepestExpression) levels, the limit for JSON")
    }
    let json = JSONWriter(context.output)
    json.object {
      json.tool()
      json.array("scripts", scripts) { script in
        json.object { ScriptJSON(json: json, script: script).writeMembers() }
      }
    }
    json.end()
  }
}
