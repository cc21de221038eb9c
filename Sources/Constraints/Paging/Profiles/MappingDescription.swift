// How an image is meant to be mapped, as data: what a profile or the `mapping` of a configuration says.

public import LdsParser

/// One region as described: bounds are expressions, most often a symbol's name.
public struct RegionDescription: Sendable, Hashable {
  /// `text`.
  public var name: String
  /// Expressions for the first address, the first one that can be evaluated counts.
  public var start: [String]
  /// Expressions for the address after the last byte, the first one that can be evaluated counts.
  public var end: [String]
  /// What the mapping allows.
  public var permissions: Permissions
  /// Section names that belong here, `*` standing for anything; empty where nothing is said about them.
  public var sections: [String]

  /// A region between two symbols or expressions.
  public init(
    name: String, start: [String], end: [String], permissions: Permissions, sections: [String] = []
  ) {
    self.name = name
    self.start = start
    self.end = end
    self.permissions = permissions
    self.sections = sections
  }
}

/// A table whose end symbol has to stand right behind it.
public struct TableDescription: Sendable, Hashable {
  /// The end symbol.
  public var end: String
  /// The patterns of the input sections that make up the table.
  public var sections: [String]

  /// The table of `sections` that ends at `end`.
  public init(end: String, sections: [String]) {
    self.end = end
    self.sections = sections
  }
}

/// How an image is meant to be mapped.
///
/// Built-in profiles are values of this type, and the `mapping` of `.lds-check.json` is read into one.
public struct MappingDescription: Sendable, Hashable {
  /// The profile's name, `mapping` for one from a configuration.
  public var name: String
  /// The page sizes wanted, smallest first; the second is the superpage of the plan.
  public var pageSizes: [PageSize]
  /// Page-table format; nil to take it from the image's machine.
  public var pageTable: String?
  /// Expressions for the address that slot 0 stands for; empty to round the start down to a table's size.
  public var base: [String]
  /// Bytes that the boot page table reaches from the base on; nil if it is not limited.
  public var windowBytes: UInt64?
  /// Slot in which the image has to start; nil if any will do.
  public var firstSlot: UInt64?
  /// Expressions for the first address of the image.
  public var start: [String]
  /// Expressions for the address after its last byte.
  public var end: [String]
  /// The regions in address order.
  public var regions: [RegionDescription]
  /// Boundaries that boot code compares with the superpage before it uses superpages at all.
  public var superpageSymbols: [String]
  /// Whether boot code maps the image with superpages, so that its base has to be aligned to one and the
  /// load address has to agree with it.
  public var needsSuperpageBase: Bool
  /// Whether boot code maps from boundary to boundary as they are, so that each has to be aligned; otherwise
  /// it rounds them to pages itself.
  public var usesBoundariesAsTheyAre: Bool
  /// Whether nothing but the regions is mapped.
  public var coversImage: Bool
  /// Whether the section names of the regions are all there are: any other one is a stray.
  public var listsAllSections: Bool
  /// Tables that code walks or copies up to a symbol.
  public var tables: [TableDescription]
  /// The image that leaves the build; nil where nothing is said of it.
  public var image: ShippedDescription?

  /// A description of regions, everything else left at its mildest.
  public init(name: String, regions: [RegionDescription], start: [String] = [], end: [String] = [])
  {
    self.name = name
    self.regions = regions
    self.start = start
    self.end = end
    pageSizes = [.size4K, .size2M, .size1G]
    pageTable = nil
    base = []
    windowBytes = nil
    firstSlot = nil
    superpageSymbols = []
    needsSuperpageBase = false
    usesBoundariesAsTheyAre = true
    coversImage = true
    listsAllSections = false
    tables = []
  }
}

// From the `mapping` of a configuration to the description that profiles use.
extension MappingDescription {
  /// The mapping that a configuration describes; what it leaves out is taken from `base`, the profile that
  /// is in force, or left at its mildest.
  public init(_ mapping: ConfiguredMapping, over base: MappingDescription? = nil) {
    self = base ?? MappingDescription(name: "mapping", regions: [])
    name = "mapping"
    if !mapping.regions.isEmpty { regions = mapping.regions.map { RegionDescription($0) } }
    if !mapping.pageSizes.isEmpty {
      pageSizes = mapping.pageSizes.compactMap { PageSize(bytes: $0) }
    }
    pageTable = mapping.pageTable ?? pageTable
    // A base that only the preprocessor knows (XEN_VIRT_START) leaves that of the profile in force.
    self.base = mapping.base.map(\.text) + self.base
    windowBytes = mapping.window ?? windowBytes
    firstSlot = mapping.firstSlot ?? firstSlot
    start = Self.bound(mapping.start, mapping.regions.first?.start, start)
    end = Self.bound(mapping.end, mapping.regions.last?.end, end)
    if !mapping.superpageSymbols.isEmpty { superpageSymbols = mapping.superpageSymbols }
    needsSuperpageBase = mapping.needsSuperpageBase ?? needsSuperpageBase
    usesBoundariesAsTheyAre = mapping.usesBoundariesAsTheyAre ?? usesBoundariesAsTheyAre
    coversImage = mapping.coversImage ?? coversImage
    listsAllSections = mapping.listsAllSections ?? listsAllSections
    tables =
      mapping.tables?.map { TableDescription(end: $0.end, sections: $0.sections) } ?? tables
  }

  /// What is said, else the bound of the outermost region that is said, else what was there.
  private static func bound(
    _ said: [ConfiguredExpression], _ region: [ConfiguredExpression]?, _ preset: [String]
  ) -> [String] {
    if !said.isEmpty { return said.map(\.text) }
    return region?.map(\.text) ?? preset
  }
}

extension RegionDescription {
  /// A region of a configuration, which was checked when it was read.
  init(_ region: ConfiguredRegion) {
    self.init(
      name: region.name, start: region.start.map(\.text), end: region.end.map(\.text),
      permissions: Permissions(region.permissions) ?? [], sections: region.sections)
  }
}
