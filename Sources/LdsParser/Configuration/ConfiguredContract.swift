// What start-up code does with memory and what protection units have to cover: said in symbols, judged as constraints.
//
//     "copy":    [{"load": "_sidata", "start": "_sdata", "end": "_edata", "word": 4}],
//     "clear":   [{"start": "_sbss", "end": "_ebss", "word": 4}],
//     "reserve": [{"name": "stack", "start": "_ebss", "end": "_estack", "atLeast": "1K", "memory": "RAM"}],
//     "protect": [{"name": "code", "unit": "mpu-v7m", "start": "_stext", "end": "_etext"}]

/// Memory from one expression to another.
public struct ConfiguredRange: Sendable {
  /// What it is called in reports.
  public var name: String
  /// The first address.
  public var start: ConfiguredExpression
  /// The address behind the last byte.
  public var end: ConfiguredExpression
  /// Bytes that the loop over it takes at once; 1 where nothing is said.
  public var word: UInt64
  /// The element of the configuration.
  public var span: SourceSpan
}

/// A copy that start-up code makes before `main`.
public struct ConfiguredCopy: Sendable {
  /// Where the bytes go.
  public var run: ConfiguredRange
  /// Where they come from.
  public var load: ConfiguredExpression
}

/// The hardware that gives a range of addresses its permissions, by what it asks of one.
public enum ProtectionUnit: String, Sendable, CaseIterable {
  /// MPU of Armv7-M, Armv6-M and Armv7-R: 32 bytes or more, a power of two, aligned to itself (Armv7-M Architecture
  /// Reference Manual, B3.5.8 `MPU_RBAR`, B3.5.9 `MPU_RASR`).
  case mpuV7M = "mpu-v7m"
  /// The same, with eighths of a region of 256 bytes or more switched off (`MPU_RASR.SRD`).
  case mpuV7MSubregions = "mpu-v7m-subregions"
  /// MPU of Armv8-M and Armv8-R: base and limit on 32 bytes (Armv8-M Architecture Reference Manual, `MPU_RBAR`, `MPU_RLAR`).
  case mpuV8M = "mpu-v8m"
  /// RISC-V PMP, naturally aligned power of two of 8 bytes or more (Privileged Architecture, 3.7.1).
  case pmpNAPOT = "pmp-napot"
  /// RISC-V PMP, top of range: both ends on 4 bytes, or on the granule of the core (Privileged Architecture, 3.7.1).
  case pmpTOR = "pmp-tor"

  /// The least region there is, and what both ends are multiples of.
  public var granule: UInt64 {
    switch self {
    case .mpuV7M, .mpuV7MSubregions, .mpuV8M: 32
    case .pmpNAPOT: 8
    case .pmpTOR: 4
    }
  }

  /// Whether a region is a power of two and begins at a multiple of itself.
  public var isNaturallyAligned: Bool {
    switch self {
    case .mpuV7M, .pmpNAPOT: true
    case .mpuV7MSubregions, .mpuV8M, .pmpTOR: false
    }
  }
}

/// A range that one region of a protection unit has to be.
public struct ConfiguredProtection: Sendable, Hashable {
  /// The unit.
  public var unit: ProtectionUnit
  /// What both ends have to be multiples of.
  public var granule: UInt64

  /// One region of `unit` whose ends are multiples of `granule`.
  public init(unit: ProtectionUnit, granule: UInt64) {
    self.unit = unit
    self.granule = granule
  }
}

/// Keys of an element of `copy`.
public enum ConfigurationCopyKey: String, CaseIterable, Sendable {
  case name
  case load
  case loadEnd
  case start
  case end
  case word
  case why
}

/// Keys of an element of `clear`.
public enum ConfigurationClearKey: String, CaseIterable, Sendable {
  case name
  case start
  case end
  case word
  case why
}

/// Keys of an element of `reserve`.
public enum ConfigurationReserveKey: String, CaseIterable, Sendable {
  case name
  case start
  case end
  case atLeast
  case memory
  case word
  case why
}

/// Keys of an element of `protect`.
public enum ConfigurationProtectKey: String, CaseIterable, Sendable {
  case name
  case unit
  case granule
  case start
  case end
  case memory
  case why
}

extension ConfigurationCopyKey: ConfigurationKey {
  static let owner = "a copy"
}

extension ConfigurationClearKey: ConfigurationKey {
  static let owner = "a range to clear"
}

extension ConfigurationReserveKey: ConfigurationKey {
  static let owner = "a reserve"
}

extension ConfigurationProtectKey: ConfigurationKey {
  static let owner = "a protected range"
}
