// The memory regions of one link: what MEMORY declares, from the map that lists it or from the script.

internal import LdsParser

/// One region of MEMORY (ld manual, 3.7).
struct RegionDeclaration: Sendable {
  /// Which sections without a region of their own a region takes (`lang_memory_default`, ldlang.c).
  struct Wishes: Sendable {
    var taken: SectionAspects = []
    var refused: SectionAspects = []

    /// Reads letters such as `rwx`, of which those behind `!` refuse.
    mutating func add(_ letters: [UInt8], isNegated: Bool) {
      var isNegated = isNegated
      for letter in letters {
        if letter == UInt8(ascii: "!") { isNegated.toggle() }
        let aspect = SectionAspects(letter: letter)
        if isNegated { refused.formUnion(aspect) } else { taken.formUnion(aspect) }
      }
    }

    /// Whether a section of these aspects goes here by itself.
    func accept(_ aspects: SectionAspects) -> Bool {
      !taken.isDisjoint(with: aspects) && refused.isDisjoint(with: aspects)
    }
  }

  var name: [UInt8]
  var aliases: [[UInt8]] = []
  var origin: UInt64
  var length: UInt64
  var wishes = Wishes()

  /// The regions of a GNU ld map, which prints no aliases.
  static func all(of map: Image) -> [RegionDeclaration] {
    map.regions.map { record in
      var region = RegionDeclaration(
        name: record.name, origin: record.origin, length: record.length)
      region.wishes.add(Array(record.attributes.utf8), isNegated: false)
      return region
    }
  }

  /// The regions of a script, in order; nil if ORIGIN or LENGTH of one is no number.
  static func all(of program: Program, _ outline: ScriptOutline) -> [RegionDeclaration]? {
    var regions: [RegionDeclaration] = []
    for line in outline.regions {
      let name = program.names.bytes(line.name.name)
      // "redeclaration of memory region": the first counts.
      if regions.contains(where: { $0.name == name }) { continue }
      guard let origin = program.expressions.foldedValue(line.origin),
        let length = program.expressions.foldedValue(line.length)
      else { return nil }
      var region = RegionDeclaration(name: name, origin: origin, length: length)
      for term in line.attributes {
        region.wishes.add(program.names.bytes(term.name.name), isNegated: term.isNegated)
      }
      regions.append(region)
    }
    return regions
  }

  /// Whether an address lies in it.
  func contains(_ address: UInt64) -> Bool {
    address >= origin && address &- origin < length
  }
}

/// What a region's letters ask of a section: BFD's flags.
struct SectionAspects: OptionSet, Sendable {
  let rawValue: UInt8

  static let allocated = SectionAspects(rawValue: 1)
  static let readOnly = SectionAspects(rawValue: 2)
  static let data = SectionAspects(rawValue: 4)
  static let code = SectionAspects(rawValue: 8)
  static let loaded = SectionAspects(rawValue: 16)

  init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The aspect that a letter of MEMORY names (`lang_set_flags`).
  init(letter: UInt8) {
    self =
      switch letter | 0x20 {
      case UInt8(ascii: "a"): .allocated
      case UInt8(ascii: "r"): .readOnly
      case UInt8(ascii: "w"): .data
      case UInt8(ascii: "x"): .code
      case UInt8(ascii: "l"), UInt8(ascii: "i"): .loaded
      default: []
      }
  }

  /// The aspects of a section, as BFD has them for flags of ELF.
  init(_ flags: SectionFlags) {
    self = []
    if flags.contains(.allocated) { insert(.allocated) }
    if !flags.contains(.noBits) { insert(.loaded) }
    if !flags.contains(.writable) { insert(.readOnly) }
    if flags.contains(.executable) {
      insert(.code)
    } else if contains(.loaded) {
      insert(.data)
    }
    // "Override SEC_DATA to mean a writable section."
    if isDisjoint(with: [.readOnly, .code]), contains(.allocated) { insert(.data) }
  }
}
