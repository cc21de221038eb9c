// `lds-check superpages FILE...`: how an image falls on superpages.

import Constraints
import LdsParser

enum SuperpagesCommand: Command {
  static let name = "superpages"
  static let summary = "show the page-mapping plan of an image"
  static let operands = "FILE..."
  static let discussion = """
    Shows how the regions of an image fall on superpages: which slots of the page table they take, which \
    permissions each slot needs, where two regions share one, and what alignment costs. FILE is an ELF or \
    PE image, a map, or a symbol listing.
    Two files are shown side by side with their differences.
    """
  static let options: [OptionSpec] =
    [.symbols, .profile, .loadAddress, format, .failOn]

  private static var format: OptionSpec {
    var format = OptionSpec.format
    format.allowedValues = ["text", "json", "svg", "html"]
    return format
  }

  /// The values of `--format`.
  private enum Format: String {
    case text, json, svg, html
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard !arguments.inputs.isEmpty else { throw UsageError.missingOperand(operands) }
    let loadAddress = try arguments.loadAddress()
    var results: [SuperpageResult] = []
    try InputLoader(arguments).eachImage([.symbols, .sections]) { image in
      results.append(
        try result(image, profile: arguments.value(.profile), loadAddress: loadAddress))
    }
    write(results, arguments.choice(.format, default: Format.text), context)
    return exitCode(results.flatMap(\.findings), arguments)
  }

  // MARK: Reading

  private static func result(
    _ image: Image, profile: String?, loadAddress: UInt64?
  ) throws(ProgramError) -> SuperpageResult {
    let plan: SuperpagePlan
    do {
      let mapped = try MappingProfiles.apply(profile, to: image)
      plan = try SuperpagePlan(image, mapped: mapped, loadAddress: loadAddress)
    } catch {
      throw ProgramError("\(image.path.display): \(error.message)")
    }
    let findings = RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: plan)]))
    return SuperpageResult(
      plan: plan, findings: findings.sorted { $0.severity > $1.severity }, sources: image.sources)
  }

  // MARK: Writing

  private static func write(
    _ results: [SuperpageResult], _ format: Format, _ context: ProgramContext
  ) {
    let comparison =
      results.count == 2 ? PlanComparison(results[0].plan, results[1].plan) : nil
    switch format {
    case .text: writeText(results, comparison, context)
    case .json:
      PlanJSON(json: JSONWriter(context.output))
        .write(results, differences: comparison?.differences ?? [])
    case .svg:
      context.output.write(
        PlanSVG.document(results.map(\.plan), differences: comparison?.differences ?? []))
    case .html:
      context.output.write(PlanHTML(results: results, comparison: comparison).document)
    }
  }

  private static func writeText(
    _ results: [SuperpageResult], _ comparison: PlanComparison?, _ context: ProgramContext
  ) {
    let text = PlanText(writer: context.report)
    for (index, result) in results.enumerated() {
      if index > 0 { context.report.line() }
      text.write(result.plan)
      if !result.findings.isEmpty { context.report.line() }
      let printer = FindingPrinter(writer: context.report, sources: result.sources)
      for finding in result.findings where !context.isQuiet || finding.severity > .note {
        printer.write(finding)
      }
    }
    if let comparison {
      context.report.line()
      text.write(
        comparison, left: results[0].plan.path.lastComponent.display,
        right: results[1].plan.path.lastComponent.display)
    }
  }

  private static func exitCode(_ findings: [Finding], _ arguments: ParsedArguments) -> ExitCode {
    let level = arguments.value(.failOn) ?? "error"
    guard let least = Severity(rawValue: level) else { return .success }
    return findings.contains { $0.severity >= least } ? .findings : .success
  }
}
