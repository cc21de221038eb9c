// What the options say of linting, over what the configuration says.

import Constraints
import LdsParser

extension LintSettings {
  /// The settings of a run of `lint`.
  init(_ arguments: ParsedArguments, _ configuration: Configuration?) throws {
    self = configuration.map { LintSettings($0) } ?? LintSettings()
    switch arguments.value(.linker) {
    case "bfd": linkers = [.bfd]
    case "lld": linkers = [.lld]
    case nil: break
    default: linkers = [.bfd, .lld]
    }
    version = try arguments.linkerVersion() ?? version
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
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0,
      minor >= 0
    else {
      throw .badValue(
        option: "--ld-version", value: text, reason: "expected a version, such as 2.40")
    }
    return LinkerVersion(major, minor)
  }
}
