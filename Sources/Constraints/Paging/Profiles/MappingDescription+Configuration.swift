// From the `mapping` of a configuration to the description that profiles use.

public import LdsParser

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
