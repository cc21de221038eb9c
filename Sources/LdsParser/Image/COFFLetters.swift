// What a section's name alone tells about its symbols.

/// Letters that nm takes from a section's name (`coff_section_type`, syms.c).
enum COFFLetters {
  private static let names: [(prefix: StaticString, letter: UInt8)] = [
    (".drectve", UInt8(ascii: "i")), (".edata", UInt8(ascii: "e")), (".idata", UInt8(ascii: "i")),
    (".pdata", UInt8(ascii: "p")),
  ]
  private static let debugging: [StaticString] = [
    ".debug", ".gnu.debuglto_.debug_", ".gnu.linkonce.wi.", ".zdebug", ".line", ".stab",
    ".gdb_index",
  ]

  /// The letter of a section whose name decides it: `.idata`, `.idata$5`, `.pdata.x`.
  static func special(_ name: [UInt8]) -> UInt8? {
    guard name.count >= 6, name[0] == UInt8(ascii: ".") else { return nil }
    for (prefix, letter) in names where starts(name, prefix) {
      let length = prefix.utf8CodeUnitCount
      if name.count == length { return letter }
      if ".$0123456789".utf8.contains(name[length]) { return letter }
    }
    return nil
  }

  /// Whether a section outside memory holds debugging information.
  static func isDebugging(_ name: [UInt8]) -> Bool {
    debugging.contains { starts(name, $0) }
  }

  private static func starts(_ name: [UInt8], _ prefix: StaticString) -> Bool {
    prefix.withUTF8Buffer { unsafe name.starts(with: $0) }
  }
}
