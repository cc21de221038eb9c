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
    PE image, a map, or a symbol listing; the script beside one image tells which sections it did not place.
    Two images are shown side by side with their differences.
    """
  static let options: [OptionSpec] =
    [
      .config, .profile, .loadAddress, .format.limited(to: Format.allCases.map(\.rawValue)),
      .failOn,
    ] + OptionSpec.inputs + OptionSpec.scripts + [.linker]

  /// The values of `--format`.
  private enum Format: String, CaseIterable {
    case text, json, svg, html
  }

  /// What the command line and the configuration ask for, the command line first.
  private struct Wishes {
    var configuration: Configuration?
    var profile: String?
    var isProfileGiven: Bool
    var loadAddress: UInt64?
    var dialect: LinkerDialect

    init(_ arguments: ParsedArguments) throws {
      configuration = try ConfigurationLoader.load(
        explicit: arguments.path(.config), script: arguments.inputs.first?.path)?.configuration
      isProfileGiven = arguments.has(.profile)
      profile = arguments.value(.profile) ?? configuration?.profile
      loadAddress = try arguments.loadAddress() ?? configuration?.loadAddress
      dialect = arguments.choice(.linker, default: configuration?.linker ?? .bfd)
    }
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard !arguments.inputs.isEmpty else { throw UsageError.missingOperand(operands) }
    let wishes = try Wishes(arguments)
    // Statements are for maps of lld, which print no symbols that the script assigns.
    let inputs = try InputLoader(arguments).load([.symbols, .sections, .statements])
    guard !inputs.images.isEmpty else {
      throw ProgramError(
        "no image to show: only scripts were given", hint: "add the map, or the linked image")
    }
    // One source may be linked into several images under different macros: it then says too little.
    let script =
      inputs.images.count == 1 && inputs.scripts.count == 1 ? inputs.scripts.first?.script : nil
    let results = try inputs.images.map { try result($0, script, wishes) }
    write(results, arguments.choice(.format, default: Format.text), context)
    let threshold = arguments.choice(
      .failOn, default: wishes.configuration?.failOn ?? FailureThreshold.error)
    let isReached = results.contains { result in
      result.findings.contains { threshold.isReached(by: $0.severity) }
    }
    return isReached ? .findings : .success
  }

  // MARK: Reading

  private static func result(
    _ image: Image, _ script: LinkerScript?, _ wishes: Wishes
  ) throws(ProgramError) -> SuperpageResult {
    let plan: SuperpagePlan
    do {
      plan = try SuperpagePlan(
        image, mapped: try mapped(image, wishes), loadAddress: wishes.loadAddress)
    } catch {
      throw ProgramError("\(image.path.display): \(error.message)")
    }
    let context = RuleContext(
      script: script, images: [PlannedImage(image, plan: plan)], dialect: wishes.dialect)
    let filter = FindingFilter(levels: wishes.configuration?.rules ?? [])
    // Rules on scripts alone are lint's.
    let ran = RuleRegistry.all.map { $0.description }
      .filter { $0.needs.contains(.plan) && filter.isEnabled($0.id) }.map(\.id)
    let findings = RuleRegistry.check(context) { ran.contains($0) }
    let sources = script?.sources ?? image.sources
    let kept = filter.apply(findings, sources: sources, ran: Set(ran)).shown
    return SuperpageResult(
      plan: plan, findings: kept.sorted { $0.severity > $1.severity }, sources: sources)
  }

  /// The image as `--profile`, the configuration's mapping, its profile, or its own contents have it.
  private static func mapped(
    _ image: Image, _ wishes: Wishes
  ) throws(MappingError) -> MappedImage {
    guard !wishes.isProfileGiven, let configuration = wishes.configuration,
      let mapping = configuration.mapping
    else { return try MappingProfiles.apply(wishes.profile, to: image) }
    let name = wishes.profile ?? MappingProfiles.suggested(for: image)
    let values = ConfiguredValues(
      mapping, script: configuration.script, image: image, dialect: wishes.dialect)
    return try MappingProfiles.apply(
      MappingDescription(mapping, over: MappingProfiles.description(named: name)), to: image
    ) { values($0) }
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
        PlanSVG.document(results, differences: comparison?.differences ?? []))
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
}
