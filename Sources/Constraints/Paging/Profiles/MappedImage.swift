// A mapping description applied to one image: regions with addresses.

internal import LdsParser

/// One region of an image.
public struct MappedRegion: Sendable, Hashable {
  /// `text`.
  public var name: String
  /// Its bytes.
  public var range: AddressRange
  /// What its mapping allows; nil where the evidence does not tell.
  public var permissions: Permissions?
  /// What gave the first address: a symbol, an expression, `program header 0`.
  public var startSource: String
  /// What gave the end.
  public var endSource: String
  /// Section names that belong here; empty where nothing is said about them.
  public var sections: [String]

  /// A region with its bytes.
  public init(
    name: String, range: AddressRange, permissions: Permissions?, startSource: String,
    endSource: String, sections: [String] = []
  ) {
    self.name = name
    self.range = range
    self.permissions = permissions
    self.startSource = startSource
    self.endSource = endSource
    self.sections = sections
  }

  /// Whether a section called `section` is listed as belonging here.
  public func lists(section: String) -> Bool { sections.matchSection(section) }
}

extension RegionDescription {
  /// Whether a section called `section` is listed as belonging here.
  func lists(_ section: String) -> Bool { sections.matchSection(section) }
}

extension [String] {
  /// Whether one of these patterns takes the name of a section.
  fileprivate func matchSection(_ section: String) -> Bool {
    let name = [UInt8](section.utf8)
    return contains { Glob([UInt8]($0.utf8)).matches(name) }
  }
}

/// A region of which an end is not known.
public struct UnplacedRegion: Sendable, Hashable {
  /// What was described.
  public var described: RegionDescription
  /// The symbols or expressions that have no value.
  public var missing: [String]
}

/// A description applied to one image.
public struct MappedImage: Sendable {
  /// What was applied; for `elf` and `sections` a description without regions.
  public var description: MappingDescription
  /// Page-table format.
  public var model: PageTableModel
  /// Whether the format is a guess: the file does not tell its machine, and the profile is of no one
  /// architecture.
  public var isModelAssumed: Bool
  /// From the first byte to the last.
  public var range: AddressRange
  /// The address that slot 0 stands for.
  public var base: UInt64
  /// Non-empty regions in address order.
  public var regions: [MappedRegion]
  /// Regions of the description that could not be placed, since the files have no symbol for an end of theirs.
  public var unplaced: [UnplacedRegion] = []
  /// Values of the symbols that boot code checks before it uses superpages, nil for a missing one.
  public var superpageSymbols: [(name: String, value: UInt64?)]
  /// Where the boundaries are the image's own statement (symbols) and not what a linker rounded (program
  /// headers, sections).
  public var hasDeclaredBoundaries: Bool
}

extension MappedImage {
  /// Whether a section may lie in a region that could not be placed.
  func mayHold(_ section: String) -> Bool {
    unplaced.contains { $0.described.sections.isEmpty || $0.described.lists(section) }
  }
}

/// Why an image cannot be shown as a plan.
public enum MappingError: Error, Sendable, Hashable {
  /// The file tells neither regions, nor segments, nor sections.
  case nothingMapped
  /// No profile has this name.
  case unknownProfile(String)
  /// The profile needs symbols that the file does not have.
  case missingSymbols(profile: String, names: [String])
  /// More pages than a picture can show.
  case tooManyFrames(UInt64)
  /// More regions than a picture can show.
  case tooManyRegions(Int)
  /// A relocatable object has no addresses yet.
  case relocatable

  /// The sentence.
  public var message: String {
    switch self {
    case .nothingMapped:
      "no regions found: the file has no '__2M_*' or Linux symbols, no program headers and no sections; "
        + "give an image or a map beside it, or name the regions in 'mapping' of .lds-check.json"
    case .unknownProfile(let name):
      "unknown profile '\(name)', expected one of \(MappingProfiles.names.joined(separator: ", "))"
    case .missingSymbols(let profile, let names):
      "profile '\(profile)' needs \(names.map { "'\($0)'" }.joined(separator: " or ")), which the file "
        + "does not have"
    case .tooManyFrames(let count):
      "the image touches \(count) superpages, more than the \(SuperpagePlan.frameLimit) a plan is made for"
    case .tooManyRegions(let count):
      "the image has \(count) regions, more than the \(SuperpagePlan.regionLimit) a plan is made for"
    case .relocatable:
      "a relocatable object has no addresses; give the linked image or its map"
    }
  }
}
