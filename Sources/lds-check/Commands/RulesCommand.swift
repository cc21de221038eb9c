// `lds-check rules [RULE]`: the rules, or all about one.

import Constraints
import LdsParser

/// Prints the list of rules, the page of one, or all pages as a document.
enum RulesCommand: Command {
  static let name = "rules"
  static let summary = "the rules; one rule's page"
  static let operands = "[RULE]"
  static let options: [OptionSpec] = [.format.limited(to: Format.allCases.map(\.rawValue))]
  static let discussion = """
    Without RULE, lists every rule with its severity and one sentence, then what the program itself reports \
    under a name. With RULE, tells what it reports, why, \
    how to mend it, and shows scripts that it reports and scripts that it is silent about.
    markdown is the whole documentation of the rules.
    """

  private enum Format: String, CaseIterable {
    case text, markdown
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    if arguments.operands.count > 1 {
      throw UsageError.unexpectedOperand(arguments.operands[1].display)
    }
    let format = arguments.choice(.format, default: Format.text)
    guard let name = arguments.operands.first?.display else {
      switch format {
      case .text: writeList(context.report)
      case .markdown: context.output.write(RulePages.document)
      }
      return .success
    }
    guard let rule = RuleRegistry.rule(name)?.description else {
      if let kind = ProgramFindings.all.first(where: { $0.id == name }) {
        context.output.write(format == .text ? RulePages.text(kind) : RulePages.markdown(kind))
        return .success
      }
      let names = ProgramFindings.everything.map(\.id)
      let hint = Suggestion.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
      throw ProgramError(
        "no rule is called '\(name)'", hint: hint ?? "'lds-check rules' lists them")
    }
    switch format {
    case .text: context.output.write(RulePages.text(rule))
    case .markdown: context.output.write(RulePages.markdown(rule))
    }
    return .success
  }

  private static func writeList(_ writer: TextWriter) {
    let rules = RuleRegistry.all.map { FindingKind($0.description) }
    let others = ProgramFindings.all
    let width = (rules + others).map(\.id.count).max() ?? 0
    writeList(rules, width, writer)
    writer.line()
    writeList(others, width, writer)
  }

  private static func writeList(_ kinds: [FindingKind], _ width: Int, _ writer: TextWriter) {
    for rule in kinds {
      writer.write(rule.id, .bold)
      writer.write(String(repeating: " ", count: width - rule.id.count + 2))
      writer.write(rule.severity.rawValue, DiagnosticPrinter.style(rule.severity))
      writer.write(String(repeating: " ", count: 9 - rule.severity.rawValue.count))
      writer.line(rule.summary)
    }
  }
}
