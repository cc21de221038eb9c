// How an image is meant to be mapped, as data: what a profile or the `mapping` of a configuration says.

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
