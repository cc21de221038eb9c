// Which rules are asked for: `--select`, `--ignore`, and what the configuration says of them.

import Constraints
import LdsParser

extension RuleLevels {
  /// The levels of a run.
  init(_ arguments: ParsedArguments, _ configuration: LoadedConfiguration?) throws(UsageError) {
    let selected = try arguments.rules(.select, "--select")
    self.init(
      configuration?.configuration.rules ?? [],
      overrides: configuration?.configuration.overrides ?? [],
      naming: configuration?.naming ?? .asGiven,
      selected: arguments.has(.select) ? selected : nil,
      ignored: try arguments.rules(.ignore, "--ignore"))
  }
}

extension ParsedArguments {
  /// The rules that the values of an option name, `*` and `?` included.
  fileprivate func rules(_ id: OptionID, _ option: String) throws(UsageError) -> Set<String> {
    let known = ProgramFindings.everything.map(\.id)
    var rules: Set<String> = []
    for word in all(id).flatMap({ $0.split(separator: UInt8(ascii: ",")) }) {
      let named = known.filter { Glob(Array(word)).matches(Array($0.utf8)) }
      guard !named.isEmpty else {
        let text = String(decoding: word, as: UTF8.self)
        let hint = Suggestion.nearest(to: text, among: known).map { "; did you mean '\($0)'?" }
        throw .badValue(
          option: option, value: text, reason: "no rule is called so" + (hint ?? ""))
      }
      rules.formUnion(named)
    }
    return rules
  }
}
