// Messages about places: location counter, regions, overlaps, orphans.

internal import LdsParser

extension LinkerMessageKind {
  static let layout: [LinkerMessageKind] = [
    LinkerMessageKind(
      "location-counter-backwards",
      [
        "cannot move location counter backwards (from {hex} to {hex})",
        "unable to move location counter ({hex}) backward to {hex} for section '{section}'",
        "unable to move location counter backward for: {section}",
        "address of section '{section}' moves backward from {hex} to {hex}",
      ],
      meaning:
        "'. = X' asks for a place that the contents before it have already passed. Inside an output "
        + "section, '.' counts from the section's start for GNU ld and gold, and is an address for lld",
      next:
        "find what grew: the first number is where the contents end, the second where the script wants to be; "
        + "raise the second, move contents elsewhere, or write '. = ALIGN(...)'"),
    LinkerMessageKind(
      "location-counter-backwards", ["dot may not move backward"],
      meaning:
        "'. = X' asks for a place that the contents before it have already passed; gold says neither where nor "
        + "how far",
      next:
        "look for a '. = X' whose X is a plain number; GNU ld, given the same script and objects, names the line "
        + "and both places"),
    LinkerMessageKind(
      "dot-moved-backwards", severity: .warning, ["dot moved backwards before `{section}'"],
      meaning:
        "this section starts below the end of the one before it: its address is fixed, or '.' was set back. GNU ld "
        + "goes on, and the two may share addresses",
      next:
        "if it is meant (another address space, an overlay), give the section a load address with AT() or AT>; "
        + "else let '.' grow"),
    LinkerMessageKind(
      "below-image-base",
      [
        "section '{section}' address ({hex}) is smaller than image base ({hex}); specify --image-base"
      ],
      meaning:
        "no script of the link has SECTIONS, so that ld.lld lays the image out itself from its image base, and an option "
        + "(-Ttext, --section-start) or what the script has put the section below it",
      next:
        "give --image-base=ADDRESS, at or below the lowest section; or give the script that has SECTIONS, if it is missing "
        + "from the command"),
    LinkerMessageKind(
      "region-of-unallocated", severity: .warning,
      ["ignoring memory region assignment for non-allocatable section '{section}'"],
      meaning:
        "the section is not in memory (debugging information, attributes), and the script places it in a memory region: "
        + "ld.lld does not",
      next: "take '> REGION' off the section"),
    LinkerMessageKind(
      "region-overflow",
      [
        "region `{region}' overflowed by {number} bytes",
        "region `{region}' overflowed by {number} byte",
        "{file} section `{section}' will not fit in region `{region}'",
        "section '{section}' will not fit in region '{region}': overflowed by {number} bytes",
        "section {section} overflows end of region {region}",
        "Memory region `{region}' not large enough for the linker-created stubs section `{section}' "
          + "associated to output section `{section}'",
      ],
      meaning: "the sections placed in this memory region need more bytes than its LENGTH gives",
      next:
        "shrink the largest contents, move a section to another region, or raise LENGTH if the memory is there"
    ),
    LinkerMessageKind(
      "address-outside-region",
      [
        "address {hex} of {file} section `{section}' is not within region `{region}'",
        "address {hex} is not within region {region}",
      ],
      meaning:
        "the section is assigned to this region, and its address lies outside of it: '. = X' or an address in front "
        + "of ':' put it there, or the region before it has overflowed",
      next:
        "drop the address and let the region give it, or set it to something between ORIGIN and ORIGIN + LENGTH; an "
        + "overflow that is reported as well comes first"),
    LinkerMessageKind(
      "section-overlap",
      [
        "section {section} LMA [{hex},{hex}] overlaps section {section} LMA [{hex},{hex}]",
        "section {section} VMA [{hex},{hex}] overlaps section {section} VMA [{hex},{hex}]",
        "section {section} virtual address range overlaps with {section}",
        "section {section} load address range overlaps with {section}",
        "section {section} file range overlaps with {section}",
      ],
      meaning:
        "two output sections claim the same bytes, of the address space (VMA) or of the load image (LMA)",
      next:
        "one of them has a fixed address or AT() that leaves too little room for the other: derive it from '.' or "
        + "from LOADADDR() and SIZEOF() of the section before it"),
    LinkerMessageKind(
      "section-overlap", ["load segment overlap [{text}] and [{text}]"],
      meaning: "two segments claim the same addresses; gold names no sections",
      next:
        "look for the output section that is fixed to the start of the second range, and derive its address from "
        + "'.'; GNU ld, given the same script and objects, names both sections"),
    LinkerMessageKind(
      "address-space-exceeded",
      [
        "section {section} VMA wraps around address space",
        "section {section} LMA wraps around address space",
        "section {section} at {hex} of size {hex} exceeds available address space",
      ],
      meaning: "the section reaches past the last address that the machine has",
      next: "mend its address: a sum in it has overflowed, or '.' was set too high"),
    LinkerMessageKind(
      "file-too-large",
      [
        "{file}: mmap: failed to allocate {number} bytes for output file: {text}",
        "output file too large: {number} bytes", "output file too large",
        "unable to place section {section} at file offset {text}; check your linker script for overflows",
        "writing section `{section}' at huge (ie negative) file offset",
        "{file}: writing section `{section}' at huge (ie negative) file offset",
      ],
      meaning:
        "offsets in the file follow the addresses, and a section lies far from the one before it: two sections in one "
        + "segment with a gap, or an address below the one before",
      next:
        "give the far section a segment of its own in PHDRS, make it NOLOAD, or mend its address"),
    LinkerMessageKind(
      "load-address-adjusted", severity: .warning,
      ["{file}: section {section} lma {hex} adjusted to {hex}"],
      meaning:
        "the load address that the script asks for does not fit the segment, in which load addresses and addresses "
        + "keep one distance: GNU ld writes another one into the program header, while LOADADDR() still tells the "
        + "first",
      next:
        "start a new segment where the distance changes (PHDRS and ':NAME'), or give the section an AT() that "
        + "follows from the one before it"),
    LinkerMessageKind(
      "no-region",
      [
        "no memory region specified for loadable section `{section}'",
        "error: no memory region specified for loadable section `{section}'",
        "no memory region specified for section '{section}'",
      ],
      meaning: "the script declares MEMORY, and this section is placed in none of its regions",
      next: "write '> REGION' behind the section's closing brace"),
    LinkerMessageKind(
      "load-address-twice",
      [
        "section has both a load address and a load region",
        "section can't have both LMA and a load region",
      ],
      meaning: "the output section says AT(address) and AT> REGION; only one can count",
      next: "drop one of the two"),
    LinkerMessageKind(
      "alignment-twice", ["align with input and explicit align specified"],
      meaning: "the output section says ALIGN(n) and ALIGN_WITH_INPUT; only one can count",
      next: "drop one of the two"),
    LinkerMessageKind(
      "headers-outside-memory",
      [
        "creating a segment to contain the file and program headers outside of any MEMORY region"
      ],
      meaning:
        "gold puts the ELF headers in front of the first section, where no MEMORY region has room for them",
      next:
        "nothing, if a raw image is made of the output; else give the first section the address "
        + "'ORIGIN(REGION) + SIZEOF_HEADERS', or name the segments in PHDRS without FILEHDR"),
    LinkerMessageKind(
      "unplaced-orphan",
      [
        "unplaced orphan section `{section}' from `{file}'",
        "orphan section `{section}' from `{file}' being placed in section `{section}'",
        "{file}:({section}) is being placed in '{section}'",
        "orphan section '{section}' from '{file}' is being placed in section '{section}'",
        "unplaced orphan section '{section}'", "unplaced orphan section {section} from {file}",
      ],
      meaning:
        "no input pattern of the script takes this section, so the linker puts it where it thinks fit",
      next:
        "to the output section that it belongs to, or to /DISCARD/ if nobody needs it"
    ),
    LinkerMessageKind(
      "unallocated-input",
      [
        "--enable-non-contiguous-regions was not able to allocate the input section `{section}' ({file}) to an "
          + "output section",
        "Could not assign `{section}' to an output section. Retry without --enable-non-contiguous-regions.",
        "Could not assign '{section}' to an output section. Retry without --enable-non-contiguous-regions.",
        "Relaxation not supported with --enable-non-contiguous-regions (section `{section}' would overflow "
          + "`{section}' after it changed size).",
        "Output section `{section}' not large enough for the linker-created stubs section `{section}'.",
      ],
      meaning:
        "with --enable-non-contiguous-regions an input section goes on to the next output section that names it when "
        + "a region is full; the last one was full, too",
      next: "enlarge one of the regions, or name the input section in one more output section"),
    LinkerMessageKind(
      "unallocated-input", severity: .warning,
      [
        "--enable-non-contiguous-regions discards section `{section}' from `{file}'",
        "--enable-non-contiguous-regions discards section `{section}' from '{file}'",
        "--enable-non-contiguous-regions may change behaviour for section `{section}' from {text}",
        "--enable-non-contiguous-regions makes section `{section}' from {text}",
      ],
      meaning:
        "--enable-non-contiguous-regions lets an input section go to a later pattern, or be dropped, when a region is "
        + "full",
      next: "see in the map where it went, and enlarge the region it was meant for"),
    LinkerMessageKind(
      "discard-misuse",
      ["illegal use of `/DISCARD/' section", "illegal use of `{section}' section"],
      meaning: "/DISCARD/ holds something else than input patterns: an assignment, data, an ASSERT",
      next: "move the statement out of /DISCARD/"),
    LinkerMessageKind(
      "discard-needed", ["discarding {section} section is not allowed"],
      meaning: "/DISCARD/ takes a section that lld makes itself and cannot do without",
      next: "take it out of /DISCARD/, or give it a place: '.x 0 : { *(.x) }'"),
    LinkerMessageKind(
      "insert-not-found",
      [
        "{anchor} not found for insert", "unable to insert {section} after {anchor}",
        "unable to insert {section} before {anchor}",
      ],
      meaning: "INSERT names an output section that the script it is added to does not have",
      next:
        "name a section that the other script has; without -T that is the linker's own: 'ld --verbose' prints it"
    ),
    LinkerMessageKind(
      "section-order", ["output section '{section}' must already exist"],
      meaning: "a section ordering file may only sort what the script describes",
      next: "describe the output section in the script, or mend the name in the ordering file"),
    LinkerMessageKind(
      "section-moved", severity: .warning,
      [
        "start of section {section} changed by {number}",
        "start of section {section} changed by -{number}",
        "changing start of section {section} by {number} bytes",
        "address of `{section}' isn't multiple of maximum page size",
      ],
      meaning: "the linker moved the section, or could not keep its alignment to pages",
      next: "write the address with ALIGN() so that it needs no correction"),
    LinkerMessageKind(
      "section-type", severity: .warning,
      [
        "section `{section}' type changed to PROGBITS",
        "section '{section}' is being made into a note",
        "{file}: section '{section}' is being made into a note",
      ],
      meaning:
        "contents of different types came together in one output section, or data was put into one that had none",
      next: "keep zero-filled sections and those with contents apart"),
    LinkerMessageKind(
      "section-type",
      ["section type mismatch for {section}", "incompatible section flags for {section}"],
      meaning: "lld refuses to put sections of different types into one output section",
      next: "keep them apart, one output section for each type"),
    LinkerMessageKind(
      "section-misaligned", severity: .warning,
      ["address ({hex}) of section {section} is not a multiple of alignment ({number})"],
      meaning:
        "the script gives the section an address that its contents are not aligned to; lld puts it there all the same, "
        + "GNU ld would move it on",
      next:
        "write ALIGN(n) behind the address, with the alignment that the message names, or round the address"
    ),
    LinkerMessageKind(
      "no-convergence",
      [
        "address ({hex}) of section '{section}' does not converge",
        "assignment to symbol {symbol} does not converge", "address assignment did not converge",
        "address assignment did not converge: {text}", "thunk creation not converged",
        "adding thunks hasn't converged after {text}", "looping in map_segments",
      ],
      meaning:
        "addresses and symbols depend on each other in a circle, so that every pass of the layout moves them again",
      next: "let addresses depend only on what stands before them"),
  ]
}
