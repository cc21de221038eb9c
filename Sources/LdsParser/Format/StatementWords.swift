// The words of scripts by what they say about the end and the beginning of a statement.

enum StatementWords {
  private static let parenthesized: Set<String> = LayoutScanner.calculating
    .union(LayoutScanner.assigning)
    .union([
      "ADDR", "LOADADDR", "SIZEOF", "ALIGNOF", "DEFINED", "CONSTANT", "ORIGIN", "LENGTH", "KEEP",
      "SORT",
      "SORT_BY_NAME", "SORT_BY_ALIGNMENT", "SORT_BY_INIT_PRIORITY", "SORT_NONE", "REVERSE",
      "EXCLUDE_FILE",
      "INPUT_SECTION_FLAGS", "AS_NEEDED", "FLAGS", "TYPE",
    ])
    .union(closedCommands)
    .union(["INPUT", "GROUP"])
  /// Commands that their closing parenthesis ends.
  private static let closedCommands: Set<String> = [
    "ENTRY", "OUTPUT_FORMAT", "OUTPUT_ARCH", "OUTPUT", "EXTERN", "SEARCH_DIR", "TARGET", "STARTUP",
    "MAP",
    "REGION_ALIAS", "NOCROSSREFS", "NOCROSSREFS_TO", "LD_FEATURE", "ASSERT",
  ]
  private static let commands: Set<String> = ["SECTIONS", "MEMORY", "PHDRS", "VERSION"]
  private static let openings: Set<String> = commands.union(closedCommands).union([
    "PROVIDE", "PROVIDE_HIDDEN", "HIDDEN", "KEEP", "OVERLAY", "INSERT", "INCLUDE", "/DISCARD/",
  ])
  private static let continuations: Set<String> = [
    "AT", "ALIGN", "SUBALIGN", "ONLY_IF_RO", "ONLY_IF_RW", "ALIGN_WITH_INPUT",
  ]

  private static func text(_ word: ArraySlice<UInt8>) -> String {
    String(decoding: word, as: UTF8.self)
  }

  /// Whether an opening parenthesis stands right behind the word.
  static func takesParentheses(_ word: ArraySlice<UInt8>) -> Bool {
    parenthesized.contains(text(word))
  }

  /// Whether a block of its own follows the word.
  static func isCommand(_ word: ArraySlice<UInt8>) -> Bool { commands.contains(text(word)) }

  /// Whether the word can only begin a statement, behind the brace of another.
  static func beginsStatement(_ word: ArraySlice<UInt8>) -> Bool {
    word.first == UInt8(ascii: ".") || word.first == UInt8(ascii: "*")
      || openings.contains(text(word))
  }

  /// Whether a closing parenthesis ends the statement that begins with the word.
  static func isClosed(_ word: ArraySlice<UInt8>) -> Bool {
    word.first == UInt8(ascii: "*") || closedCommands.contains(text(word)) || text(word) == "KEEP"
  }

  /// Whether the word goes on with the header or the end of an output section.
  static func goesOn(_ word: ArraySlice<UInt8>) -> Bool {
    guard let first = word.first else { return false }
    return ":>=,".utf8.contains(first) || word.starts(with: "AT>".utf8)
      || continuations.contains(text(word))
  }

  /// Whether something has to follow the word.
  static func wantsMore(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.last == UInt8(ascii: ":") else { return word.last == UInt8(ascii: ",") }
    return word.count == 1 || word.first == UInt8(ascii: ".")
  }
}
