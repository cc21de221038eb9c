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
    With script and objects, --headroom tells by how many bytes each section may grow until the image needs \
    another slot, or the permissions of one change, and names an order of sections that takes fewer slots.
    """
  static let options: [OptionSpec] =
    [
      .config, .profile, .loadAddress,
      .format.limited(to: ReportFormat.allCases.map(\.rawValue) + Picture.allCases.map(\.rawValue)),
      .failOn, .baseline, .writeBaseline, .headroom,
    ] + OptionSpec.inputs + OptionSpec.scripts + OptionSpec.link + [.linker]

  static let writesReports = true

  /// The values of `--format` that only a plan can have.
  private enum Picture: String, CaseIterable {
    case svg, html
  }

  /// What the command line and the configuration ask for, the command line first.
  private struct Wishes {
    var loaded: LoadedConfiguration?
    var configuration: Configuration? { loaded?.configuration }
    var profile: String?
    var isProfileGiven: Bool
    var loadAddress: UInt64?
    var dialect: LinkerDialect

    init(_ arguments: ParsedArguments) throws {
      loaded = try ConfigurationLoader.load(
        explicit: arguments.path(.config), script: arguments.inputs.first?.path)
      let configuration = loaded?.configuration
      isProfileGiven = arguments.has(.profile)
      profile = arguments.value(.profile) ?? configuration?.profile
      loadAddress = try arguments.loadAddress() ?? configuration?.loadAddress
      dialect = try ChosenLinkers(arguments, configuration, KnownLink()).first
    }
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard arguments.namesInput else { throw UsageError.missingOperand(operands) }
    let wishes = try Wishes(arguments)
    // Statements are for maps of lld, which print no symbols that the script assigns.
    let inputs = try InputLoader(arguments).loadLaidOut([.symbols, .sections, .statements])
    guard !inputs.images.isEmpty else {
      throw ProgramError(
        "no image to show: only scripts were given", hint: "add the map, or the linked image")
    }
    // One source may be linked into several images under different macros: it then says too little.
    let script =
      inputs.images.count == 1 && inputs.scripts.count == 1 ? inputs.scripts.first?.script : nil
    let links = ImageEvidence.grouping(inputs.images)
    let plans = try inputs.images.enumerated().map { index, image in
      let link = links.first { $0.contains(index) } ?? []
      return try plan(image, link.filter { $0 != index }.map { inputs.images[$0] }, wishes)
    }
    let session = Session(
      images: inputs.images, dialect: wishes.dialect, configuration: wishes.configuration)
    let groups = session.groups
    context.remark(on: groups)
    var filtering = try ReportFiltering(arguments, wishes.loaded)
    let mainPath = inputs.scripts.first?.path ?? inputs.images[0].path
    var report = Report(
      kind: .superpages, root: RepositoryRoot.find(from: mainPath), mainPath: mainPath)
    // Rules on scripts alone are lint's.
    report.ran = RuleRegistry.all.map { $0.description }
      .filter { $0.needs.contains(.plan) && filtering.isEnabled($0.id) }.map(\.id)
    for (image, plan) in zip(inputs.images, plans) {
      let rules = RuleContext(
        script: script, images: [PlannedImage(image, plan: plan)], dialect: wishes.dialect)
      let findings =
        groups.flatMap { $0.findings(about: image) }
        + RuleRegistry.check(rules) { report.ran.contains($0) }
      let sources = script?.sources ?? image.sources
      filtering.add(
        findings, sources: sources, ran: Set(report.ran), hasComments: script != nil)
    }
    let constrained = session.judgeConstraints()
    for image in constrained {
      filtering.add(
        image.findings(isStrict: filtering.isStrict).filter { $0.severity != .note },
        sources: image.report.program.sources, hasComments: false)
    }
    let places = filtering.finish(into: &report)
    report.plans = zip(plans, places).map { plan, place in
      SuperpageResult(plan: plan, findings: Array(report.findings[place]))
    }
    // The constraints are shown with the first file of their image.
    for (image, place) in zip(constrained, places.dropFirst(plans.count)) {
      let first = inputs.images.firstIndex { $0.path == image.images.first?.path }
      if let first { report.plans[first].findings += report.findings[place] }
    }
    if arguments.has(.headroom), let model = inputs.model, let path = inputs.images.first?.path {
      report.growth = try GrowthSearch(model, judgesAssertions: false) { layout in
        guard let plan = try? plan(layout.image(path: path), [], wishes) else { return [] }
        return measures(plan)
      }.others
      if let script, let shown = plans.first {
        report.order = try order(model) { try plan($0.image(path: path), [], wishes) }.map {
          ReportOrder($0, shown.pageSize, script.sources)
        }
      }
    }
    report.comparison = plans.count == 2 ? PlanComparison(plans[0], plans[1]) : nil
    if let path = arguments.path(.writeBaseline) {
      try BaselineFile.write(filtering.known, to: path)
    }
    try write(report, arguments.value(.format).flatMap(Picture.init), context)
    return report.exitCode(failOn: filtering.failOn)
  }

  /// An order of output sections with which the image takes fewer superpages.
  private static func order(
    _ model: LayoutModel, _ plan: (LayoutPrediction) throws -> SuperpagePlan
  ) throws(ProgramError) -> BetterOrder? {
    do throws(LayoutStop) {
      return try model.betterOrder { layout in
        (try? plan(layout)).map {
          FrameCount(slots: $0.slots.count, mixed: $0.mixedFrames.count)
        }
      }
    } catch {
      throw ProgramError("the objects cannot be laid out: \(error.message)")
    }
  }

  /// What of a plan may change when a section grows.
  private static func measures(_ plan: SuperpagePlan) -> [LayoutMeasure] {
    let name = "\(plan.pageSize) slots"
    return [
      LayoutMeasure(name: name, value: "\(plan.slots.count)", isOrdered: true),
      LayoutMeasure(
        name: "\(plan.pageSize) slots of mixed permissions", value: "\(plan.mixedFrames.count)",
        isOrdered: false, steps: plan.slotsOfRegions),
    ]
  }

  // MARK: Reading

  private static func plan(
    _ image: Image, _ others: [Image], _ wishes: Wishes
  ) throws(ProgramError) -> SuperpagePlan {
    let isTold = wishes.profile != nil || wishes.configuration?.mapping != nil
    guard isTold || PageTableModel.isKnown(of: image) else {
      throw ProgramError(
        "\(image.path.display): no page tables are known for \(image.machineName), so there is no plan",
        hint:
          "microcontrollers have none; where there are some, 'mapping' of .lds-check.json names them"
      )
    }
    do {
      return try SuperpagePlan(
        image, mapped: try mapped(image, others, wishes), loadAddress: wishes.loadAddress)
    } catch {
      throw ProgramError("\(image.path.display): \(error.message)")
    }
  }

  /// The image as `--profile`, the configuration's mapping, its profile, or its own contents have it.
  private static func mapped(
    _ image: Image, _ others: [Image], _ wishes: Wishes
  ) throws(MappingError) -> MappedImage {
    guard !wishes.isProfileGiven, let configuration = wishes.configuration,
      let mapping = configuration.mapping
    else { return try MappingProfiles.apply(wishes.profile, to: image, beside: others) }
    let name = wishes.profile ?? MappingProfiles.suggested(for: image)
    let values = ConfiguredValues(
      mapping, script: configuration.script, image: image, dialect: wishes.dialect)
    return try MappingProfiles.apply(
      MappingDescription(mapping, over: MappingProfiles.description(named: name)), to: image,
      beside: others
    ) { values($0) }
  }

  // MARK: Writing

  private static func write(
    _ report: Report, _ picture: Picture?, _ context: ProgramContext
  ) throws {
    let plans = report.plans
    switch picture {
    case .svg:
      context.output.write(
        PlanSVG.document(plans, differences: report.comparison?.differences ?? []))
    case .html:
      context.output.write(PlanHTML(results: plans, comparison: report.comparison).document)
    case nil: break
    }
    try context.write(report, hasMain: picture == nil)
  }
}
