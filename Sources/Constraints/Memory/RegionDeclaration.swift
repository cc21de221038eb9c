// The memory regions of one link: what MEMORY declares, from the map that lists it or from the script.

internal import LdsParser

/// One region of MEMORY (ld manual, 3.7).
struct RegionDeclaration: Sendable {
  var name: [UInt8]
  var aliases: [[UInt8]] = []
  var origin: UInt64
  var length: UInt64
  /// What goes here if it names no region.
  var attributes = RegionAttributes()

  /// The regions of a GNU ld map, which prints no aliases.
  static func all(of map: Image) -> [RegionDeclaration] {
    map.regions.map { record in
      RegionDeclaration(
        name: record.name, origin: record.origin, length: record.length,
        attributes: RegionAttributes(printed: Array(record.attributes.utf8)))
    }
  }

  /// The regions of a script, in order; nil if ORIGIN or LENGTH of one is no number.
  static func all(
    of program: Program, _ outline: ScriptOutline, linker: LinkerDialect.Family
  ) -> [RegionDeclaration]? {
    var regions: [RegionDeclaration] = []
    for line in outline.regions {
      let name = program.names.bytes(line.name.name)
      // "redeclaration of memory region": the first counts.
      if regions.contains(where: { $0.name == name }) { continue }
      guard let origin = program.expressions.foldedValue(line.origin),
        let length = program.expressions.foldedValue(line.length)
      else { return nil }
      regions.append(
        RegionDeclaration(
          name: name, origin: origin, length: length,
          attributes: RegionAttributes(line.attributes, program.names, linker: linker)))
    }
    return regions
  }

  /// Whether an address lies in it.
  func contains(_ address: UInt64) -> Bool {
    address >= origin && address &- origin < length
  }
}
