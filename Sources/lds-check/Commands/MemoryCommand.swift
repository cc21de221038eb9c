// `lds-check memory FILE...`: how full the memory regions are, who fills them, who grew, and what may be.

import Constraints
import LdsParser

enum MemoryCommand: Command {
  static let name = "memory"
  static let summary = "how full the memory regions are, who fills them, and who grew"
  static let operands = "FILE... | OLD NEW | SCRIPT OBJECT..."
  static let discussion = """
    Shows the table of 'ld --print-memory-usage' for a map or an image, and what fills each region: output \
    sections, objects, archives or symbols, largest first, in bytes that sum to what is used. The map of a link \
    that failed will do. FILE is a map, an ELF image, or both; a map of GNU ld has the regions, for other files \
    give the linker script, too. A script and objects are enough before any link, --link-command FILE names them all.
    Two images, or --against, show who grew. The budgets of the configuration are judged like ASSERTs: exit \
    status 1 if one is exceeded or a region overflows.
    --history appends a line about this build to a file and shows how memory went; without FILE it only shows.
    """
  static let options: [OptionSpec] =
    [
      .grouping, .against, .history, .label, .config,
      .format.limited(to: ReportFormat.allCases.map(\.rawValue) + Page.allCases.map(\.rawValue)),
      .failOn, .strict, .baseline, .writeBaseline,
    ] + OptionSpec.inputs + OptionSpec.scripts + [.linker] + OptionSpec.link

  static let writesReports = true

  /// The values of `--format` that only this command has.
  private enum Page: String, CaseIterable {
    case csv, markdown, svg, html
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard arguments.namesInput || arguments.has(.history) else {
      throw UsageError.missingOperand(operands)
    }
    let run = try MemoryRun(arguments)
    context.remark(on: run.groups)
    for complaint in run.inputs.complaints where complaint.kind != .overflow {
      context.remark("the linker would make no image: \(complaint.text)")
    }
    let mainPath = run.inputs.scripts.first?.path ?? run.inputs.images.first?.path ?? FilePath("")
    var report = Report(
      kind: .memory, root: RepositoryRoot.find(from: mainPath), mainPath: mainPath)
    var filtering = try ReportFiltering(arguments, run.loaded)
    var known: [Baseline] = []
    for batch in run.findings(isStrict: filtering.isStrict) {
      known.append(Baseline(batch.findings, sources: batch.sources))
      filtering.add(batch.findings, sources: batch.sources)
    }
    filtering.finish(into: &report)
    report.assertions = run.verdicts
    try run.record()
    report.memory = try run.result()
    if let path = arguments.path(.writeBaseline) {
      try BaselineFile.write(Baseline(joining: known), to: path)
    }
    try write(report, arguments.value(.format).flatMap(Page.init), context)
    return report.exitCode(failOn: filtering.failOn)
  }

  private static func write(_ report: Report, _ page: Page?, _ context: ProgramContext) throws {
    if let result = report.memory {
      switch page {
      case .csv: context.output.write(MemoryCSV.document(result))
      case .markdown: context.output.write(MemoryMarkdown(result: result).document)
      case .svg: context.output.write(MemorySVG(result: result).document)
      case .html: context.output.write(MemoryHTML(result: result).document)
      case nil: break
      }
    }
    try context.write(report, hasMain: page == nil)
  }
}
