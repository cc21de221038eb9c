// `lds-check eval`: the verdict on every ASSERT, as the linker would decide for the image's values.

import Constraints
import LdsParser

/// Judges every ASSERT of scripts or maps against images.
enum EvalCommand: Command {
  static let name = "eval"
  static let summary = "the verdict on every ASSERT"
  static let operands = "FILE..."
  static let writesReports = true
  static let options: [OptionSpec] =
    [.format.limited(to: ReportFormat.allCases.map(\.rawValue))]
    + OptionSpec.inputs + OptionSpec.scripts + OptionSpec.link
    + [.linker, .config, .failOn, .strict, .baseline, .writeBaseline] + HeadroomOptions.specs
  static let discussion = """
    FILE is a linker script, preprocessed or as written (.lds.S), or evidence of an image: a map, a listing \
    of nm, a System.map, a xen-syms.map, an ELF or PE file. Each is recognised by its content.
    A map of GNU ld is enough alone: it lists every ASSERT in the linker's own words. Files of one image \
    complete each other: a map does not know absolute symbols, nm does not know section sizes.
    With script and objects, --headroom tells by how many bytes each section may grow until an ASSERT fails, a region \
    overflows, or a constraint or budget of the configuration changes: so many, and one more does it; both are laid out.
    holds and fails are what the linker would decide; undecided names what is missing and what would \
    supply it.
    """

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard arguments.namesInput else { throw UsageError.missingOperand("FILE") }
    let parts: ImageParts = arguments.has(.history) ? .all : [.symbols, .sections, .statements]
    let inputs = try InputLoader(arguments).loadLaidOut(parts)
    context.remark(on: inputs.linkers)
    let room = try HeadroomOptions(arguments)
    var filtering: ReportFiltering?
    var reports: [(linker: LinkerDialect, report: Report)] = []
    for (index, dialect) in (inputs.linkers?.dialects ?? []).enumerated() {
      if dialect == .mold {
        throw UsageError.badValue(
          option: "--linker", value: dialect.description,
          reason: "mold takes no ASSERT from a script: 'lint --linker mold' says what it takes")
      }
      let own =
        index == 0 ? inputs : try InputLoader(arguments, dialect: dialect).loadLaidOut(parts)
      let judged = try judge(own, dialect, room, arguments, context)
      reports.append((dialect, judged.report))
      if index == 0 { filtering = judged.filtering }
    }
    let report = LinkerReports(reports).joined
    if let path = arguments.path(.writeBaseline), let filtering {
      try BaselineFile.write(filtering.known, to: path)
    }
    try context.write(report)
    return report.exitCode(failOn: filtering?.failOn ?? .error)
  }

  /// The verdicts of one linker.
  private static func judge(
    _ inputs: LoadedInputs, _ dialect: LinkerDialect, _ room: HeadroomOptions,
    _ arguments: ParsedArguments, _ context: ProgramContext
  ) throws -> (report: Report, filtering: ReportFiltering) {
    try refuse(inputs.scripts, context)
    let scriptPath = inputs.scripts.first?.path
    let mainPath = scriptPath ?? inputs.images.first?.path ?? FilePath("")
    let configuration = try ConfigurationLoader.load(
      explicit: arguments.path(.config), script: mainPath)
    let growth =
      room.isShown
      ? try inputs.model.map { model in
        let measures = configuration.flatMap { loaded in
          ConfiguredMeasures(
            loaded.configuration, script: inputs.scripts.first?.script, dialect: dialect,
            path: inputs.images.first?.path ?? mainPath)
        }
        return try GrowthSearch(model) { measures?($0) ?? [] }
      } : nil
    let session = Session(
      scripts: inputs.scripts, images: inputs.images, dialect: dialect,
      configuration: configuration?.configuration, settings: inputs.link.settings,
      foretold: inputs.foretold)
    context.remark(on: session.groups)
    let judged = try session.judgeWithConstraints()
    var filtering = try ReportFiltering(arguments, configuration)
    var report = Report(
      kind: .eval, root: RepositoryRoot.find(from: mainPath), mainPath: mainPath)
    report.linkers = [dialect]
    let conflicts = session.groups.flatMap(\.findings)
    if !conflicts.isEmpty { filtering.add(conflicts, sources: SourceSet()) }
    for image in judged {
      let verdicts = VerdictReport(image)
      var assertions = verdicts.assertions(with: room.shown(image, dialect))
      if let growth, image.script != nil {
        for (index, judged) in zip(assertions.indices, image.report.assertions) {
          assertions[index].growth = growth.thresholds(of: judged.condition)
        }
      }
      report.assertions += assertions
      if image.script != nil { report.assignments += verdicts.assignments }
      report.unmet += unmet(image, dialect)
      let found =
        image.findings(isStrict: filtering.isStrict) + room.findings(image, dialect)
      filtering.add(
        found, sources: image.report.program.sources, hasComments: !image.report.program.isMap)
    }
    report.growth = growth?.others ?? []
    let overflows = try RegionJudging.findings(rereading: inputs, arguments, dialect: dialect)
    let sources = inputs.scripts.first?.script.sources ?? SourceSet()
    filtering.add(overflows, sources: sources)
    filtering.finish(into: &report)
    try room.record(judged, dialect)
    return (report, filtering)
  }

  /// What `lint` proves of the script and does not hold for this image.
  private static func unmet(_ image: JudgedImage, _ dialect: LinkerDialect) -> [ReportPremise] {
    let unmet = image.unmetPremises(of: dialect)
    if unmet.isEmpty { return [] }
    // Nothing is proved again for an image that meets them all.
    let proof = ProofReport(image.report.program, dialect: dialect)
    let proved = proof.assertions.filter { $0.verdict != .depends }
    if proved.isEmpty { return [] }
    let messages = proved.map { image.report.program.names.string($0.message) }
    let subject = ReportSubject(image: image.name, variant: image.script?.variant)
    return unmet.map {
      ReportPremise(subject: subject, linker: dialect, unmet: $0, assertions: messages)
    }
  }

  /// A script that no linker would read cannot be judged.
  private static func refuse(
    _ scripts: [LoadedScript], _ context: ProgramContext
  ) throws(ProgramError) {
    let printer = DiagnosticPrinter(writer: context.remarks)
    for script in scripts {
      let isRefused = script.script.isRefused
      printer.write(
        script.script.diagnostics.filter {
          isRefused ? $0.severity == .error : !context.isQuiet || $0.severity == .error
        }, in: script.script.sources, of: script.path)
    }
    if let refused = scripts.first(where: \.script.isRefused) {
      throw ProgramError("\(refused.path.display) cannot be read as a linker script")
    }
  }
}
