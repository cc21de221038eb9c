// Messages about files, options and the linker itself.

internal import LdsParser

extension LinkerMessageKind {
  static let files: [LinkerMessageKind] = [
    LinkerMessageKind(
      "missing-script",
      [
        "cannot open linker script file {file}: {text}", "cannot find linker script {file}",
        "cannot open {file}.lds: {text}", "cannot open {file}.ld: {text}",
        "cannot open {file}.x: {text}", "cannot open {file}.lds.S: {text}",
      ],
      meaning: "a script named by -T or INCLUDE is not where the linker looks",
      next: "INCLUDE looks in the working folder and in -L folders"),
    LinkerMessageKind(
      "executable-stack",
      [
        "{file}: missing .note.GNU-stack section implies executable stack",
        "{file}: requires executable stack (because the .note.GNU-stack section is executable)",
        "{file}: is triggering the generation of an executable stack {text}",
      ],
      meaning:
        "the object, made of assembler code, does not say whether it needs an executable stack; the script "
        + "has no part in it",
      next:
        "end the assembler file with '.section .note.GNU-stack,\"\",@progbits', or link with '-z noexecstack'"
    ),
    LinkerMessageKind(
      "deprecated-default", severity: .note,
      [
        "This behaviour is deprecated and will be removed in a future version of the linker",
        "This behaviour is deprecated {text}",
      ],
      meaning: "GNU ld explains the warning above",
      next: "mend what the warning names"),
    LinkerMessageKind(
      "linker-fault",
      [
        "internal error in {text}", "internal error: {text}", "internal error {text}",
        "BFD {text} assertion fail {text}", "BFD {text} internal error, aborting at {text}",
        "please report this bug", "Please report this bug.", "Please report this bug",
      ],
      meaning: "the linker itself failed, often after an error it reported before",
      next: "mend the errors above it; if there are none, try another version of the linker"),
    LinkerMessageKind(
      "consequence", ["{file}: error adding symbols: bad value"],
      meaning: "GNU ld gives this object up because of what it said of its symbols before",
      next: "mend the error above it"),
    LinkerMessageKind(
      "wrong-format",
      [
        "{file}: file not recognized: {text}", "{file}: error adding symbols: {text}",
        "{file}: could not read symbols: {text}", "{file}: file not recognized",
        "{word} architecture of input file `{file}' is incompatible with {word} output",
        "{file} is incompatible with {file}", "{file}: incompatible with {word}",
        "{file}: ABI is incompatible with that of the selected emulation:",
        "{file}: unknown file type", "{file}: not an object or archive",
        "{file}: incompatible target",
        "{file}: incompatible file type: {text}",
        "failed to merge target specific data of file {file}",
        "relocatable linking with relocations from format {word} ({file}) to format {word} ({file}) is not supported",
        "could not infer e_machine from bitcode target triple {text}",
        "target emulation unknown: -m or at least one .o file required",
        "attempted static link of dynamic object `{file}'", "{file}: file is empty",
        "unsupported e_machine value: {text}",
        "{file} uses VFP register arguments, {file} does not",
        "{file} uses FPA register arguments, {file} does not",
        "{file} uses Maverick register arguments, {file} does not",
        "Source object {file} has EABI version {number}, but target {file} has EABI version {number}",
        "{file}: can't link {word} modules with {word} modules",
        "{file}: can't link RVE with other target",
        "{file}: linking {word} module with previous {word} modules",
      ],
      meaning:
        "an input is no object for the machine of this link: another architecture, bitcode of LTO, a cut file",
      next:
        "build it for the same target and with the same compiler as the rest; 'file NAME' tells what it is"
    ),
    LinkerMessageKind(
      "wrong-format", severity: .note, ["skipping incompatible {file} when searching for {text}"],
      meaning: "a library of this name is for another machine; the search goes on",
      next: "nothing if it is found later; else give the -L of the right one first"),
    LinkerMessageKind(
      "missing-format",
      [
        "target {word} not found", "unknown output format name: {word}",
        "invalid BFD target `{word}'",
        "unrecognised emulation mode: {word}", "cannot represent machine `{text}'",
        "unknown emulation: {word}", "unknown -m argument: {word}",
        "unrecognised emulation: {word}",
        "unknown target machine {text}", "unknown output format {word}",
        "{file}: can not make object file: {text}", "unknown architecture {word}",
        "{file}: can not set architecture: {text}",
      ],
      meaning: "this linker was built without the format or machine that the script asks for",
      next: "use the linker of the target's tool chain; 'ld -V' and 'objdump -i' list what it knows"
    ),
    LinkerMessageKind(
      "cannot-open",
      ["{file}: open: {text}", "failed to open {file}: {text}", "open {file}: {text}"],
      meaning: "the linker cannot open this file, of its inputs or its output",
      next: "see whether it is there, or its folder, and may be read or written"),
    LinkerMessageKind(
      "output",
      [
        "cannot open output file {file}: {text}", "cannot open map file {file}: {text}",
        "failed to write output '{file}': {text}",
        "{file}: can't open for writing: {text}", "cannot stat linker map file: {text}",
        "{file}: final close failed: {text}",
      ],
      meaning: "the linker cannot write its output or its map",
      next: "see whether the folder is there, may be written, and has room"),
    LinkerMessageKind(
      "missing-input",
      [
        "cannot find {file}: {text}", "cannot find {file}", "cannot open {file}: {text}",
        "unable to find library {file}", "unable to find {file}",
        "{file}: cannot open {file}: {text}",
        "cannot find {file} ({text}): {text}", "cannot find {file} inside {text}",
        "library not found: {file}", "cannot find version script {file}",
        "{file}({file}): can't find member in archive",
        "{file}({file}): can't find member in non-archive file", "no input files",
        "input file '{file}' is the same as output file",
        "have you installed the static version of the {file} library ?",
        "note to link with {file} use -l:{file} or rename it to lib{file}",
      ],
      meaning: "an object or library of the link is missing",
      next: "build it first, or mend its path; -L adds folders for -l"),
    LinkerMessageKind(
      "consequence",
      [
        "final link failed", "final link failed: {text}",
        "treating warnings as errors",
        "map sections to segments failed: {text}", "failed to set dynamic section sizes: {text}",
        "link errors found, deleting executable `{file}'",
        "too many errors emitted, stopping now (use --error-limit=0 to see all errors)",
        "too many errors emitted, stopping now {text}", "linking failed",
      ],
      meaning:
        "the link ends because of what stands above. With nothing above, the output could not be written: 'file "
        + "truncated' means that a section lies further from the start of the file than a file can reach",
      next: "mend the errors above it; else mend the address that is far from the others"),
    LinkerMessageKind(
      "information", severity: .note,
      [
        "mode {word}", "TLS: {section}", "non-TLS: {section}",
        "removing unused section '{section}' in file '{file}'",
        "removing unused section {file}:({section})", "linker map file is not a regular file",
        "use the --help option for usage information", "supported emulations: {text}",
        "{file}: matching formats: {text}", "{file}: definition of {symbol}",
        "{file}: reference to {symbol}",
        "About to run error handling script '{text}' with arguments: {text}",
      ],
      meaning: "a remark of the linker",
      next: "nothing"),
    LinkerMessageKind(
      "missing-t", ["{file} contains output sections; did you forget -T?"],
      meaning:
        "a script with SECTIONS was given as an input: it is added to the linker's own script, not used instead of it",
      next: "put -T in front of it"),
  ]
}
