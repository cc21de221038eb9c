// `lds-check explain`: why ASSERTs fail, or how chosen ones come out.

import Constraints
import LdsParser

/// Explains ASSERTs of scripts and maps against images.
enum ExplainCommand: Command {
  static let name = "explain"
  static let summary = "why ASSERTs fail, or (--assert TEXT) how one comes out"
  static let operands = "FILE..."
  static let options: [OptionSpec] =
    [
      .format.limited(to: Format.allCases.map(\.rawValue)), .assert, .against, .log, .profile,
      .failOn,
    ] + OptionSpec.inputs + OptionSpec.preprocessing + [.linker]
  static let discussion = """
    FILE is a linker script, and a map or image that was linked with it. A GNU ld map alone is enough: it \
    lists every ASSERT, as the linker understood it.
    For each ASSERT that fails: the condition with its values, the statement that decided them, how far off \
    it is, what it means for the page tables, and the edit that mends it where there is a safe one. An edit \
    is offered only if the ASSERTs were evaluated again with it.
    """

  private enum Format: String, CaseIterable {
    case text, json
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard !arguments.inputs.isEmpty else { throw UsageError.missingOperand(operands) }
    let inputs = try InputLoader(arguments).load()
    try refuse(inputs.scripts, context)
    let subjects = try ExplanationSubject.all(
      of: inputs, dialect: arguments.choice(.linker, default: .bfd),
      profile: arguments.value(.profile))
    for subject in subjects {
      guard let stale = subject.stale else { continue }
      context.remarks.write("warning: ", .warning)
      context.remarks.line(stale.message)
    }
    let wanted = arguments.all(.assert)
    let scripts = ScriptLoader(arguments)
    let explained = subjects.map { ExplainedImage($0, matching: wanted, scripts) }
    if !wanted.isEmpty, explained.allSatisfy(\.explanations.isEmpty) {
      let text = wanted.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "', '")
      throw ProgramError(
        "no ASSERT has '\(text)' in its message or expression",
        hint: "'lds-check eval' lists every ASSERT")
    }
    switch arguments.choice(.format, default: Format.text) {
    case .text:
      let printer = ExplanationText(writer: context.report, isQuiet: context.isQuiet)
      for image in explained { printer.write(image) }
    case .json: ExplanationJSON(json: JSONWriter(context.output)).write(explained)
    }
    let fails = explained.contains { $0.hasFailure }
    return fails && arguments.value(.failOn) != "never" ? .findings : .success
  }

  /// A script that the linker would refuse has no verdicts.
  private static func refuse(_ scripts: [LoadedScript], _ context: ProgramContext) throws {
    let printer = DiagnosticPrinter(writer: context.remarks)
    for loaded in scripts {
      printer.write(loaded.script.diagnostics, in: loaded.script.sources, of: loaded.path)
    }
    if let refused = scripts.first(where: \.script.isRefused) {
      throw ProgramError("\(refused.path.display): the linker would refuse this script")
    }
  }
}
