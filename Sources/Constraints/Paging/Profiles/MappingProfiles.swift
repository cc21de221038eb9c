// Which profile fits an image, and how it is applied.

public import LdsParser

/// The profiles that come with the program.
public enum MappingProfiles {
  /// Every name that `--profile` takes.
  public static let names = [
    "xen-x86", "xen-arm64", "xen-riscv64", "linux-x86_64", "linux-arm64", "linux-riscv64", "u-boot",
    "zephyr", "elf", "thp", "sections",
  ]

  static let described: [MappingDescription] = [
    .xenX86, .xenArm64, .xenRISCV64, .linuxX86, .linuxArm64, .linuxRISCV64, .uBoot, .zephyr,
  ]

  /// The description that a profile applies; nil for `elf`, `thp` and `sections`, which take all from the image,
  /// and for a name that is none.
  public static func description(named name: String) -> MappingDescription? {
    described.first { $0.name == name }
  }

  /// The name of the profile that the contents of `image` suggest.
  ///
  /// Two of Xen's `__2M_*` symbols say Xen. `_text` and `_end` with a symbol that only head.S of one
  /// architecture has say Linux. Otherwise program headers, and without those the sections.
  public static func suggested(for image: Image) -> String {
    let xen = MappingDescription.xenSuperpageSymbols
    let linux = [
      "_text", "_end", "startup_64", "phys_startup_64", "primary_entry", "kimage_vaddr",
      "_start_kernel", "__init_data_begin",
    ]
    let pages = ["_idmap_end", "_ident_end", "__ro_after_init_end"]
    let values = SymbolValues(Set(xen + linux + pages), in: image)
    // Xen without superpages: both ports have these names, and no other kernel has.
    if values("__ro_after_init_end") != nil, values("_end") != nil {
      if values("_ident_end") != nil { return "xen-riscv64" }
      if values("_idmap_end") != nil { return "xen-arm64" }
    }
    if xen.filter({ values($0) != nil }).count >= 2 { return "xen-x86" }
    if values("_text") != nil, values("_end") != nil {
      let machine = image.mappedMachine
      if values("startup_64") != nil || values("phys_startup_64") != nil,
        machine == nil || machine == ELF.machineX8664
      {
        return "linux-x86_64"
      }
      if values("primary_entry") != nil || values("kimage_vaddr") != nil,
        machine == nil || machine == ELF.machineAArch64
      {
        return "linux-arm64"
      }
      if values("_start_kernel") != nil, values("__init_data_begin") != nil,
        machine == nil || machine == ELF.machineRISCV
      {
        return "linux-riscv64"
      }
    }
    return image.segments.contains { $0.isLoaded && $0.memorySize > 0 } ? "elf" : "sections"
  }

  /// `image` seen through the profile called `name`, or through the one that fits if that is nil.
  ///
  /// `others` are further files of the same link, which may have symbols that this one lost: ld leaves out of a PE image
  /// those that its symbol table cannot hold.
  public static func apply(
    _ name: String?, to image: Image, beside others: [Image] = []
  ) throws(MappingError) -> MappedImage {
    guard !image.isRelocatable else { throw .relocatable }
    let name = name ?? suggested(for: image)
    switch name {
    case "elf", "thp", "u-boot", "zephyr": return try SegmentMapping.apply(to: image, as: name)
    case "sections": return try SectionMapping.apply(to: image)
    default:
      guard let description = description(named: name) else {
        throw .unknownProfile(name)
      }
      return try apply(description, to: image, beside: others)
    }
  }

  /// `image` seen through `description`, whose expressions `evaluate` understands.
  ///
  /// `evaluate` gives the value of an expression, nil if it cannot be known. Without it an
  /// expression is a symbol's name or a number.
  public static func apply(
    _ description: MappingDescription, to image: Image, beside others: [Image] = [],
    evaluate: ((String) -> UInt64?)? = nil
  ) throws(MappingError) -> MappedImage {
    let symbols = SymbolValues(description.expressions, in: image)
    let further = others.map { SymbolValues(description.expressions, in: $0) }
    let value = { (text: String) -> UInt64? in
      if let found = evaluate?(text) ?? symbols(text) ?? PageSize.number(text) { return found }
      // Boot code that maps page by page goes on behind the last page of a region.
      if let symbol = text.nextPageOf, let found = symbols(symbol) {
        return PageSize.size4K.ceiling(found)
      }
      return further.lazy.compactMap { $0(text) }.first
    }
    guard let start = first(description.start, value), let end = first(description.end, value)
    else {
      let missing = [description.start, description.end].filter { first($0, value) == nil }
      throw .missingSymbols(
        profile: description.name, names: missing.flatMap { $0.isEmpty ? ["start and end"] : $0 })
    }
    let regions = description.regions.compactMap { region(of: $0, value) }
    guard !regions.isEmpty, start.value != end.value else { throw .nothingMapped }
    var description = description
    // Xen up to 4.13 begins its first superpage below `_start`, in slot 0.
    if start.text == "__2M_text_start" { description.firstSlot = nil }
    let model =
      description.pageTable.flatMap(PageTableModel.named)
      ?? .suggested(machine: image.mappedMachine)
    var mapped = MappedImage(
      description: description, model: model,
      isModelAssumed: description.pageTable == nil && image.mappedMachine == nil,
      range: AddressRange(start: start.value, end: end.value),
      base: first(description.base, value)?.value
        ?? defaultBase(start.value, model, description.superpage),
      regions: regions.sorted {
        ($0.range.start, $0.range.byteCount) < ($1.range.start, $1.range.byteCount)
      },
      superpageSymbols: description.superpageSymbols.map { ($0, value($0)) },
      hasDeclaredBoundaries: true)
    mapped.unplaced = description.regions.compactMap { region in
      let missing = [region.start, region.end].filter { first($0, value) == nil }
        .compactMap(\.first)
      return missing.isEmpty ? nil : UnplacedRegion(described: region, missing: missing)
    }
    return mapped
  }

  /// The start of the table that holds the entry of `start`: slot 0.
  static func defaultBase(_ start: UInt64, _ model: PageTableModel, _ size: PageSize) -> UInt64 {
    model.level(mapping: size)?.tableSize.floor(start) ?? 0
  }

  private static func first(
    _ expressions: [String], _ value: (String) -> UInt64?
  ) -> (text: String, value: UInt64)? {
    for text in expressions {
      if let found = value(text) { return (text, found) }
    }
    return nil
  }

  private static func region(
    of described: RegionDescription, _ value: (String) -> UInt64?
  ) -> MappedRegion? {
    guard let start = first(described.start, value), let end = first(described.end, value),
      start.value < end.value || end.value == 0
    else { return nil }
    return MappedRegion(
      name: described.name, range: AddressRange(start: start.value, end: end.value),
      permissions: described.permissions, startSource: start.text, endSource: end.text,
      sections: described.sections)
  }
}

extension MappingDescription {
  /// Every expression in it, and the symbols inside of those that a profile may have.
  var expressions: Set<String> {
    let all = base + start + end + superpageSymbols + regions.flatMap { $0.start + $0.end }
    return Set(all + all.compactMap(\.nextPageOf))
  }

  /// The page size the plan is made for.
  public var superpage: PageSize {
    let sizes = pageSizes.sorted()
    return sizes.count > 1 ? sizes[1] : sizes.first ?? .size2M
  }
}

extension String {
  /// `a` of `ALIGN(a, 4K)`, the one function in expressions of the profiles that come with the program.
  fileprivate var nextPageOf: String? {
    guard hasPrefix("ALIGN("), hasSuffix(", 4K)") else { return nil }
    return String(dropFirst(6).dropLast(5))
  }
}
