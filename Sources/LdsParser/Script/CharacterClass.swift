// Which bytes may stand in a name, state by state (ld-semantics 1.2).

/// Bits that say what a byte can be part of.
struct CharacterClass: OptionSet, Sendable {
  let rawValue: UInt16

  /// First byte of a name in scripts and input lists.
  static let scriptFirst = CharacterClass(rawValue: 1 << 0)
  /// Further bytes of such a name.
  static let scriptNext = CharacterClass(rawValue: 1 << 1)
  /// First byte of a name in expressions.
  static let expressionFirst = CharacterClass(rawValue: 1 << 2)
  /// Further bytes of such a name.
  static let expressionNext = CharacterClass(rawValue: 1 << 3)
  /// Any byte of a name or pattern inside an output section.
  static let wild = CharacterClass(rawValue: 1 << 4)
  /// First byte of a version node's name.
  static let tagFirst = CharacterClass(rawValue: 1 << 5)
  /// Further bytes of such a name.
  static let tagNext = CharacterClass(rawValue: 1 << 6)
  /// First byte of a pattern in a version node.
  static let versionFirst = CharacterClass(rawValue: 1 << 7)
  /// Further bytes of such a pattern; `::` is allowed too.
  static let versionNext = CharacterClass(rawValue: 1 << 8)
  /// `0` to `9`.
  static let decimal = CharacterClass(rawValue: 1 << 9)
  /// Hexadecimal digits.
  static let hexadecimal = CharacterClass(rawValue: 1 << 10)

  /// The class of every byte value.
  static func table(dialect: LinkerDialect) -> [CharacterClass] {
    var table = [CharacterClass](repeating: [], count: 256)
    func add(_ bytes: StaticString, _ classes: CharacterClass) {
      for scalar in bytes.description.utf8 { table[Int(scalar)].formUnion(classes) }
    }
    let everywhere: CharacterClass = [
      .scriptFirst, .scriptNext, .expressionFirst, .expressionNext, .wild, .tagFirst, .tagNext,
      .versionFirst, .versionNext,
    ]
    add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.", everywhere)
    add("$", everywhere.subtracting(.tagNext))
    add("\\", [.scriptFirst, .scriptNext, .wild, .versionFirst, .versionNext])
    add("0123456789", [.scriptNext, .expressionNext, .wild, .tagNext, .versionNext, .decimal])
    add("0123456789abcdefABCDEF", .hexadecimal)
    add("/~", [.scriptFirst, .scriptNext, .wild])
    if dialect.follows(.namesHaveSlashes) {
      add("\\", [.expressionFirst, .expressionNext])
      add("/~", .expressionNext)
    }
    if !dialect.follows(.operatorsEndNames) { add("-+:[]", .expressionNext) }
    add("-+:[]=", [.scriptNext, .wild])
    if dialect.follows(.namesHaveCommas) { add(",", [.scriptNext, .wild]) }
    add("?*^!", .wild)
    add("*?[]-!^", [.versionFirst, .versionNext])
    return table
  }
}
