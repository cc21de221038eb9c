// `lds-check diff OLD NEW`: what changed between two images of one program.

import Constraints
import LdsParser

/// Compares two images.
enum DiffCommand: Command {
  static let name = "diff"
  static let summary = "what changed between two images"
  static let operands = "OLD NEW | HISTORY [NEW]"
  static let options: [OptionSpec] =
    [.format.limited(to: Format.allCases.map(\.rawValue)), .profile, .allRows, .sort]
    + OptionSpec.inputs
    + OptionSpec.scripts + [.linker]
  static let discussion = """
    OLD and NEW are maps, images or symbol listings, recognised by their content. Between two maps of GNU ld, \
    or with the linker script beside them, the ASSERTs that changed sides and the room that bounds lost or won \
    are shown too. What grew comes first, the largest first; of symbols without a size, the room up to the next symbol \
    is told. What moved by one distance is one line; --all shows each.
    HISTORY is a file that 'eval --history' wrote: its last build is compared with the one before and with the \
    first, or NEW with its last build.
    The exit status is 0 whether they differ or not, as long as no ASSERT fails in NEW that holds in OLD.
    """

  private enum Format: String, CaseIterable {
    case text, json
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    if let history = try history(arguments) { return try follow(history, arguments, context) }
    let inputs = try InputLoader(arguments).load()
    guard inputs.images.count == 2 else {
      throw ProgramError(
        "two images are compared, and \(inputs.images.count) "
          + "\(inputs.images.count == 1 ? "was" : "were") given"
          + (inputs.scripts.isEmpty
            ? "" : " beside \(inputs.scripts.count == 1 ? "a script" : "scripts")"),
        hint:
          "'lds-check diff OLD NEW', each a map, an image or a symbol listing, in files of their own"
      )
    }
    let difference = try self.difference(inputs, arguments)
    switch arguments.choice(.format, default: Format.text) {
    case .text:
      text(arguments, context).write(
        difference, from: inputs.images[0].path, to: inputs.images[1].path)
    case .json:
      DifferenceJSON(json: JSONWriter(context.output))
        .write(difference, old: inputs.images[0].path, new: inputs.images[1].path)
    }
    let isWorse = difference.verdicts.contains { $0.now == .fails && $0.before != .fails }
    return isWorse ? .findings : .success
  }

  private static func text(
    _ arguments: ParsedArguments, _ context: ProgramContext
  ) -> DifferenceText {
    DifferenceText(
      writer: context.report, isQuiet: context.isQuiet, listsAll: arguments.has(.allRows),
      order: arguments.choice(.sort, default: DifferenceOrder.size))
  }

  /// The history that the first operand is; nil if it is none.
  private static func history(_ arguments: ParsedArguments) throws -> BuildHistory? {
    guard let first = arguments.inputs.first, first.role == .any, !first.isStandardInput else {
      return nil
    }
    let buffer: SourceBuffer
    do throws(ReadError) {
      buffer = try FileInput.read(first.path)
    } catch {
      throw InputError(path: first.path, reason: error)
    }
    return BuildHistory.isOne(buffer) ? try BuildHistory(buffer) : nil
  }

  private static func follow(
    _ history: BuildHistory, _ arguments: ParsedArguments, _ context: ProgramContext
  ) throws -> ExitCode {
    let trends: [BuildTrend]
    if arguments.inputs.count == 1 {
      trends = BuildTrend.all(of: history)
    } else {
      let inputs = try InputLoader(arguments, inputs: Array(arguments.inputs.dropFirst())).load()
      let dialect = inputs.dialect
      let judged = try Session(
        scripts: inputs.scripts, images: inputs.images, dialect: dialect
      ).judge()
      trends = BuildTrend.all(
        of: history,
        to: judged.map {
          BuildSummary(image: $0.name ?? "", report: $0.report, dialect: dialect)
        })
    }
    guard !trends.isEmpty else {
      throw ProgramError(
        "\(history.path.display): no earlier build of the image to compare with",
        hint: "'lds-check eval --history FILE' adds a line a build")
    }
    switch arguments.choice(.format, default: Format.text) {
    case .text:
      text(arguments, context).write(trends)
    case .json:
      DifferenceJSON(json: JSONWriter(context.output)).write(trends, history: history.path)
    }
    return trends.contains { $0.since == "previous" && $0.isWorse } ? .findings : .success
  }

  private static func difference(
    _ inputs: LoadedInputs, _ arguments: ParsedArguments
  ) throws -> ImageDifference {
    let plans = inputs.images.map { image in
      (try? MappingProfiles.apply(arguments.value(.profile), to: image)).flatMap {
        // Regions made of sections or segments say again what sections say.
        $0.hasDeclaredBoundaries || arguments.has(.profile)
          ? try? SuperpagePlan(image, mapped: $0) : nil
      }
    }
    var difference = ImageDifference(
      old: inputs.images[0], new: inputs.images[1], oldPlan: plans[0], newPlan: plans[1])
    // Images that nothing is asserted about have no verdicts to compare.
    let reports = inputs.images.compactMap { image in
      try? Session(scripts: inputs.scripts, images: [image], dialect: inputs.dialect).judge().first?
        .report
    }
    if reports.count == 2 { difference.compare(old: reports[0], new: reports[1]) }
    return difference
  }
}
