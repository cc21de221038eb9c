// Spells names so that the linker reads them back as the same names: bare where that is safe in every lexer
// state that could meet them, in quotes elsewhere.

/// Spelling of names in script text.
enum NameWriter {
  private static let keywords: Set<[UInt8]> = Set(Keyword.all.map { Array($0.spelling.utf8) })
  private static let classes = CharacterClass.table(dialect: .bfd)

  /// A symbol, section, region or file name.
  static func append(_ name: [UInt8], to text: inout [UInt8]) {
    append(name, quoted: !isPlain(name), to: &text)
  }

  /// A pattern or file name inside an output section, where `*` and `?` need no quotes.
  static func appendPattern(_ name: [UInt8], to text: inout [UInt8]) {
    append(name, quoted: !isPlainPattern(name), to: &text)
  }

  /// A name with quotes if `quoted`.
  static func append(_ name: [UInt8], quoted: Bool, to text: inout [UInt8]) {
    if quoted { text.append(0x22) }
    text += name
    if quoted { text.append(0x22) }
  }

  /// Letters, digits, `_`, `.` and `$`, and neither a keyword nor a number anywhere.
  private static func isPlain(_ name: [UInt8]) -> Bool {
    guard let first = name.first, has(first, .expressionFirst),
      name.allSatisfy({ has($0, .expressionNext) && $0 != 0x2F && $0 != 0x7E && $0 != 0x5C })
    else { return false }
    return !keywords.contains(name) && !looksLikeNumber(name)
  }

  /// `add`, `10h`, `$ff`: hexadecimal digits with a radix letter behind or a dollar before.
  private static func looksLikeNumber(_ name: [UInt8]) -> Bool {
    if name.first == 0x24 { return name.count > 1 && has(name[1], .hexadecimal) }
    let last = name[name.count - 1] | 0x20
    return name.count > 1 && [0x62, 0x64, 0x68, 0x6F, 0x78].contains(last)
      && name.dropLast().allSatisfy { has($0, .hexadecimal) }
  }

  private static func isPlainPattern(_ name: [UInt8]) -> Bool {
    guard let first = name.first, name.allSatisfy({ has($0, .wild) }), first != 0x3D, first != 0x2C
    else { return false }
    // A comment in the middle of a word is none to the linker, but to everybody else.
    if zip(name, name.dropFirst()).contains(where: { $0 == 0x2F && $1 == 0x2A }) { return false }
    return name.last != 0x2C && name.last != 0x3D && name != [0x5B] && name != [0x5D]
      && !keywords.contains(name)
  }

  private static func has(_ byte: UInt8, _ wanted: CharacterClass) -> Bool {
    !classes[Int(byte)].isDisjoint(with: wanted)
  }
}
