// Which sections of an image are memory at run time.

public import LdsParser

/// One section as it lies in memory.
public struct LoadedSection: Sendable {
  /// Its index in `Image.outputSections`.
  public var index: Int
  /// Its name for people to read.
  public var name: String
  /// Its bytes.
  public var range: AddressRange
  /// Alignment in bytes, nil where the evidence does not tell.
  public var alignment: UInt64?
  /// Load address, nil where the evidence does not tell.
  public var loadAddress: UInt64?
  /// What its flags ask for, nil where the evidence does not tell.
  public var permissions: Permissions?

  /// Sections of an image that are memory, in address order.
  public static func all(of image: Image) -> [LoadedSection] {
    image.outputSections.enumerated().compactMap { index, section in
      guard isLoaded(section), let vma = section.vma else { return nil }
      return LoadedSection(
        index: index, name: String(decoding: section.name, as: UTF8.self),
        range: AddressRange(start: vma, byteCount: section.size),
        alignment: section.alignment, loadAddress: section.lma,
        permissions: section.flags.map(Permissions.init))
    }.sorted { ($0.range.start, $0.index) < ($1.range.start, $1.index) }
  }

  /// Whether a section takes memory at run time.
  ///
  /// Flags decide where they are known. A map has none: there, debug information is told by its name, in
  /// PE links it has addresses behind the image.
  static func isLoaded(_ section: OutputSectionRecord) -> Bool {
    guard section.vma != nil, section.size > 0, !isDebug(section.name) else { return false }
    guard let flags = section.flags else { return section.vma != 0 || !isComment(section.name) }
    return flags.contains(.allocated) && !flags.isSuperset(of: [.threadLocal, .noBits])
  }

  /// Whether a section of this name is no memory at run time in any link: debug information, notes of tools.
  static func isNeverMemory(_ name: [UInt8]) -> Bool { isDebug(name) || isComment(name) }

  private static func isDebug(_ name: [UInt8]) -> Bool {
    name.starts(with: Array(".debug".utf8)) || name.starts(with: Array(".stab".utf8))
      || name.starts(with: Array(".zdebug".utf8)) || name.starts(with: Array(".gnu.debug".utf8))
  }

  private static func isComment(_ name: [UInt8]) -> Bool {
    [".comment", ".symtab", ".strtab", ".shstrtab", ".gnu.attributes"].contains {
      Array($0.utf8) == name
    } || name.starts(with: Array(".gnu.lto".utf8)) || name.starts(with: Array(".ARM.attr".utf8))
      || name.starts(with: Array(".riscv.attr".utf8))
  }
}
