// The profile `elf`: one region for each loadable program header.

import LdsParser

enum SegmentMapping {
  /// `PT_LOAD`.
  private static let load: UInt32 = 1

  /// The regions that the program headers of `image` ask for.
  ///
  /// - Parameter name: The profile that they are shown as.
  static func apply(to image: Image, as name: String = "elf") throws(MappingError) -> MappedImage {
    var regions: [MappedRegion] = []
    for (index, segment) in image.segments.enumerated() {
      guard segment.type == load, segment.memorySize > 0 else { continue }
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
    let model = PageTableModel.suggested(machine: image.machine)
    var description = description
    description.pageSizes = model.pageSizes
    self.init(
      description: description, model: model, isModelAssumed: image.machine == nil,
      range: AddressRange(start: first.range.start, end: last &+ 1),
      base: MappingProfiles.defaultBase(first.range.start, model, description.superpage),
      regions: sorted, superpageSymbols: [], hasDeclaredBoundaries: false)
  }
}
