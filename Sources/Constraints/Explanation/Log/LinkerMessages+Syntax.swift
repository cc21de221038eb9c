// Messages about the script's text and about files.

extension LinkerMessageKind {
  static let syntax: [LinkerMessageKind] = [
    LinkerMessageKind(
      "invalid-character",
      [
        ("ignoring invalid character `*' in expression", []),
        ("ignoring invalid character `*' in script", []), ("invalid character", []),
      ],
      meaning: "the linker does not know this operator or letter here; '^' is new in GNU ld 2.41",
      next: "write it with the operators there are, or require a newer linker"),
    LinkerMessageKind(
      "unterminated-comment",
      [("EOF in comment", []), ("unclosed comment in a linker script", [])],
      meaning: "a '/*' is never closed: the rest of the script is comment",
      next: "close it; '//' starts no comment in a linker script"),
    LinkerMessageKind(
      "syntax-error",
      [
        ("syntax error", []), ("syntax error, *", []), ("* expected, but got *", []),
        ("malformed number: *", []), ("unexpected EOF", []), ("unknown directive: *", []),
        ("unclosed quote", []), ("unable to parse script file *", []),
        ("missing symbol before ':'", []),
      ],
      meaning:
        "the linker could not read the script here. GNU ld names the line at which it noticed, often the one after "
        + "the mistake, in the preprocessed file",
      next:
        "'lds-check parse SCRIPT' says what was found and what was expected, in the author's file"),
    LinkerMessageKind(
      "unknown-feature", [("unknown feature `*'", [])],
      meaning: "LD_FEATURE knows SANE_EXPR and nothing else",
      next: "remove it or mend the spelling"),
  ]

  static let files: [LinkerMessageKind] = [
    LinkerMessageKind(
      "missing-script",
      [
        ("cannot open linker script file *: *", []), ("cannot find linker script *", []),
        ("cannot open *.lds: *", []), ("cannot open *.ld: *", []),
      ],
      meaning: "a script named by -T or INCLUDE is not where the linker looks",
      next: "INCLUDE looks in the working folder and in -L folders"),
    LinkerMessageKind(
      "executable-stack",
      [("*: missing .note.GNU-stack section implies executable stack", [])],
      meaning:
        "the object, made of assembler code, does not say whether it needs an executable stack; the script "
        + "has no part in it",
      next:
        "end the assembler file with '.section .note.GNU-stack,\"\",@progbits', or link with '-z noexecstack'"
    ),
    LinkerMessageKind(
      "linker-fault", [("internal error in *", [])],
      meaning: "the linker itself failed, often after an error it reported before",
      next: "mend the errors above it; if there are none, try another version of the linker"),
    LinkerMessageKind(
      "missing-input",
      [
        ("cannot find *: *", []), ("cannot find *", []), ("cannot open *: *", []),
        ("unable to find library *", []),
      ],
      meaning: "an object or library of the link is missing",
      next: "build it first, or mend its path; -L adds folders for -l"),
  ]
}
