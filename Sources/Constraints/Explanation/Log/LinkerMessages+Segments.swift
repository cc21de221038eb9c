// Messages about program headers and what goes into them.

internal import LdsParser

extension LinkerMessageKind {
  static let segments: [LinkerMessageKind] = [
    LinkerMessageKind(
      "missing-segment",
      [
        "section `{section}' assigned to non-existent phdr `{segment}'",
        "program header '{segment}' is not listed in PHDRS",
        "<internal>: program header '{segment}' is not listed in PHDRS", "no segment {segment}",
      ],
      meaning: "a section is assigned to a program header that PHDRS does not have",
      next: "declare it in PHDRS, or mend the name behind ':'"),
    LinkerMessageKind(
      "section-in-no-segment",
      [
        "allocated section not in any PT_LOAD segment",
        "allocated section {section} not in any segment",
        "{file}: warning: allocated section `{section}' not in segment",
        "{file}: allocated section `{section}' not in segment", "no sections assigned to phdrs",
      ],
      meaning: "the section takes memory, and no segment loads it",
      next:
        "write ':NAME' of a PT_LOAD entry behind the section; sections that follow inherit it until another one "
        + "is named"),
    LinkerMessageKind(
      "section-outside-segment", severity: .warning,
      [
        "{file}: section `{section}' can't be allocated in segment {number}",
        "{file}: The first section in the PT_DYNAMIC segment is not the .dynamic section",
      ],
      meaning:
        "the sections of one segment are not in the order of their addresses, or lie too far apart for one segment",
      next: "order them by address, or name another segment behind one of them"),
    LinkerMessageKind(
      "segment-not-covered",
      [
        "{file}: error: PHDR segment not covered by LOAD segment",
        "{file}: error: non-load segment {number} includes file header and/or program header",
        "{file}: non-load segment {number} includes file header and/or program header",
      ],
      meaning:
        "PT_PHDR tells the program where its headers are in memory, and no PT_LOAD brings them there",
      next:
        "add 'FILEHDR PHDRS' to the first PT_LOAD entry and leave room with SIZEOF_HEADERS, or drop the PT_PHDR "
        + "entry"),
    LinkerMessageKind(
      "headers-without-room",
      [
        "could not allocate headers",
        "{file}: not enough room for program headers, try linking with -N",
        "not enough room for program headers, try linking with -N",
        "{file}: not enough room for program headers (allocated {number}, need {number})",
        "sections loaded on first page without room for file and program headers are not supported",
      ],
      meaning:
        "PHDRS asks for the file headers in a segment, and no room is left before its first section",
      next: "start the first section at '. = BASE + SIZEOF_HEADERS', or drop FILEHDR and PHDRS"),
    LinkerMessageKind(
      "headers-behind-load",
      ["PHDRS and FILEHDR are not supported when prior PT_LOAD headers lack them"],
      meaning: "FILEHDR and PHDRS stand in a PT_LOAD entry that is not the first",
      next: "move them to the first PT_LOAD entry of PHDRS"),
    LinkerMessageKind(
      "unknown-segment-type",
      [
        "unknown phdr type `{word}' (try integer literal)", "invalid program header type: {word}",
        "unknown PHDR type (try integer)",
      ],
      meaning: "this linker has no name for the type of this PHDRS entry",
      next: "write the number: PT_GNU_RELRO is 0x6474e552, PT_GNU_PROPERTY 0x6474e553"),
    LinkerMessageKind(
      "segment-syntax",
      [
        "PHDRS syntax error at `{word}'", "PHDRS syntax error",
        "unexpected header attribute: {word}",
      ],
      meaning:
        "behind a PHDRS entry's type stand FILEHDR, PHDRS, AT(..) and FLAGS(..), and nothing else",
      next: "mend the word, or end the entry with ';' before it"),
    LinkerMessageKind(
      "rwx-segment",
      [
        "{file} has a LOAD segment with RWX permissions",
        "{file} has a TLS segment with execute permission",
      ],
      meaning:
        "one segment holds code and writable data, so the loader maps all of it writable and executable",
      next:
        "give text, read-only data and data PHDRS of their own, or page alignment between them; "
        + "'lds-check superpages IMAGE' shows what shares a page"),
    LinkerMessageKind(
      "empty-segment", severity: .warning,
      [
        "{file}: warning: empty loadable segment detected at vaddr={hex}, is this intentional?",
        "{file}: empty loadable segment detected at vaddr={hex}, is this intentional?",
      ],
      meaning: "PHDRS has a PT_LOAD entry, and no section with contents went into it",
      next: "drop the entry, or mend the ':NAME' behind the sections that it was made for"),
    LinkerMessageKind(
      "thread-local-apart",
      [
        "{file}: TLS sections are not adjacent:", "{file}: TLS sections are not adjacent",
        "TLS sections are not adjacent:", "TLS sections are not adjacent",
      ],
      meaning: "thread-local sections, which belong into one segment, have others between them",
      next: "describe .tdata and .tbss one right behind the other"),
    LinkerMessageKind(
      "relro-apart", ["section: {section} is not contiguous with other relro sections"],
      meaning:
        "what is read-only after relocation (.data.rel.ro, .init_array, .dynamic, .got) has to lie in one piece, and "
        + "another section stands between its parts",
      next:
        "describe these sections one right behind the other, or link with -z norelro where no loader protects them"
    ),
    LinkerMessageKind(
      "thread-local-mismatch",
      [
        "{symbol}: TLS reference in {file} mismatches non-TLS {text}",
        "{symbol}: TLS definition in {file} section {section} mismatches non-TLS {text}",
        "{file}: symbol '{symbol}' used as both __thread and non-__thread",
        "TLS attribute mismatch: {symbol}",
      ],
      meaning:
        "one object takes the symbol for thread-local and another does not: their declarations differ, or a symbol of "
        + "the script stands where a thread-local variable is expected",
      next:
        "declare it the same way everywhere ('_Thread_local', '__thread'), and compile both objects again"
    ),
    LinkerMessageKind(
      "middle-bss", severity: .warning,
      [
        "script places BSS section in the middle of a LOAD segment; space will be allocated in the file"
      ],
      meaning: "zero-filled contents in front of others take bytes in the file",
      next: "put .bss last in its segment"),
  ]
}
