// The `mapping` of a configuration: page sizes, regions, boundaries.
//
//     {"pageSizes": ["4K", "2M", "1G"], "base": "XEN_VIRT_START",
//      "regions": [{"name": "text", "start": "_start", "end": "_etext", "permissions": "r-x"}]}

extension ConfigurationReader {
  mutating func readMapping(_ id: JSONNodeID) {
    var mapping = ConfiguredMapping()
    forEachMember(id, ConfigurationMappingKey.self) { reader, key, value in
      switch key {
      case .pageSizes: mapping.pageSizes = reader.pageSizes(value)
      case .pageTable:
        mapping.pageTable = reader.name(value, "page table", reader.names.pageTables)
      case .base: mapping.base = reader.expressions(value)
      case .window: mapping.window = reader.byteCount(value)
      case .firstSlot: mapping.firstSlot = reader.byteCount(value)
      case .start: mapping.start = reader.expressions(value)
      case .end: mapping.end = reader.expressions(value)
      case .regions: mapping.regions = reader.regions(value)
      case .superpageSymbols: mapping.superpageSymbols = reader.strings(value)
      case .needsSuperpageBase: mapping.needsSuperpageBase = reader.boolean(value)
      case .usesBoundariesAsTheyAre: mapping.usesBoundariesAsTheyAre = reader.boolean(value)
      case .coversImage: mapping.coversImage = reader.boolean(value)
      case .listsAllSections: mapping.listsAllSections = reader.boolean(value)
      case .tables: mapping.tables = reader.tables(value)
      }
    }
    result.mapping = mapping
  }

  private mutating func pageSizes(_ id: JSONNodeID) -> [UInt64] {
    var sizes: [UInt64] = []
    for element in array(id) {
      guard let bytes = byteCount(element) else { continue }
      guard bytes != 0, bytes & (bytes &- 1) == 0 else {
        error(element, "bad-value", "a page size is a power of two, such as \"4K\" or \"2M\"")
        continue
      }
      sizes.append(bytes)
    }
    return sizes.sorted()
  }

  private mutating func regions(_ id: JSONNodeID) -> [ConfiguredRegion] {
    array(id).compactMap { region($0) }
  }

  private mutating func region(_ id: JSONNodeID) -> ConfiguredRegion? {
    var region = ConfiguredRegion(name: "", permissions: "")
    forEachMember(id, ConfigurationRegionKey.self) { reader, key, value in
      switch key {
      case .name: region.name = reader.string(value) ?? ""
      case .start: region.start = reader.expressions(value)
      case .end: region.end = reader.expressions(value)
      case .permissions: region.permissions = reader.permissions(value) ?? ""
      case .sections: region.sections = reader.strings(value)
      }
    }
    return require(id, ConfigurationRegionKey.self, [.name, .start, .end, .permissions])
      ? region : nil
  }

  private mutating func tables(_ id: JSONNodeID) -> [ConfiguredTable] {
    array(id).compactMap { element in
      var table = ConfiguredTable(end: "", sections: [])
      forEachMember(element, ConfigurationTableKey.self) { reader, key, value in
        switch key {
        case .end: table.end = reader.string(value) ?? ""
        case .sections: table.sections = reader.strings(value)
        }
      }
      return require(element, ConfigurationTableKey.self, [.end, .sections]) ? table : nil
    }
  }

  /// `r-x`: the letters in order, `-` for what is not allowed.
  private mutating func permissions(_ id: JSONNodeID) -> String? {
    guard let text = string(id) else { return nil }
    let isValid =
      text.utf8.count == 3
      && zip(text, "rwx").allSatisfy { $0 == $1 || $0 == "-" }
    if !isValid {
      error(id, "bad-value", "'\(text)' are no permissions, expected letters such as r-x or rw-")
    }
    return isValid ? text : nil
  }
}
