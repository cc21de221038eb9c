// The profiles `sections` and `elf`, which need nothing but the image: one region for each run of output sections with
// the same permissions, or one for each loadable program header.

import LdsParser

/// The profile `sections`: neighbouring sections with equal permissions form one region.
enum SectionMapping {
  /// The regions that the section flags of `image` ask for.
  ///
  /// Maps do not tell flags; for those, well-known names stand in (`.text` is executable), and other
  /// sections have permissions that are not known.
  static func apply(to image: Image) throws(MappingError) -> MappedImage {
    var regions: [MappedRegion] = []
    for section in loaded(image) {
      let name = String(decoding: section.name, as: UTF8.self)
      let permissions = section.flags.map(Permissions.init) ?? customaryPermissions(name)
      let range = AddressRange(start: section.vma ?? 0, byteCount: section.size)
      if let previous = regions.last, previous.permissions == permissions,
        previous.range.end <= range.start
      {
        regions[regions.count - 1].range = AddressRange(
          start: previous.range.start, end: range.end)
        regions[regions.count - 1].endSource = name
      } else {
        regions.append(
          MappedRegion(
            name: name, range: range, permissions: permissions, startSource: name, endSource: name))
      }
    }
    let description = MappingDescription(name: "sections", regions: [])
    return try MappedImage(description: description, regions: regions, of: image)
  }

  /// Sections that take memory at run time, in address order.
  static func loaded(_ image: Image) -> [OutputSectionRecord] {
    image.outputSections.filter(LoadedSection.isLoaded)
      .sorted { ($0.vma ?? 0, $0.place) < ($1.vma ?? 0, $1.place) }
  }

  private static func customaryPermissions(_ name: String) -> Permissions? {
    let customs: [(patterns: [String], permissions: Permissions)] = [
      ([".text", ".text.*", ".init", ".fini", ".plt", ".init.text"], [.read, .execute]),
      (
        [
          ".rodata", ".rodata.*", ".note*", ".eh_frame*", ".dynsym", ".dynstr", ".hash", ".gnu.*",
          ".interp", ".rela.*", ".rel.*",
        ], .read
      ),
      (
        [
          ".data", ".data.*", ".bss", ".bss.*", ".init.data", ".got*", ".dynamic", ".init_array",
          ".fini_array", ".tdata", ".sdata", ".sbss",
        ],
        [.read, .write]
      ),
    ]
    let bytes = Array(name.utf8)
    return customs.first { $0.patterns.contains { Glob(Array($0.utf8)).matches(bytes) } }?
      .permissions
  }
}

/// The profile `elf`: one region for each loadable program header.
enum SegmentMapping {
  /// The regions that the program headers of `image` ask for.
  ///
  /// - Parameter name: The profile that they are shown as.
  static func apply(to image: Image, as name: String = "elf") throws(MappingError) -> MappedImage {
    var regions: [MappedRegion] = []
    for (index, segment) in image.segments.enumerated() {
      guard segment.isLoaded, segment.memorySize > 0 else { continue }
      let permissions = Permissions(segment)
      let source = "program header \(index)"
      regions.append(
        MappedRegion(
          name: "LOAD \(index)",
          range: AddressRange(start: segment.virtualAddress, byteCount: segment.memorySize),
          permissions: permissions, startSource: source, endSource: source))
    }
    let description = MappingDescription(name: name, regions: [])
    return try MappedImage(description: description, regions: regions, of: image)
  }
}

extension MappedImage {
  /// An image whose extent is that of its regions.
  init(
    description: MappingDescription, regions: [MappedRegion], of image: Image
  ) throws(MappingError) {
    let sorted = regions.sorted { $0.range.start < $1.range.start }
    guard let first = sorted.first, let last = sorted.map(\.range.last).max() else {
      throw .nothingMapped
    }
    let model = PageTableModel.suggested(machine: image.mappedMachine)
    var description = description
    description.pageSizes = model.pageSizes
    self.init(
      description: description, model: model, isModelAssumed: image.mappedMachine == nil,
      range: AddressRange(start: first.range.start, end: last &+ 1),
      base: MappingProfiles.defaultBase(first.range.start, model, description.superpage),
      regions: sorted, superpageSymbols: [], hasDeclaredBoundaries: false)
  }
}
