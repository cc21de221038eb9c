// `.note.gnu.property` by lld: what every object promises of its code, as far as all of them do
// (lld/ELF/InputFiles.cpp, readGnuProperty; Driver.cpp, readSecurityNotes).

internal import LdsParser

/// Reads the promises of one section.
struct LLDProperties {
  /// GNU_PROPERTY_X86_FEATURE_1_AND or GNU_PROPERTY_AARCH64_FEATURE_1_AND.
  private(set) var features: UInt32 = 0

  /// Nil for a section that is not what it claims.
  init?(_ bytes: [UInt8], machine: UInt16, is64Bit: Bool) {
    let wanted: UInt32 = machine == ELF.machineAArch64 ? 0xc000_0000 : 0xc000_0002
    func word(_ place: Int) -> UInt32? {
      guard place >= 0, place + 4 <= bytes.count else { return nil }
      return (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }
    let unit = is64Bit ? 8 : 4
    var start = 0
    while start < bytes.count {
      guard let nameSize = word(start), let size = word(start + 4), let type = word(start + 8),
        nameSize < 1 << 16, size < 1 << 24
      else { return nil }
      let contents = start + 12 + (Int(nameSize) + 3) / 4 * 4
      let end = contents + Int(size)
      guard end <= bytes.count else { return nil }
      if type == 5, nameSize == 4 {
        var place = contents
        while place < end {
          guard let kind = word(place), let length = word(place + 4),
            place + 8 + Int(length) <= end
          else { return nil }
          if kind == wanted { features |= word(place + 8) ?? 0 }
          place += (8 + Int(length) + unit - 1) / unit * unit
        }
      }
      start = (end + unit - 1) / unit * unit
    }
  }
}
