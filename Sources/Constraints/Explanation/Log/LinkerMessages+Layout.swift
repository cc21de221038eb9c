// Messages about places: location counter, regions, overlaps, segments, orphans.

extension LinkerMessageKind {
  static let layout: [LinkerMessageKind] = [
    LinkerMessageKind(
      "location-counter-backwards",
      [
        ("cannot move location counter backwards (from * to *)", []),
        (
          "unable to move location counter (*) backward to * for section '*'",
          [.text, .text, .section]
        ),
        ("address of section '*' moves backward from * to *", [.section]),
        ("section * at * of size * exceeds available address space", [.section]),
      ],
      meaning:
        "'. = X' asks for a place that the contents before it have already passed. Inside an output "
        + "section, '.' counts from the section's start for GNU ld and gold, and is an address for lld",
      next:
        "find what grew: the first number is where the contents end, the second where the script wants to be; "
        + "raise the second, move contents elsewhere, or write '. = ALIGN(...)'"),
    LinkerMessageKind(
      "location-counter-backwards", [("dot may not move backward", [])],
      meaning:
        "'. = X' asks for a place that the contents before it have already passed; gold says neither where nor "
        + "how far",
      next:
        "look for a '. = X' whose X is a plain number; GNU ld, given the same script and objects, names the line "
        + "and both places"),
    LinkerMessageKind(
      "region-overflow",
      [
        ("region `*' overflowed by * bytes", [.region]),
        ("* section `*' will not fit in region `*'", [.text, .section, .region]),
        (
          "section '*' will not fit in region '*': overflowed by * bytes",
          [.section, .region]
        ),
        ("section * overflows end of region *", [.section, .region]),
      ],
      meaning: "the sections placed in this memory region need more bytes than its LENGTH gives",
      next:
        "shrink the largest contents, move a section to another region, or raise LENGTH if the memory is there"
    ),
    LinkerMessageKind(
      "section-overlap",
      [
        ("section * LMA [*] overlaps section * LMA [*]", [.section, .text, .section]),
        ("section * VMA [*] overlaps section * VMA [*]", [.section, .text, .section]),
        ("section * virtual address range overlaps with *", [.section, .section]),
        ("section * load address range overlaps with *", [.section, .section]),
        ("section * file range overlaps with *", [.section, .section]),
      ],
      meaning:
        "two output sections claim the same bytes, of the address space (VMA) or of the load image (LMA)",
      next:
        "one of them has a fixed address or AT() that leaves too little room for the other: derive it from '.' or "
        + "from LOADADDR() and SIZEOF() of the section before it"),
    LinkerMessageKind(
      "section-overlap", [("load segment overlap [*] and [*]", [])],
      meaning: "two segments claim the same addresses; gold names no sections",
      next:
        "look for the output section that is fixed to the start of the second range, and derive its address from "
        + "'.'; GNU ld, given the same script and objects, names both sections"),
    LinkerMessageKind(
      "no-region",
      [
        ("no memory region specified for loadable section `*'", [.section]),
        ("no memory region specified for section '*'", [.section]),
      ],
      meaning: "the script declares MEMORY, and this section is placed in none of its regions",
      next: "write '> REGION' behind the section's closing brace"),
    LinkerMessageKind(
      "headers-outside-memory",
      [
        (
          "creating a segment to contain the file and program headers outside of any MEMORY region",
          []
        )
      ],
      meaning:
        "gold puts the ELF headers in front of the first section, where no MEMORY region has room for them",
      next:
        "nothing, if a raw image is made of the output; else give the first section the address "
        + "'ORIGIN(REGION) + SIZEOF_HEADERS', or name the segments in PHDRS without FILEHDR"),
    LinkerMessageKind(
      "unplaced-orphan",
      [
        ("unplaced orphan section `*' from `*'", [.section]),
        ("orphan section `*' from `*' being placed in section `*'", [.section]),
        ("*:(*) is being placed in '*'", [.text, .section]),
      ],
      meaning:
        "no input pattern of the script takes this section, so the linker puts it where it thinks fit",
      next:
        "to the output section that it belongs to, or to /DISCARD/ if nobody needs it"
    ),
    LinkerMessageKind(
      "missing-segment",
      [
        ("section `*' assigned to non-existent phdr `*'", [.section]),
        ("program header '*' is not listed in PHDRS", []),
        ("<internal>: program header '*' is not listed in PHDRS", []),
        ("no segment *", []),
        ("allocated section not in any PT_LOAD segment", []),
        ("allocated section * not in any segment", [.section]),
        ("*: warning: allocated section `*' not in segment", [.text, .section]),
        ("no sections assigned to phdrs", []),
      ],
      meaning: "a section is assigned to no program header of PHDRS, or to one that is not there",
      next:
        "write ':NAME' of a PT_LOAD entry behind the section; sections that follow inherit it until another one "
        + "is named"),
    LinkerMessageKind(
      "headers-without-room",
      [
        ("could not allocate headers", []),
        ("not enough room for program headers, try linking with -N", []),
        ("*: not enough room for program headers (allocated *, need *)", []),
        (
          "sections loaded on first page without room for file and program headers are not supported",
          []
        ),
      ],
      meaning:
        "PHDRS asks for the file headers in a segment, and no room is left before its first section",
      next: "start the first section at '. = BASE + SIZEOF_HEADERS', or drop FILEHDR and PHDRS"),
    LinkerMessageKind(
      "rwx-segment",
      [
        ("* has a LOAD segment with RWX permissions", []),
        ("* has a TLS segment with execute permission", []),
      ],
      meaning:
        "one segment holds code and writable data, so the loader maps all of it writable and executable",
      next:
        "give text, read-only data and data PHDRS of their own, or page alignment between them; "
        + "'lds-check superpages IMAGE' shows what shares a page"),
    LinkerMessageKind(
      "discard-misuse", [("illegal use of `/DISCARD/' section", [])],
      meaning: "/DISCARD/ holds something else than input patterns: an assignment, data, an ASSERT",
      next: "move the statement out of /DISCARD/"),
    LinkerMessageKind(
      "insert-not-found",
      [
        ("* not found for insert", [.section]),
        ("unable to insert * after *", [.section, .section]),
        ("unable to insert * before *", [.section, .section]),
      ],
      meaning: "INSERT names an output section that the script it is added to does not have",
      next: "'ld --verbose' prints the default script with its section names"),
  ]
}
