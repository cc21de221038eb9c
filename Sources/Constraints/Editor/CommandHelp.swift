// One sentence on each command and function of linker scripts, and where the manual of GNU ld tells more.

/// Help on the words of linker scripts.
enum CommandHelp {
  /// Where in a script a word may stand.
  enum Place: Hashable {
    case top, sections, outputSection, expression, header, inputList, pattern
  }

  struct Entry: Sendable {
    let word: String
    let places: Set<Place>
    /// How it is written, as a snippet with `$1` for the cursor.
    let snippet: String
    let sentence: String
    /// Name of the manual's node.
    let node: String
  }

  /// What is known of a word.
  static func of(_ word: String) -> Entry? { all.first { $0.word == word } }

  /// The page of a node of the manual.
  static func link(_ node: String) -> String {
    // As makeinfo names files: blanks become dashes, other bytes their numbers.
    var name = ""
    for character in node {
      switch character {
      case " ": name += "-"
      case "_": name += "_005f"
      default: name.append(character)
      }
    }
    return "https://sourceware.org/binutils/docs/ld/\(name).html"
  }

  private static func entry(
    _ word: String, _ places: Set<Place>, _ snippet: String, _ sentence: String, _ node: String
  ) -> Entry {
    Entry(word: word, places: places, snippet: snippet, sentence: sentence, node: node)
  }

  private static let statements: Set<Place> = [.top, .sections, .outputSection]

  static let all: [Entry] = commands + sections + body + functions

  private static let commands: [Entry] = [
    entry(
      "SECTIONS", [.top], "SECTIONS\n{\n  $1\n}",
      "Lists the output sections in the order of their addresses.", "SECTIONS"),
    entry(
      "MEMORY", [.top], "MEMORY\n{\n  $1\n}",
      "Names the regions of memory that sections may be put into, with their origin and length.",
      "MEMORY"),
    entry(
      "PHDRS", [.top], "PHDRS\n{\n  $1\n}",
      "Describes the program headers; without it the linker makes them by itself.", "PHDRS"),
    entry(
      "VERSION", [.top], "VERSION\n{\n  $1\n}",
      "Holds a version script for the symbols of a shared object.", "VERSION"),
    entry(
      "ENTRY", [.top, .sections], "ENTRY($1)",
      "Names the symbol of the first instruction to execute.", "Entry Point"),
    entry(
      "OUTPUT_FORMAT", [.top], "OUTPUT_FORMAT($1)",
      "Names the object format of the output; three names choose by -EB and -EL.", "Format Commands"
    ),
    entry(
      "OUTPUT_ARCH", [.top], "OUTPUT_ARCH($1)", "Names the machine of the output.",
      "Miscellaneous Commands"),
    entry(
      "TARGET", [.top], "TARGET($1)", "Names the object format of the input files that follow.",
      "Format Commands"),
    entry(
      "INPUT", [.top], "INPUT($1)", "Adds files to the link as if they were on the command line.",
      "File Commands"),
    entry(
      "GROUP", [.top], "GROUP($1)",
      "Adds archives that are searched again and again until no symbol is found any more.",
      "File Commands"),
    entry("OUTPUT", [.top], "OUTPUT($1)", "Names the output file, as -o does.", "File Commands"),
    entry(
      "SEARCH_DIR", [.top], "SEARCH_DIR($1)",
      "Adds a folder in which libraries are looked for, as -L does.", "File Commands"),
    entry("STARTUP", [.top], "STARTUP($1)", "Names the first file to be linked.", "File Commands"),
    entry(
      "REGION_ALIAS", [.top], "REGION_ALIAS(\"$1\", $2)", "Gives a memory region a second name.",
      "REGION_ALIAS"),
    entry(
      "EXTERN", [.top], "EXTERN($1)",
      "Makes symbols undefined, so that archive members that define them are linked, as -u does.",
      "Miscellaneous Commands"),
    entry(
      "NOCROSSREFS", [.top], "NOCROSSREFS($1)",
      "Makes references between these output sections an error.", "Miscellaneous Commands"),
    entry(
      "NOCROSSREFS_TO", [.top], "NOCROSSREFS_TO($1)",
      "Makes references from the other output sections to the first an error.",
      "Miscellaneous Commands"),
    entry(
      "INSERT", [.top], "INSERT AFTER $1;",
      "Puts the statements before it into the linker's default script.", "Miscellaneous Commands"),
    entry(
      "LD_FEATURE", [.top], "LD_FEATURE(\"$1\")",
      "Changes how expressions are evaluated: SANE_EXPR makes symbols and numbers absolute.",
      "Miscellaneous Commands"),
    entry(
      "FORCE_COMMON_ALLOCATION", [.top], "FORCE_COMMON_ALLOCATION",
      "Gives common symbols room even in a relocatable output.", "Miscellaneous Commands"),
    entry("INCLUDE", statements, "INCLUDE $1", "Reads another script here.", "File Commands"),
    entry(
      "ASSERT", statements, "ASSERT($1, \"$2\")",
      "Stops the link with the message if the expression is zero.", "Miscellaneous Commands"),
    entry(
      "PROVIDE", statements, "PROVIDE($1 = .);",
      "Defines the symbol only if it is referred to and no object defines it.", "PROVIDE"),
    entry(
      "HIDDEN", statements, "HIDDEN($1 = .);", "Defines the symbol without exporting it.", "HIDDEN"),
    entry(
      "PROVIDE_HIDDEN", statements, "PROVIDE_HIDDEN($1 = .);",
      "Provides the symbol without exporting it.", "PROVIDE_HIDDEN"),
  ]

  private static let sections: [Entry] = [
    entry(
      "OVERLAY", [.sections], "OVERLAY : {\n  $1\n}",
      "Gives several sections one run-time address and load addresses one after another.",
      "Overlay Description"),
    entry(
      "/DISCARD/", [.sections], "/DISCARD/ : {\n  $1\n}",
      "Input sections that are put here are not in the output.", "Output Section Discarding"),
    entry("AT", [.header], "AT($1)", "Sets the load address of the section.", "Output Section LMA"),
    entry(
      "SUBALIGN", [.header], "SUBALIGN($1)", "Aligns every input section of the output section.",
      "Forced Input Alignment"),
    entry(
      "ALIGN_WITH_INPUT", [.header], "ALIGN_WITH_INPUT",
      "Keeps the distance of run-time and load address through alignment.",
      "Forced Output Alignment"),
    entry(
      "ONLY_IF_RO", [.header], "ONLY_IF_RO",
      "Makes the section only if all its input sections are read-only.", "Output Section Constraint"
    ),
    entry(
      "ONLY_IF_RW", [.header], "ONLY_IF_RW",
      "Makes the section only if all its input sections are writable.", "Output Section Constraint"),
    entry(
      "NOLOAD", [.header], "NOLOAD",
      "Keeps the section out of what is loaded; it takes room in memory.", "Output Section Type"),
    entry("READONLY", [.header], "READONLY", "Marks the section read-only.", "Output Section Type"),
    entry("COPY", [.header], "COPY", "Takes no room in memory.", "Output Section Type"),
    entry("INFO", [.header], "INFO", "Takes no room in memory.", "Output Section Type"),
    entry(
      "FLAGS", [.header], "FLAGS($1)",
      "Sets the permission bits of a program header: 4 read, 2 write, 1 execute.", "PHDRS"),
    entry("FILEHDR", [.header], "FILEHDR", "Puts the ELF file header into the segment.", "PHDRS"),
  ]

  private static let body: [Entry] = [
    entry(
      "KEEP", [.outputSection], "KEEP(*($1))",
      "Keeps the input sections even if nothing refers to them (--gc-sections).",
      "Input Section Keep"),
    entry(
      "FILL", [.outputSection], "FILL($1);",
      "Sets the bytes that fill gaps from here to the end of the section.", "Output Section Data"),
    entry("BYTE", [.outputSection], "BYTE($1)", "Stores one byte.", "Output Section Data"),
    entry("SHORT", [.outputSection], "SHORT($1)", "Stores two bytes.", "Output Section Data"),
    entry("LONG", [.outputSection], "LONG($1)", "Stores four bytes.", "Output Section Data"),
    entry("QUAD", [.outputSection], "QUAD($1)", "Stores eight bytes.", "Output Section Data"),
    entry(
      "SQUAD", [.outputSection], "SQUAD($1)",
      "Stores eight bytes; on 32-bit targets the value is sign-extended.", "Output Section Data"),
    entry(
      "ASCIZ", [.outputSection], "ASCIZ \"$1\"",
      "Stores a string with its final zero (binutils 2.41).", "Output Section Data"),
    entry(
      "CONSTRUCTORS", [.outputSection], "CONSTRUCTORS",
      "Places the tables of constructors of object formats that have no sections for them.",
      "Output Section Keywords"),
    entry(
      "CREATE_OBJECT_SYMBOLS", [.outputSection], "CREATE_OBJECT_SYMBOLS",
      "Defines a symbol for each input file, by the file's name.", "Output Section Keywords"),
    entry(
      "EXCLUDE_FILE", [.outputSection, .pattern], "EXCLUDE_FILE($1) ",
      "Leaves out files that match.", "Input Section Basics"),
    entry(
      "INPUT_SECTION_FLAGS", [.outputSection], "INPUT_SECTION_FLAGS($1) ",
      "Takes only input sections with these ELF flags.", "Input Section Basics"),
    entry(
      "SORT", [.outputSection, .pattern], "SORT($1)", "Sorts by name; the same as SORT_BY_NAME.",
      "Input Section Wildcards"),
    entry(
      "SORT_BY_NAME", [.outputSection, .pattern], "SORT_BY_NAME($1)",
      "Sorts what the pattern takes by name.", "Input Section Wildcards"),
    entry(
      "SORT_BY_ALIGNMENT", [.pattern], "SORT_BY_ALIGNMENT($1)",
      "Sorts what the pattern takes by alignment, the largest first.", "Input Section Wildcards"),
    entry(
      "SORT_BY_INIT_PRIORITY", [.pattern], "SORT_BY_INIT_PRIORITY($1)",
      "Sorts by the number at the end of the section's name.", "Input Section Wildcards"),
    entry(
      "SORT_NONE", [.pattern], "SORT_NONE($1)",
      "Keeps the order of the link, whatever --sort-section says.", "Input Section Wildcards"),
    entry(
      "COMMON", [.pattern], "COMMON", "The common symbols of the input files.",
      "Input Section Common"),
  ]

  private static let functions: [Entry] = [
    entry(
      "ALIGN", [.expression, .header], "ALIGN($1)",
      "The location counter, or a value, aligned up to a power of two; does not move anything by itself.",
      "Builtin Functions"),
    entry(
      "ADDR", [.expression], "ADDR($1)", "The run-time address of an output section.",
      "Builtin Functions"),
    entry(
      "LOADADDR", [.expression], "LOADADDR($1)", "The load address of an output section.",
      "Builtin Functions"),
    entry(
      "SIZEOF", [.expression], "SIZEOF($1)",
      "The size of an output section in bytes; 0 if there is none.", "Builtin Functions"),
    entry(
      "ALIGNOF", [.expression], "ALIGNOF($1)", "The alignment of an output section in bytes.",
      "Builtin Functions"),
    entry(
      "ABSOLUTE", [.expression], "ABSOLUTE($1)",
      "The value as an absolute address, in or out of a section.", "Builtin Functions"),
    entry(
      "DEFINED", [.expression], "DEFINED($1)",
      "1 if the symbol is defined before this statement, else 0.", "Builtin Functions"),
    entry(
      "ORIGIN", [.expression], "ORIGIN($1)", "The start of a memory region.", "Builtin Functions"),
    entry(
      "LENGTH", [.expression], "LENGTH($1)", "The size of a memory region.", "Builtin Functions"),
    entry(
      "MAX", [.expression], "MAX($1, $2)", "The larger of two unsigned values.", "Builtin Functions"
    ),
    entry(
      "MIN", [.expression], "MIN($1, $2)", "The smaller of two unsigned values.",
      "Builtin Functions"),
    entry(
      "NEXT", [.expression], "NEXT($1)", "The next address that is a multiple of the value.",
      "Builtin Functions"),
    entry("BLOCK", [.expression], "BLOCK($1)", "The same as ALIGN.", "Builtin Functions"),
    entry(
      "LOG2CEIL", [.expression], "LOG2CEIL($1)", "The logarithm to base 2, rounded up.",
      "Builtin Functions"),
    entry(
      "SEGMENT_START", [.expression], "SEGMENT_START(\"$1\", $2)",
      "The start of a segment that -Ttext and the like set, else the default.", "Builtin Functions"),
    entry(
      "SIZEOF_HEADERS", [.expression], "SIZEOF_HEADERS", "The size of the file's headers in bytes.",
      "Builtin Functions"),
    entry(
      "CONSTANT", [.expression], "CONSTANT($1)", "MAXPAGESIZE or COMMONPAGESIZE.",
      "Symbolic Constants"),
    entry(
      "DATA_SEGMENT_ALIGN", [.expression],
      "DATA_SEGMENT_ALIGN(CONSTANT(MAXPAGESIZE), CONSTANT(COMMONPAGESIZE))",
      "Where the data segment begins so that it takes least room in file and memory.",
      "Builtin Functions"),
    entry(
      "DATA_SEGMENT_RELRO_END", [.expression], "DATA_SEGMENT_RELRO_END($1, .)",
      "The end of what is read-only after relocation.", "Builtin Functions"),
    entry(
      "DATA_SEGMENT_END", [.expression], "DATA_SEGMENT_END(.)", "The end of the data segment.",
      "Builtin Functions"),
  ]
}
