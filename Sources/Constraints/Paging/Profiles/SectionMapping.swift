// The profile `sections`: neighbouring sections with equal permissions form one region.

import LdsParser

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
