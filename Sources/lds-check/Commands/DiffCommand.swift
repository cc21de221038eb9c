// `lds-check diff OLD NEW`: what changed between two images of one program.

import Constraints
import LdsParser

/// Compares two images.
enum DiffCommand: Command {
  static let name = "diff"
  static let summary = "what changed between two images"
  static let operands = "OLD NEW"
  static let options: [OptionSpec] =
    [.format.limited(to: Format.allCases.map(\.rawValue)), .profile] + OptionSpec.inputs
    + OptionSpec.scripts + [.linker]
  static let discussion = """
    OLD and NEW are maps, images or symbol listings, recognised by their content. Between two maps of GNU ld, \
    or with the linker script beside them, the ASSERTs that changed sides and the room that bounds lost or won \
    are shown too.
    The exit status is 0 whether they differ or not, as long as no ASSERT fails in NEW that holds in OLD.
    """

  private enum Format: String, CaseIterable {
    case text, json
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    let inputs = try InputLoader(arguments).load()
    guard inputs.images.count == 2 else {
      throw UsageError.missingOperand(inputs.images.count < 2 ? operands : "two images, no more")
    }
    let difference = try self.difference(inputs, arguments)
    switch arguments.choice(.format, default: Format.text) {
    case .text:
      DifferenceText(writer: context.report, isQuiet: context.isQuiet).write(difference)
    case .json:
      DifferenceJSON(json: JSONWriter(context.output))
        .write(difference, old: inputs.images[0].path, new: inputs.images[1].path)
    }
    let isWorse = difference.verdicts.contains { $0.now == .fails && $0.before != .fails }
    return isWorse ? .findings : .success
  }

  private static func difference(
    _ inputs: LoadedInputs, _ arguments: ParsedArguments
  ) throws -> ImageDifference {
    let dialect = arguments.choice(.linker, default: LinkerDialect.bfd)
    let plans = inputs.images.map { image in
      (try? MappingProfiles.apply(arguments.value(.profile), to: image)).flatMap {
        try? SuperpagePlan(image, mapped: $0)
      }
    }
    var difference = ImageDifference(
      old: inputs.images[0], new: inputs.images[1], oldPlan: plans[0], newPlan: plans[1])
    // Images that nothing is asserted about have no verdicts to compare.
    let reports = inputs.images.compactMap { image in
      try? Judging.judge(
        inputs.scripts, ImageGroup.all([image]), dialect: dialect
      ).first?.report
    }
    if reports.count == 2 { difference.compare(old: reports[0], new: reports[1]) }
    return difference
  }
}
