// Messages about expressions and the names in them.

extension LinkerMessageKind {
  static let values: [LinkerMessageKind] = [
    LinkerMessageKind(
      "undefined-symbol-in-expression",
      [
        "undefined symbol `{symbol}' referenced in expression",
        "undefined symbol '{symbol}' referenced in expression",
        "unresolvable symbol `{symbol}' referenced in expression", "symbol not found: {symbol}",
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
        "undefined section `{section}' referenced in expression",
        "{word} called on nonexistent output section '{section}'", "undefined section {section}",
      ],
      meaning:
        "SIZEOF, ADDR, LOADADDR or ALIGNOF of an output section that the script does not have",
      next: "name the section in SECTIONS, if only as '.x : { *(.x) }'; lld takes its size as 0"),
    LinkerMessageKind(
      "undefined-region",
      [
        "memory region `{region}' not declared", "memory region '{region}' not declared",
        "MEMORY region '{region}' not declared", "memory region not defined: {region}",
        "undefined memory region '{region}' referenced in {word} expression",
        "undefined memory region '{region}'", "undefined memory region '{text}",
        "undefined MEMORY region `{region}' referenced in expression",
        "memory region '{region}' is not defined",
        "memory region `{region}' for alias `{region}' does not exist",
        "undefined memory region '{region}' referenced in alias '{region}'",
      ],
      meaning:
        "no MEMORY command declares this region; where a section is placed in it, GNU ld goes on with all of the "
        + "address space",
      next: "declare it in MEMORY, or mend the spelling"),
    LinkerMessageKind(
      "duplicate-region",
      [
        "redeclaration of memory region `{region}'", "region '{region}' already defined",
        "redefinition of memory region alias `{region}'",
        "redefinition of memory region '{region}'",
        "alias for default memory region",
      ],
      meaning: "MEMORY declares the region twice; GNU ld keeps the first and only warns",
      next: "remove one of the two"),
    LinkerMessageKind(
      "invalid-region",
      [
        "invalid origin for memory region {region}", "invalid length for memory region {region}",
      ],
      meaning: "ORIGIN or LENGTH of the region is no number that is known when MEMORY is read",
      next:
        "write it with numbers, and with symbols that the command line or the script sets before"),
    LinkerMessageKind(
      "division-by-zero",
      [
        "/ by zero", "% by zero", "division by zero", "modulo by zero", "div by zero",
        "mod by zero",
      ],
      meaning:
        "a divisor came out as 0. In GNU ld a symbol beside a plain number counts as its offset in its section",
      next: "'lds-check explain' on the map shows the values; guard it with '?:' if 0 is allowed"),
    LinkerMessageKind(
      "unknown-constant",
      [
        "unknown constant `{word}' referenced in expression", "unknown constant: {word}",
        "unknown constant {word}",
      ],
      meaning: "CONSTANT() knows MAXPAGESIZE and COMMONPAGESIZE and nothing else",
      next: "use one of the two, or write the number"),
    LinkerMessageKind(
      "forward-reference",
      [
        "non constant or forward reference address expression for section {section}",
        "invalid assignment to location counter", "nonconstant expression for {text}",
        "internal error in eval_maybe_dot, {text}", "invalid data statement",
        "invalid reloc statement",
      ],
      meaning:
        "an address depends on a section or symbol that comes later, or that nobody defines",
      next: "use what stands before it, or move the section that it depends on in front"),
    LinkerMessageKind(
      "misplaced-location-counter",
      [
        "assignment to location counter invalid outside of SECTIONS",
        "can not PROVIDE assignment to location counter", "invalid use of PROVIDE for dot symbol",
        "unable to get location counter value", "invalid use of location counter",
      ],
      meaning: "'.' has a value inside SECTIONS only",
      next: "move the statement into 'SECTIONS { ... }'"),
    LinkerMessageKind(
      "alignment-not-power-of-two",
      [
        "alignment must be power of 2", "alignment must be a power of 2",
        "{word} alignment is not a power of 2",
      ],
      meaning: "lld takes powers of two as alignments; GNU ld takes any number",
      next: "write a power of two, or compute the address by hand"),
    LinkerMessageKind(
      "alignment-too-big",
      [
        "{file}: error: alignment power {number} of section `{section}' is too big",
        "alignment power {number} of section `{section}' is too big",
        "{file}: section alignment power {number} of section `{section}' is too big",
      ],
      meaning: "the section asks for an alignment that no address has",
      next: "mend the ALIGN() of the section or the '.align' of its inputs"),
    LinkerMessageKind(
      "both-relative", ["at least one side of the expression must be absolute"],
      meaning: "lld does not add two addresses; GNU ld adds their offsets",
      next: "subtract them, or make one absolute with ABSOLUTE()"),
    LinkerMessageKind(
      "fill-too-wide", ["filler expression result does not fit 32-bit: {hex}"],
      meaning: "lld fills gaps with 32 bits; GNU ld takes longer patterns",
      next: "write a fill of at most 32 bits"),
    LinkerMessageKind(
      "page-sizes", ["common page size ({hex}) > maximum page size ({hex})"],
      meaning: "-z common-page-size is larger than -z max-page-size",
      next: "raise -z max-page-size, or drop the other option"),
    LinkerMessageKind(
      "page-sizes",
      ["max-page-size: value isn't a power of 2", "common-page-size: value isn't a power of 2"],
      meaning: "a size of a page is a power of two",
      next: "give -z max-page-size or -z common-page-size another number"),
  ]
}
