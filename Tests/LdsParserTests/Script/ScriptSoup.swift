// Random scripts that are nearly right: the grammar, with odd names, missing blanks and wrong separators mixed
// in, so that the linker accepts about a quarter of them.

import TestSupport

/// Makes random scripts.
struct ScriptSoup {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func pick(_ choices: String...) -> String { random.pick(choices) ?? "" }

  private mutating func blank() -> String {
    pick("", " ", " ", "  ", "\n", "/**/", "/* c */ ", " # c\n")
  }

  private mutating func name() -> String {
    if random.below(10) < 6 { return pick("a", "foo", ".text", "x1", "_y") }
    return pick(
      ".", "add", "dead", "f1/2", "o", "l", "len", "org", "x-y", "a,b", "a:", "$ff", "$x", "10h",
      "08",
      "\"q\"", "\"a b\"", "KEEP", "MAX", "COPY", "TYPE", "NOLOAD", "BYTE", "/DISCARD/", "~x", "~",
      "\\n",
      "*", "?x", "a=b", "=x", "-lc", "x]", "[a", "MAP", "AT", "PHDRS", "b", "1K", "0x", "1K1",
      "0b11",
      "a::b", "global", "extern", "SORT", "INPUT", "é", "^", "@", "ASCIZ", "REVERSE", "/=", "+=",
      "\"")
  }

  private mutating func expression(_ depth: Int = 0) -> String {
    switch depth > 3 ? random.below(4) : random.below(14) {
    case 0, 1:
      return pick(
        "0", "1", "0x10", "010", "5M", "$ff", "10h", "08", "17o", "101B", "add", "0x1fK", "0x")
    case 2, 3: return name()
    case 4, 5, 6:
      let operation = pick(
        "+", "-", "*", "/", "%", "<<", ">>", "<", ">", "<=", ">=", "==", "!=", "&", "|", "^", "&&",
        "||")
      return expression(depth + 1) + blank() + operation + blank() + expression(depth + 1)
    case 7: return pick("-", "!", "~", "+") + blank() + expression(depth + 1)
    case 8: return "(" + blank() + expression(depth + 1) + ")"
    case 9:
      return expression(depth + 1) + blank() + "?" + blank() + expression(depth + 1) + blank() + ":"
        + blank() + expression(depth + 1)
    case 10:
      return pick("ALIGN", "ABSOLUTE", "NEXT", "LOG2CEIL", "BLOCK", "DATA_SEGMENT_END") + blank()
        + "("
        + expression(depth + 1) + ")"
    case 11:
      return pick("ALIGN", "MAX", "MIN", "DATA_SEGMENT_ALIGN", "DATA_SEGMENT_RELRO_END") + "("
        + expression(depth + 1) + blank() + "," + blank() + expression(depth + 1) + ")"
    case 12:
      return pick("SIZEOF", "ADDR", "LOADADDR", "ALIGNOF", "ORIGIN", "DEFINED", "CONSTANT")
        + blank() + "("
        + blank() + name() + blank() + ")"
    default:
      return pick(
        "SIZEOF_HEADERS", "SEGMENT_START(\"a\", 1)", "ASSERT(1, \"m\")", "SEGMENT_START(a ,1)")
    }
  }

  private mutating func assignment() -> String {
    let separator = pick(";", ";", ";", ",", "", " ;")
    switch random.below(6) {
    case 0, 1, 2:
      let operation = pick("=", "=", "+=", "-=", "*=", "/=", "<<=", ">>=", "&=", "|=", "^=", "%=")
      return name() + blank() + operation + blank() + expression() + separator
    case 3:
      return pick("PROVIDE", "HIDDEN", "PROVIDE_HIDDEN") + blank() + "(" + pick("a", "q-x", "\"b\"")
        + " "
        + pick("=", "=", "+=") + blank() + expression() + ")" + separator
    case 4:
      return "ASSERT(" + expression() + "," + pick("\"m\"", "m", "\"m\" \"n\"") + ")" + separator
    default: return "ENTRY(" + name() + ")" + separator
    }
  }

  private mutating func pattern() -> String {
    let pattern = pick("*", ".text", ".text*", ".a", "\"b\"", "[ab]", "a,", "COMMON", name())
    switch random.below(9) {
    case 0: return "EXCLUDE_FILE(" + name() + " " + name() + ") " + pattern
    case 1:
      return pick("SORT", "SORT_BY_ALIGNMENT", "SORT_NONE", "SORT_BY_INIT_PRIORITY")
        + "(\(pattern))"
    case 2:
      return pick("SORT", "SORT_BY_ALIGNMENT", "SORT_NONE") + "("
        + pick("SORT", "SORT_BY_ALIGNMENT", "SORT_BY_INIT_PRIORITY") + "(\(pattern)))"
    case 3: return pick("SORT", "SORT_NONE") + "(EXCLUDE_FILE(" + name() + ")\(pattern))"
    default: return pattern
    }
  }

  private mutating func input() -> String {
    let flags = pick("", "", "", "INPUT_SECTION_FLAGS(A&!B) ", "INPUT_SECTION_FLAGS(! A) ")
    switch random.below(8) {
    case 0: return flags + name()
    case 1: return flags + "[ " + pattern() + " " + pattern() + " ]"
    default:
      return flags + pattern() + blank() + "(" + pattern() + pick(" ", ", ", " , ") + pattern()
        + ")"
    }
  }

  private mutating func statement() -> String {
    switch random.below(10) {
    case 0, 1, 2: return assignment()
    case 3: return "KEEP" + blank() + "(" + input() + ")"
    case 4:
      return pick("BYTE", "SHORT", "QUAD", "SQUAD") + blank() + "(" + expression() + ")"
        + pick("", ";")
    case 5: return "FILL(" + expression() + ")" + pick("", ";")
    case 6: return pick(";", "CONSTRUCTORS", "SORT(CONSTRUCTORS)", "CREATE_OBJECT_SYMBOLS")
    default: return input() + pick("", ";")
    }
  }

  private mutating func body() -> String {
    var text = "{"
    for _ in 0..<random.below(4) { text += " " + statement() + blank() }
    return text + "}"
  }

  private mutating func tail() -> String {
    let fill = random.once(in: 4) ? "=" + expression() : pick("", "=0", " = 0x90")
    return blank() + pick("", ">R ", "> R AT>R") + blank() + pick("", ":p", ":p :q") + blank()
      + fill + blank()
      + pick("", "", ",")
  }

  private mutating func section(_ depth: Int = 0) -> String {
    switch random.below(12) {
    case 0...3: return assignment()
    case 4...9:
      let address = random.once(in: 2) ? "" : pick("0x1000", "BIND(0)", expression())
      let type = pick(
        "", "", "", "(NOLOAD)", "()", "(COPY)", "(TYPE = 5)", "(READONLY (TYPE=5))", "( foo )")
      var attributes = ""
      for attribute in ["AT(1)", "ALIGN(2)", "ALIGN_WITH_INPUT", "SUBALIGN(4)", "ONLY_IF_RO"]
      where random.once(in: 6) { attributes += " " + attribute }
      return name() + blank() + address + blank() + type + blank() + pick(":", " :", " : ")
        + attributes
        + blank() + body() + tail() + pick("", "", "", ";")
    case 10:
      return "OVERLAY" + blank() + pick("", "0x10") + " : " + pick("", "NOCROSSREFS ", "AT(1) ")
        + "{" + name()
        + blank() + body() + pick("", ":p", "=5", ",") + "}" + tail()
    default: return depth < 2 ? "GROUP " + expression() + " : { " + section(depth + 1) + " }" : ""
    }
  }

  private mutating func command() -> String {
    switch random.below(7) {
    case 0:
      return "MEMORY { " + name() + blank() + pick("", "(rx)", "(!rx)", "(q)", "(r!l)")
        + pick(":", " :")
        + pick("ORIGIN", "org", "o") + blank() + "=" + blank() + expression() + pick(",", " ", "")
        + pick("LENGTH", "len") + blank() + "=" + expression() + pick("", ",", ";") + "}"
    case 1:
      return "PHDRS { " + name() + " " + pick("PT_LOAD", "5", "foo", expression()) + " "
        + pick("", "FILEHDR PHDRS", "FLAGS(5)", "FLAGS", "AT(1)") + pick(";", ";", "") + "}"
    case 2:
      return "VERSION" + blank() + "{" + pick("V1", "") + blank() + "{"
        + pick("", "global: ", "local: ")
        + pick("foo;", "*", "\"a b\"; global;", "extern \"C\" { a; };", "x::y;")
        + pick("", " local: *;")
        + "}" + pick("", " V1") + pick(";", "") + "}"
    case 3: return pick("INPUT", "GROUP") + "(" + name() + pick(",", " ", " , ") + name() + ")"
    case 4:
      return pick("TARGET", "SEARCH_DIR", "OUTPUT", "STARTUP", "MAP", "LD_FEATURE") + "(" + name()
        + ")"
    case 5:
      return pick("NOCROSSREFS", "HLL", "SYSLIB", "EXTERN") + "(" + name() + pick(",", " ") + name()
        + ")"
    default:
      return pick(
        "FLOAT", ";", "INSERT AFTER a", "LIB(a)", "REGION_ALIAS(\"x\",\"R\")",
        "FORCE_COMMON_ALLOCATION")
    }
  }

  /// One script.
  mutating func script() -> String {
    var text = ""
    for _ in 0...random.below(2) {
      switch random.below(4) {
      case 0: text += assignment()
      case 1: text += command()
      default: text += "SECTIONS" + blank() + "{" + blank() + section() + blank() + section() + "}"
      }
      text += blank()
    }
    return text
  }
}
