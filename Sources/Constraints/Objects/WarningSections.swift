// Sections of warnings: `.gnu.warning.gets` says what to print where `gets` is used, `.gnu.warning` where the object is
// linked at all. newlib and glibc have them; an executable does not get their contents.

internal import LdsParser

extension InputSection {
  /// Whether the section holds what is to be printed where a symbol is used: it is empty from the moment that its object
  /// is read (bfd/elflink.c, elf_link_add_object_symbols).
  static func isWarningOfSymbol(_ name: [UInt8]) -> Bool { name.starts(with: ".gnu.warning.".utf8) }
}

extension ObjectLink {
  /// The warnings of whole objects are printed when all is placed: their alignment counts, and not their contents
  /// (ld/ldelf.c, ldelf_before_allocation).
  func emptyWarningSections() {
    guard let name = names.find(".gnu.warning") else { return }
    for file in files {
      guard let section = file.sections.first(where: { $0.name == name }) else { continue }
      section.size = 0
      section.bits.insert(.excluded)
    }
  }
}
