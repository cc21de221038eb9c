// Every key of a `.lds-check.json`, once. The reader, "did you mean" and the test of the JSON Schema share it.

/// Keys of one kind of object.
protocol ConfigurationKey: CaseIterable, RawRepresentable<String> {
  /// What the object is called in messages.
  static var owner: String { get }
}

/// Keys of the configuration itself.
public enum ConfigurationTopKey: String, CaseIterable, Sendable {
  case schema = "$schema"
  case profile
  case rules
  case mapping
  case image
  case constraints
  case copy
  case clear
  case reserve
  case protect
  case budgets
  case linker
  case linkerVersion = "ldVersion"
  case loadAddress
  case failOn
  case strict
  case baseline
  case tags = "saf"
  case tagDatabases = "safDatabases"
  case files
  case exclude
  case images
  case objects
  case include
  case includeFiles
  case define
  case target
  case overrides
}

/// Keys of an element of `overrides`.
public enum ConfigurationOverrideKey: String, CaseIterable, Sendable {
  case files
  case include
  case includeFiles
  case define
  case target
  case rules
}

/// Keys of `mapping`.
public enum ConfigurationMappingKey: String, CaseIterable, Sendable {
  case pageSizes
  case pageTable
  case base
  case window
  case firstSlot
  case start
  case end
  case regions
  case superpageSymbols
  case needsSuperpageBase
  case usesBoundariesAsTheyAre
  case coversImage
  case listsAllSections
  case tables
}

/// Keys of an element of `mapping.tables`.
public enum ConfigurationTableKey: String, CaseIterable, Sendable {
  case end
  case sections
}

/// Keys of an element of `mapping.regions`.
public enum ConfigurationRegionKey: String, CaseIterable, Sendable {
  case name
  case start
  case end
  case permissions
  case sections
}

/// Keys of `image`.
public enum ConfigurationImageKey: String, CaseIterable, Sendable {
  case form
  case end
}

/// Keys of an element of `constraints`.
public enum ConfigurationConstraintKey: String, CaseIterable, Sendable {
  case name
  case expression
  case why
}

extension ConfigurationTopKey: ConfigurationKey {
  static let owner = "the configuration"
}

extension ConfigurationOverrideKey: ConfigurationKey {
  static let owner = "an override"
}

extension ConfigurationMappingKey: ConfigurationKey {
  static let owner = "a mapping"
}

extension ConfigurationRegionKey: ConfigurationKey {
  static let owner = "a region"
}

extension ConfigurationTableKey: ConfigurationKey {
  static let owner = "a table"
}

extension ConfigurationImageKey: ConfigurationKey {
  static let owner = "an image"
}

extension ConfigurationConstraintKey: ConfigurationKey {
  static let owner = "a constraint"
}
