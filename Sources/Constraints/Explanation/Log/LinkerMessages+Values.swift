// Messages about expressions and the names in them.

extension LinkerMessageKind {
  static let values: [LinkerMessageKind] = [
    LinkerMessageKind(
      "undefined-symbol-in-expression",
      [
        ("undefined symbol `*' referenced in expression", [.symbol]),
        ("undefined symbol '*' referenced in expression", [.symbol]),
        ("unresolvable symbol `*' referenced in expression", [.symbol]),
        ("symbol not found: *", [.symbol]),
      ],
      meaning:
        "the expression uses a symbol that neither the script nor an object defines. '||' and '&&' do not help: "
        + "GNU ld evaluates both sides",
      next:
        "check the spelling and the object that should define it (static symbols do not count); "
        + "'DEFINED(x) ? ... : ...' is the guard that works"),
    LinkerMessageKind(
      "undefined-section",
      [
        ("undefined section `*' referenced in expression", [.section]),
        ("SIZEOF called on nonexistent output section '*'", [.section]),
        ("ADDR called on nonexistent output section '*'", [.section]),
        ("undefined section *", [.section]),
      ],
      meaning:
        "SIZEOF, ADDR, LOADADDR or ALIGNOF of an output section that the script does not have",
      next: "name the section in SECTIONS, if only as '.x : { *(.x) }'; lld takes its size as 0"),
    LinkerMessageKind(
      "undefined-region",
      [
        ("memory region `*' not declared", [.region]),
        ("memory region '*' not declared", [.region]),
        ("MEMORY region '*' not declared", [.region]),
        ("memory region not defined: *", [.region]),
        ("undefined memory region '*' referenced in * expression", [.region]),
        ("undefined memory region '*", []),
        ("undefined MEMORY region `*' referenced in expression", [.region]),
      ],
      meaning:
        "no MEMORY command declares this region; GNU ld goes on with all of the address space",
      next: "declare it in MEMORY, or mend the spelling"),
    LinkerMessageKind(
      "duplicate-region",
      [
        ("redeclaration of memory region `*'", [.region]),
        ("region '*' already defined", [.region]),
      ],
      meaning: "MEMORY declares the region twice; GNU ld keeps the first and only warns",
      next: "remove one of the two"),
    LinkerMessageKind(
      "division-by-zero",
      [
        ("/ by zero", []), ("% by zero", []), ("division by zero", []), ("modulo by zero", []),
        ("div by zero", []), ("mod by zero", []),
      ],
      meaning:
        "a divisor came out as 0. In GNU ld a symbol beside a plain number counts as its offset in its section",
      next: "'lds-check explain' on the map shows the values; guard it with '?:' if 0 is allowed"),
    LinkerMessageKind(
      "unknown-constant",
      [
        ("unknown constant `*' referenced in expression", []), ("unknown constant: *", []),
        ("unknown constant *", []),
      ],
      meaning: "CONSTANT() knows MAXPAGESIZE and COMMONPAGESIZE and nothing else",
      next: "use one of the two, or write the number"),
    LinkerMessageKind(
      "forward-reference",
      [
        (
          "non constant or forward reference address expression for section *",
          [.section]
        ),
        ("invalid assignment to location counter", []),
        ("address (*) of section '*' does not converge", [.text, .section]),
        ("internal error in eval_maybe_dot, *", []),
        ("invalid origin for memory region *", [.region]),
        ("invalid length for memory region *", [.region]),
      ],
      meaning:
        "an address depends on a section or symbol that comes later, or that nobody defines",
      next: "use what stands before it, or move the section that it depends on in front"),
    LinkerMessageKind(
      "alignment-not-power-of-two",
      [
        ("alignment must be power of 2", []), ("alignment must be a power of 2", []),
        ("* alignment is not a power of 2", []),
      ],
      meaning: "lld takes powers of two as alignments; GNU ld takes any number",
      next: "write a power of two, or compute the address by hand"),
    LinkerMessageKind(
      "both-relative", [("at least one side of the expression must be absolute", [])],
      meaning: "lld does not add two addresses; GNU ld adds their offsets",
      next: "subtract them, or make one absolute with ABSOLUTE()"),
  ]

  static let names: [LinkerMessageKind] = [
    LinkerMessageKind(
      "missing-entry",
      [
        ("cannot find entry symbol *; defaulting to *", [.symbol]),
        ("cannot find entry symbol *; not setting start address", [.symbol]),
        ("cannot find entry symbol '*'", [.symbol]),
      ],
      meaning:
        "ENTRY names a symbol that no object defines; the image starts somewhere else, or nowhere",
      next: "define it (global) in an object, or mend the spelling"),
    LinkerMessageKind(
      "undefined-reference",
      [
        ("undefined reference to `*'", [.symbol]), ("undefined reference to '*'", [.symbol]),
        ("undefined symbol: *", [.symbol]),
      ],
      meaning: "an object needs a symbol that nobody defines",
      next: "link the object that defines it, or assign it in the script (PROVIDE)"),
    LinkerMessageKind(
      "duplicate-symbol",
      [
        ("*multiple definition of `*'; *", [.text, .symbol]),
        ("*: multiple definition of '*'", [.text, .symbol]), ("duplicate symbol: *", [.symbol]),
      ],
      meaning: "two objects define the symbol",
      next: "make one of the two static or weak"),
    LinkerMessageKind(
      "missing-format",
      [
        ("target * not found", []), ("unknown output format name: *", []),
        ("unrecognised emulation mode: *", []), ("cannot represent machine `*'", []),
      ],
      meaning: "this linker was built without the format or machine that the script asks for",
      next: "use the linker of the target's tool chain; 'ld -V' and 'objdump -i' list what it knows"
    ),
  ]
}
