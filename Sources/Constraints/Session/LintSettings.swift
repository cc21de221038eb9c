// What decides how rules are run beside the files: the linkers, how the image is mapped, what leaves the build.

public import LdsParser

/// What decides how rules are run, beside the files.
public struct LintSettings: Sendable {
  /// The linkers that scripts are meant for, the one whose verdicts count first; never empty.
  public var linkers: [LinkerDialect] = [.bfd, .lld]
  /// Name of the profile; nil for the one that an image's symbols suggest.
  public var profile: String?
  /// The mapping to assume; nil for that of the profile.
  public var description: MappingDescription?
  /// Where the image is put in physical memory.
  public var loadAddress: UInt64?
  /// The image that leaves the build; nil for that of the profile.
  public var shipped: ShippedDescription?
  /// Whether the images are known to be of the link that read the scripts: no verdict on them has to tell then which
  /// proofs they contradict, and which variant made them.
  public var isOfOneLink = false
  /// What start-up code copies and clears; nil if nothing is said of it.
  public var startup: StartupContract?

  /// What constraints ask of the alignment of symbols.
  public var demands: [AlignmentDemand] = []

  /// What holds if nothing is said.
  public init() {}

  /// What a configuration says of it.
  public init(_ configuration: Configuration) {
    if !configuration.linkers.isEmpty { linkers = configuration.linkers }
    if let oldest = configuration.linkerVersion { linkers.add([LinkerDialect(.bfd, oldest)]) }
    loadAddress = configuration.loadAddress
    shipped = ShippedDescription(configuration.image)
    startup = StartupContract(configuration)
    demands = AlignmentDemand.all(of: configuration)
    use(profile: configuration.profile, configuration.mapping)
  }

  /// Takes the mapping of a profile, as far as `mapping` does not say otherwise.
  public mutating func use(profile: String?, _ mapping: ConfiguredMapping?) {
    let named = profile.flatMap { MappingProfiles.description(named: $0) }
    self.profile = profile
    description = mapping.map { MappingDescription($0, over: named) } ?? named
  }

  /// The linker whose verdicts count.
  public var dialect: LinkerDialect { linkers.first { $0 != .mold } ?? .bfd }
}

extension LintSettings {
  /// The plan of an image; a listing without boundaries has none, nor the image of a machine without pages, unless
  /// a profile or mapping says how it is mapped. `machine` is that of the files beside it.
  func plan(
    _ image: Image, beside others: [Image], machine: UInt16?
  ) -> SuperpagePlan? {
    let isTold = profile != nil || description != nil
    guard
      isTold || PageTableModel.isKnown(machine: image.machine ?? machine, is32Bit: image.is32Bit)
    else { return nil }
    let mapped =
      if let description {
        try? MappingProfiles.apply(description, to: image, beside: others)
      } else {
        try? MappingProfiles.apply(profile, to: image, beside: others)
      }
    return mapped.flatMap { try? SuperpagePlan(image, mapped: $0, loadAddress: loadAddress) }
  }
}
