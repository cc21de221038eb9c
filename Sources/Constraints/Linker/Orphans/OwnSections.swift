// The sections that GNU ld makes itself in any static link for x86, though they end up empty (bfd/elfxx-x86.c,
// _bfd_x86_elf_link_setup_gnu_properties).

internal import LdsParser

/// A section of the linker's own.
struct OwnSection {
  let name: String
  let type: UInt32
  /// What it is, beside loaded.
  let flags: SectionBits
  /// The alignment as a power of two.
  let power: Int

  /// Those of a link for x86, in the order in which a release makes them.
  static func x86(is64Bit: Bool, _ dialect: LinkerDialect) -> [OwnSection] {
    let prefix = is64Bit ? ".rela" : ".rel"
    let type = is64Bit ? ObjectSection.Kind.relocationsWithAddend : ObjectSection.Kind.relocations
    let power = is64Bit ? 3 : 2
    let loaded = SectionBits.loadedContents
    let relocations = OwnSection(
      name: prefix + ".got", type: type, flags: loaded.union(.readOnly), power: power)
    let tables = [
      OwnSection(
        name: ".got", type: ObjectSection.Kind.contents, flags: loaded, power: power),
      OwnSection(name: ".got.plt", type: ObjectSection.Kind.none, flags: loaded, power: power),
    ]
    let rest = [
      OwnSection(
        name: ".iplt", type: ObjectSection.Kind.none, flags: loaded.union([.readOnly, .code]),
        power: 0),
      OwnSection(
        name: prefix + ".iplt", type: type, flags: loaded.union(.readOnly), power: power),
      OwnSection(name: ".igot.plt", type: ObjectSection.Kind.none, flags: loaded, power: power),
    ]
    return
      (dialect.follows(.ownSectionsFirst) ? tables + [relocations] : [relocations] + tables) + rest
  }
}
