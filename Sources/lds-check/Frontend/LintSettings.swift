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
