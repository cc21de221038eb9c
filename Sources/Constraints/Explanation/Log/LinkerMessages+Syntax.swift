// Messages about the script's text.

extension LinkerMessageKind {
  private static let scriptFault =
    "the linker could not read the script here. GNU ld names the line at which it noticed, often the one after "
    + "the mistake, in the preprocessed file"
  static let scriptAdvice =
    "'lds-check parse SCRIPT' says what was found and what was expected, in the author's file"

  static let syntax: [LinkerMessageKind] = [
    LinkerMessageKind(
      "mold-script",
      ["unknown linker script token", "unknown linker script token: {text}"],
      meaning:
        "mold takes INPUT, GROUP, OUTPUT_FORMAT, VERSION and 'a = b;' in scripts; it has no SECTIONS, MEMORY, PHDRS or "
        + "ASSERT",
      next: "link with ld or ld.lld where the script lays out the image"),
    LinkerMessageKind(
      "invalid-character",
      [
        "ignoring invalid character `{text}' in expression",
        "ignoring invalid character `{text}' in script", "ignoring invalid character `{text}'",
        "invalid character",
      ],
      meaning: "the linker does not know this operator or letter here; '^' is new in GNU ld 2.41",
      next: "write it with the operators there are, or require a newer linker"),
    LinkerMessageKind(
      "unterminated-comment",
      ["EOF in comment", "unclosed comment in a linker script", "unclosed comment"],
      meaning: "a '/*' is never closed: the rest of the script is comment",
      next: "close it; '//' starts no comment in a linker script"),
    LinkerMessageKind(
      "nested-includes",
      [
        "includes nested too deeply", "there is a cycle in linker script INCLUDEs",
        "error: linker script file '{file}' appears multiple times",
        "linker script file '{file}' appears multiple times",
        "linker script file '{file} ({text})' appears multiple times", "macros nested too deeply",
        "group nested too deeply in linker script '{file}'",
      ],
      meaning: "a script includes itself, directly or through others, or is given twice",
      next: "break the circle: each file once"),
    LinkerMessageKind(
      "taken-for-script",
      ["{file}: file format not recognized; treating as linker script"],
      meaning:
        "the file is no object that this linker knows, so it was read as a script; the syntax error that follows is "
        + "about an input, not about your script",
      next:
        "look what the file is ('file NAME'): an object for another machine, LTO bitcode, an empty or cut file"
    ),
    LinkerMessageKind(
      "unknown-directive", ["unknown directive: {text}", "unknown section directive: {text}"],
      meaning:
        "lld does not know this command at this place, or a mistake before it made a word of it",
      next:
        "write it another way for lld ('lds-check lint --linker lld' tells what it refuses), or mend what stands in "
        + "front of it"),
    LinkerMessageKind(
      "syntax-error",
      [
        "unclosed quote", "unable to parse script file {file}", "unexpected EOF",
        "invalid character {word} ({number}) in flags",
      ],
      meaning: scriptFault, next: scriptAdvice),
    LinkerMessageKind(
      "syntax-error", standing: .atPlace,
      [
        "syntax error", "syntax error, {text}", "{text} expected, but got {text}",
        "syntax error in {text}", "malformed number: {text}", "missing symbol before ':'",
        "expected {text}",
        "unknown section type {word}", "section pattern is expected",
        "EXCLUDE_FILE is not expected",
        "unknown FLAG: {word}", "invalid file pattern {text}", "unrecognised flag: {word}",
        "invalid memory region attribute", "stray token: {text}", "unclosed string literal",
        "unknown keyword {word}",
        "unknown operator {text}", "unbalanced parenthesis {text}",
        "'{text}' is not a valid {text}",
      ],
      meaning: scriptFault, next: scriptAdvice),
    LinkerMessageKind(
      "unknown-feature", ["unknown feature `{text}'"],
      meaning: "LD_FEATURE knows SANE_EXPR and nothing else",
      next: "remove it or mend the spelling"),
    LinkerMessageKind(
      "section-class",
      [
        "section class '{word}' already defined", "section class '{word}' is undefined",
        "section class '{word}' referenced by '{section}' before class definition",
        "undefined section class '{word}'", "section class '{word}' used but not defined",
        "section class '{word}' is unreferenced",
        "section '{section}' cannot spill from/to {text}",
        "OVERWRITE_SECTIONS specifies duplicate {section}",
        "INSERT cannot be used with --enable-non-contiguous-regions",
      ],
      meaning: "a CLASS or OVERWRITE_SECTIONS of lld is defined twice, not at all, or too late",
      next: "define each CLASS once, before the output section that takes it"),
  ]
}
