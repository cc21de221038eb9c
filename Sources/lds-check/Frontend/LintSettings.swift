// What the options say of linting, over what the configuration says.

import Constraints
import LdsParser

extension LintSettings {
  /// The settings of a run of `lint`.
  ///
  /// - Parameter chosen: what the files tell, too; nil where they were not read yet.
  init(
    _ arguments: ParsedArguments, _ configuration: Configuration?, _ chosen: ChosenLinkers? = nil
  ) throws {
    self = configuration.map { LintSettings($0) } ?? LintSettings()
    linkers = try (chosen ?? ChosenLinkers(arguments, configuration, KnownLink())).meant
    if let oldest = try arguments.linkerVersion() { linkers.add([LinkerDialect(.bfd, oldest)]) }
    loadAddress = try arguments.loadAddress() ?? loadAddress
    let name = arguments.value(.profile) ?? configuration?.profile
    if let name, !MappingProfiles.names.contains(name) {
      throw ProgramError(
        "unknown profile '\(name)'",
        hint: "the profiles are \(MappingProfiles.names.joined(separator: ", "))")
    }
    use(profile: name, configuration?.mapping)
  }
}

extension ParsedArguments {
  /// The number of `--load-address`.
  func loadAddress() throws(UsageError) -> UInt64? {
    guard let text = value(.loadAddress) else { return nil }
    guard let address = PageSize.number(text) else {
      throw .badValue(
        option: "--load-address", value: text,
        reason: "expected a number, such as 0x15a00000 or 346M")
    }
    return address
  }

  /// The version of `--ld-version`: `2.40`.
  func linkerVersion() throws(UsageError) -> LinkerVersion? {
    guard let text = value(.linkerVersion) else { return nil }
    guard text.contains("."), let version = LinkerVersion(text) else {
      throw .badValue(
        option: "--ld-version", value: text, reason: "expected a version, such as 2.40")
    }
    return version
  }
}

// Which rules are asked for: `--select`, `--ignore`, and what the configuration says of them.
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
