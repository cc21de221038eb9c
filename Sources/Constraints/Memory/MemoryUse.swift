// How full the memory regions of an image are, and which sections fill them: the table of
// `ld --print-memory-usage`, and what its numbers are made of.

public import LdsParser

/// The use of memory by one image.
public struct MemoryUse: Sendable {
  /// One region.
  public struct Region: Sendable {
    /// The name's bytes.
    public var name: [UInt8]
    /// Other names that `REGION_ALIAS` gives it.
    public var aliases: [[UInt8]]
    /// Its first address; nil for all memory of an image without regions.
    public var origin: UInt64?
    /// Bytes that it has; nil where no MEMORY is known.
    public var length: UInt64?
    /// Bytes up to where the linker has filled it: what `--print-memory-usage` prints.
    public var used: UInt64
    /// What is in it, in order of placing.
    public var residents: [Resident]

    /// Bytes that are left; negative where it overflows. Nil where its length is not known.
    public var free: Int64? { length.map { Int64(truncatingIfNeeded: $0 &- used) } }
    /// Bytes too many, 0 where it fits.
    public var overflow: UInt64 { length.map { used > $0 ? used &- $0 : 0 } ?? 0 }

    /// The name for people.
    public var displayName: String { String(decoding: name, as: UTF8.self) }
  }

  /// A section in a region.
  public struct Resident: Sendable {
    /// Index of the output section in the file that lists it.
    public var section: Int
    /// The section's name.
    public var name: [UInt8]
    /// Its address in this region.
    public var address: UInt64
    /// Bytes that it takes here.
    public var size: UInt64
    /// Whether only its initial contents are here, to be copied to where it runs.
    public var isLoadImage: Bool
  }

  /// The files, the one whose sections count first.
  public let files: [Image]
  /// The regions in order of MEMORY; one for all memory where no MEMORY is known.
  public private(set) var regions: [Region]
  /// What the files do not tell; empty where every number is the linker's.
  public private(set) var doubts: [MemoryDoubt]
  let image: MemoryImage

  /// The use of memory by the image that `files` describe.
  ///
  /// - Parameters:
  ///   - files: a map, a linked image, or both.
  ///   - script: the script that it was linked with, if it is known.
  ///   - dialect: the linker that counts, where no map names it: lld counts sections without contents in the load
  ///     region, too, and has no pointer that moves back.
  /// - Returns: nil for files that list no output sections.
  public init?(_ files: [Image], script: LinkerScript?, dialect: LinkerDialect = .bfd) {
    guard let image = MemoryImage(files, dialect: dialect) else { return nil }
    self.image = image
    self.files = [image.layout] + files.filter { $0.path != image.layout.path }
    doubts = []
    regions = []
    let layout = RegionLayout(image, script)
    guard let declared = layout.regions else {
      doubts = layout.doubts
      regions = [Self.everything(image.sections(nil), image)]
      return
    }
    var counter = RegionCounter(
      image.sections(layout.placements), regions: declared, hasScript: layout.placements != nil,
      linker: image.linker)
    counter.run()
    doubts = layout.doubts + counter.doubts
    if !image.layout.kind.isMap, image.linker != .lld, let placements = layout.placements {
      let sections = image.layout.outputSections
      let kept = Set(sections.map(\.name))
      let loaded = Set(
        sections.filter { $0.size > 0 && $0.flags?.contains(.noBits) == false }.map(\.name))
      for (index, region) in declared.enumerated() {
        doubts += placements.droppedBehind(kept, loaded: loaded, in: index).prefix(1).map {
          .dropped(section: $0, region: region.name)
        }
      }
    }
    regions = declared.indices.map { Self.region($0, counter) }
  }

  /// Whether a map and an image are of one link by their sections: a stripped image has no symbols to tell it by.
  public static func areOfOneLink(_ left: Image, _ right: Image) -> Bool {
    guard left.kind.isMap != right.kind.isMap, left.kind.isBinary != right.kind.isBinary else {
      return false
    }
    let (map, binary) = left.kind.isMap ? (left, right) : (right, left)
    let allocated = binary.outputSections.filter {
      $0.size > 0 && $0.flags?.contains(.allocated) == true
    }
    return !allocated.isEmpty
      && allocated.allSatisfy { section in
        map.outputSections.contains {
          $0.name == section.name && $0.vma == section.vma && $0.size == section.size
        }
      }
  }

  /// The region called `name`, or by an alias of it.
  public func region(named name: String) -> Region? {
    let bytes = Array(name.utf8)
    return regions.first { $0.name == bytes || $0.aliases.contains(bytes) }
  }

  /// Whether MEMORY is known.
  public var hasRegions: Bool { regions.contains { $0.length != nil } }

  /// Whether the count of a region is the linker's for certain.
  public func isCertain(_ region: Region) -> Bool {
    doubts.allSatisfy { $0.region != nil && $0.region != region.name }
  }

  /// The least and the most that may be in a region, where the files do not tell.
  public func bounds(of region: Region) -> ClosedRange<Int64> {
    let used = Int64(truncatingIfNeeded: region.used)
    var (low, high) = (used, used)
    for doubt in doubts where doubt.region == region.name {
      switch doubt {
      case .loading(_, _, let bytes, let isCounted), .orphan(_, _, let bytes, let isCounted):
        let size = Int64(truncatingIfNeeded: bytes)
        if isCounted { low &-= size } else { high &+= size }
      case .allocation(_, _, let bytes): low &-= Int64(truncatingIfNeeded: bytes)
      // Whoever asks for the room that is left wants the load image counted, as it is.
      case .dropped, .loadAddress, .noRegions, .unknownExtent, .undeclared: break
      }
    }
    return low...max(low, high)
  }

  private static func region(_ index: Int, _ counter: RegionCounter) -> Region {
    let declared = counter.regions[index]
    return Region(
      name: declared.name, aliases: declared.aliases, origin: declared.origin,
      length: declared.length, used: counter.pointers[index] &- declared.origin,
      residents: counter.shares.filter { $0.region == index }.map { share in
        let section = counter.sections[share.section]
        return Resident(
          section: section.index, name: section.name, address: share.address, size: share.size,
          isLoadImage: share.isLoadImage)
      })
  }

  /// All allocated sections of an image without regions, without what lies between them.
  private static func everything(_ sections: [MemorySection], _ image: MemoryImage) -> Region {
    let residents = sections.filter { $0.extent > 0 && ($0.vma != 0 || $0.flags != nil) }.map {
      Resident(
        section: $0.index, name: $0.name, address: $0.vma, size: $0.extent, isLoadImage: false)
    }
    return Region(
      name: Array("(image)".utf8), aliases: [], origin: nil, length: nil,
      used: residents.reduce(0) { $0 &+ $1.size }, residents: residents)
  }
}

/// Where the regions of an image come from: numbers from the map, homes and aliases from the script.
private struct RegionLayout {
  var regions: [RegionDeclaration]?
  var placements: SectionPlacements?
  var doubts: [MemoryDoubt] = []

  init(_ image: MemoryImage, _ script: LinkerScript?) {
    let listed = RegionDeclaration.all(of: image.layout)
    guard let script else {
      regions = listed.isEmpty ? nil : listed
      if listed.isEmpty { doubts = [.noRegions] }
      return
    }
    let outline = ScriptOutline(script)
    let program = Program(script)
    var declared =
      listed.isEmpty
      ? RegionDeclaration.all(of: program, outline, linker: image.linker) ?? [] : listed
    if declared.isEmpty {
      doubts = [outline.regions.isEmpty ? .noRegions : .unknownExtent]
      return
    }
    for (alias, name) in outline.aliases.sorted(by: { $0.key.index < $1.key.index }) {
      let target = program.names.bytes(name)
      guard let index = declared.firstIndex(where: { $0.name == target }) else { continue }
      declared[index].aliases.append(program.names.bytes(alias))
    }
    let placements = SectionPlacements(
      outline, program, regions: declared, linker: image.linker)
    var seen: Set<[UInt8]> = []
    doubts = placements.undeclared.filter { seen.insert($0).inserted }.map {
      .undeclared(region: $0)
    }
    regions = declared
    self.placements = placements
  }
}

/// A region of which more is used than there is.
public struct MemoryOverflow: Sendable {
  /// The region.
  public let region: MemoryUse.Region
  /// The sentence: lower case, no full stop.
  public let text: String

  /// The regions of `use` that overflow whatever the files do not tell, in order.
  public static func all(of use: MemoryUse) -> [MemoryOverflow] {
    use.regions.filter { $0.overflow > 0 }.compactMap { region in
      guard let length = region.length, use.bounds(of: region).lowerBound > Int64(clamping: length)
      else { return nil }
      let largest = use.rows(of: region, by: .section).filter { $0.bytes > 0 }.prefix(4).map {
        "\($0.displayName) (\(hexadecimal(UInt64($0.bytes))))"
      }
      return MemoryOverflow(
        region: region,
        text: "region '\(region.displayName)' has \(hexadecimal(length)) bytes and needs "
          + "\(hexadecimal(region.used)): \(hexadecimal(region.overflow)) too many; the largest are "
          + largest.joined(separator: ", "))
    }
  }

  /// The line of MEMORY that declares the region.
  public func place(in script: LinkerScript) -> SourceSpan? {
    ScriptOutline(script).regions.first { script.names.bytes($0.name.name) == region.name }?.span
  }
}
