// Pages of rules from the rules themselves: for the terminal, and as Markdown for Documentation/rules.md.

import Constraints
import LdsParser

enum RulePages {
  /// One rule for the terminal.
  static func text(_ rule: RuleDescription) -> String {
    var page = "\(rule.id) (\(rule.severity.rawValue))\n\n"
    page += wrapped(sentence(rule.summary)) + "\n"
    page += wrapped(rule.rationale) + "\n"
    page += "To mend: " + rule.fix + ".\n"
    page +=
      "To silence: /* lds-check: disable=\(rule.id) reason */ on the line or the line above.\n"
    page += "Needs: \(needs(rule)).\n"
    for example in rule.bad { page += block("Reported", example) }
    for example in rule.good { page += block("Not reported", example) }
    return page
  }

  /// One kind of finding that no rule makes, for the terminal.
  static func text(_ kind: FindingKind) -> String {
    var page = "\(kind.id) (\(kind.severity.rawValue))\n\n"
    page += wrapped(kind.summary) + "\n" + wrapped(kind.rationale) + "\n"
    page += wrapped("To mend: " + kind.fix)
    page +=
      "To silence: /* lds-check: disable=\(kind.id) reason */ on the line or the line above, or \"off\" in\n"
      + ".lds-check.json.\n"
    return page
  }

  /// One kind of finding that no rule makes, as a section of the document.
  static func markdown(_ kind: FindingKind) -> String {
    "## \(kind.id)\n\n*\(kind.severity.rawValue)*: \(escaped(kind.summary))\n\n"
      + wrapped(escaped(kind.rationale + " " + kind.fix))
  }

  private static func block(_ title: String, _ example: RuleExample) -> String {
    var text = "\n\(title): \(example.title)\n"
    if let script = example.script {
      for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
        text += "    " + line.filter { $0 != "↓" } + "\n"
      }
    }
    if let beside = example.beside { text += "  beside\n    " + beside + "\n" }
    if let said = example.configuration { text += "  with .lds-check.json\n    " + said + "\n" }
    for message in example.messages { text += "  -> " + message + "\n" }
    return text
  }

  /// One rule as a section of the document.
  static func markdown(_ rule: RuleDescription) -> String {
    var page = "## \(rule.id)\n\n"
    page += "*\(rule.severity.rawValue)*, needs \(needs(rule)): \(rule.summary).\n\n"
    page += wrapped(escaped(rule.rationale)) + "\n"
    page += wrapped("To mend it, " + escaped(rule.fix) + ".") + "\n"
    for example in rule.bad { page += markdownBlock("Reported", example) }
    for example in rule.good { page += markdownBlock("Not reported", example) }
    return page
  }

  private static func markdownBlock(_ title: String, _ example: RuleExample) -> String {
    var text = "\(title): \(example.title).\n\n"
    if let script = example.script {
      text += "```ld\n" + script.filter { $0 != "↓" } + "\n```\n\n"
    }
    if let beside = example.beside { text += "beside\n\n```ld\n\(beside)\n```\n\n" }
    if let said = example.configuration {
      text += "with `.lds-check.json`\n\n```json\n\(said)\n```\n\n"
    }
    for message in example.messages { text += "> \(escaped(message))\n\n" }
    return text
  }

  /// Every rule, the content of `Documentation/rules.md`.
  static var document: String {
    let rules = RuleRegistry.all.map { $0.description }
    var text = """
      # Rules

      Made from the rules themselves by `lds-check rules --format markdown`; a test keeps it true. Every example
      is a test. A finding is silenced with `/* lds-check: disable=RULE reason */` on its line or the line
      above, all of a file with `disable-file=RULE`; `.lds-check.json` sets the severity of a rule or turns it `off`.

      | rule | severity | reports |
      |---|---|---|

      """
    for rule in rules {
      text +=
        "| [\(rule.id)](#\(rule.id)) | \(rule.severity.rawValue) | \(escaped(rule.summary)) |\n"
    }
    for kind in ProgramFindings.all {
      text +=
        "| [\(kind.id)](#\(kind.id)) | \(kind.severity.rawValue) | \(escaped(kind.summary)) |\n"
    }
    for page in rules.map(markdown) + ProgramFindings.all.map(markdown) {
      text += "\n" + page
      while text.hasSuffix("\n\n") { text.removeLast() }
    }
    return text
  }

  private static func needs(_ rule: RuleDescription) -> String {
    let words = RuleNeed.allCases.filter(rule.needs.contains).map { need in
      switch need {
      case .script: "a script"
      case .image: "an image or map"
      case .plan: "an image whose regions are known"
      }
    }
    return words.joined(separator: " and ")
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// Markdown takes these characters for its own.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "*_<>|[]`\\".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// The text in lines of at most 100 columns, with a line end.
  private static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > 100 {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n") + "\n"
  }
}
