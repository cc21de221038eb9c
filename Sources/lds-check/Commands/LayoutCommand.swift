// `lds-check layout SCRIPT OBJECT...`: the image that the linker would make, without linking.

import Constraints
import LdsParser

/// Lays out a link.
enum LayoutCommand: Command {
  static let name = "layout"
  static let summary = "the image that the linker would make of script and objects, without linking"
  static let operands = "SCRIPT OBJECT... | -- LINKER ARG..."
  static let options: [OptionSpec] =
    [.format.limited(to: Format.allCases.map(\.rawValue)), .compareImage, .config, .linker]
    + OptionSpec.scripts + OptionSpec.link
  static let discussion = """
    Places sections as GNU ld 2.40 does, or the linker that --linker names (bfd@2.40 to bfd@2.47; lld@19, lld@21, lld@22): \
    addresses, load addresses, sizes and alignments of sections, values of symbols, verdicts of ASSERTs. OBJECT is an ELF \
    object or an archive. --link-command FILE, or the linker's own command line behind '--', names script, objects and \
    options at once.
    What is not modelled is refused by its name, and no number is printed: other machines than x86, ARM, AArch64 and \
    RISC-V (GNU ld alone), relaxation, stubs, global offset tables, shared and partial links. ld.lld writes its own name \
    into .comment: its size is not told.
    --diff compares with the image of the real link: exit status 1 if a section or symbol differs.
    The exit status is 1 if an ASSERT fails or the linker would stop, 2 if the layout is refused.
    """

  private enum Format: String, CaseIterable {
    case text, json, map
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard !arguments.operands.isEmpty || arguments.has(.linkCommand) else {
      throw UsageError.missingOperand(operands)
    }
    let format = arguments.choice(.format, default: Format.text)
    let inputs = try LayoutInputs(arguments)
    try inputs.refuse(context)
    let result: LayoutResultOfRun
    do throws(LayoutStop) {
      let prediction = try LayoutPrediction(
        inputs.script.script, inputs.command, by: inputs.dialect,
        provider: FileSourceProvider(mayMap: true))
      result = LayoutResultOfRun(inputs: inputs, prediction: prediction)
    } catch {
      return try report(error, format, inputs.dialect, context)
    }
    let comparison = try arguments.path(.diff).map { path in
      LayoutComparison(result.prediction, try image(at: path, arguments))
    }
    switch format {
    case .text:
      LayoutText(writer: context.report, isQuiet: context.isQuiet).write(result, comparison)
    case .json: LayoutJSON(json: JSONWriter(context.output)).write(result, comparison)
    case .map: LayoutMap(output: context.output).write(result)
    }
    let fails = result.prediction.assertions.contains { !$0.holds }
    return fails || comparison?.isEqual == false ? .findings : .success
  }

  private static func image(
    at path: FilePath, _ arguments: ParsedArguments
  ) throws -> Image {
    let inputs = try InputLoader(arguments, inputs: [InputArgument(path: path, role: .symbols)])
      .load([.symbols, .sections])
    guard let image = inputs.images.first else { throw UsageError.missingOperand("an image") }
    return image
  }

  private static func report(
    _ stop: LayoutStop, _ format: Format, _ dialect: LinkerDialect, _ context: ProgramContext
  ) throws -> ExitCode {
    if case .json = format { LayoutJSON(json: JSONWriter(context.output)).write(stop, by: dialect) }
    switch stop {
    case .unreadable(let path, let error): throw InputError(path: path, reason: error)
    case .linkerStops:
      if case .json = format {} else { context.report.line(stop.message) }
      return .findings
    case .refused, .missing:
      context.remarks.write("\(Version.name): ", .bold)
      context.remarks.write("refused: ", .error)
      context.remarks.line(stop.message)
      return .usage
    }
  }
}

extension LayoutInputs {
  /// A script that no linker would read has no layout.
  func refuse(_ context: ProgramContext) throws(ProgramError) {
    guard script.script.isRefused else { return }
    DiagnosticPrinter(writer: context.remarks).write(
      script.script.diagnostics.filter { $0.severity == .error }, in: script.script.sources,
      of: script.path)
    throw ProgramError("\(script.path.display) cannot be read as a linker script")
  }
}
