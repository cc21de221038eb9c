// Messages about symbols that objects and the script share.

internal import LdsParser

extension LinkerMessageKind {
  static let names: [LinkerMessageKind] = [
    LinkerMessageKind(
      "missing-entry", severity: .warning,
      [
        "cannot find entry symbol {symbol}; defaulting to {hex}",
        "cannot find entry symbol {symbol}; not setting start address",
        "cannot find entry symbol '{symbol}'",
        "entry symbol '{symbol}' exists but is not defined",
      ],
      meaning:
        "ENTRY names a symbol that no object defines; the image starts somewhere else, or nowhere",
      next: "define it (global) in an object, or mend the spelling"),
    LinkerMessageKind(
      "undefined-reference",
      [
        "undefined reference to `{symbol}'", "undefined reference to '{symbol}'",
        "undefined reference to '{symbol}', version '{text}'",
        "more undefined references to `{symbol}' follow",
        "{file}: undefined reference to `{symbol}'",
        "{file}: undefined reference to symbol '{symbol}'",
        "{file}: more undefined references to `{symbol}' follow",
        "undefined symbol: {symbol}", "undefined hidden symbol: {symbol}",
        "undefined protected symbol: {symbol}", "undefined internal symbol: {symbol}",
        "undefined reference: {symbol}",
        "undefined reference due to --no-allow-shlib-undefined: {symbol}",
        "undefined reference due to --no-undefined: {symbol}",
        "required symbol `{symbol}' not defined", "--defsym: undefined symbol: {symbol}",
        "--require-defined: undefined symbol: {symbol}",
        "{file}: hidden symbol `{symbol}' isn't defined",
        "{file}: protected symbol `{symbol}' isn't defined",
        "{file}: internal symbol `{symbol}' isn't defined",
      ],
      meaning: "an object needs a symbol that nobody defines",
      next: "link the object that defines it, or assign it in the script (PROVIDE)"),
    LinkerMessageKind(
      "hidden-reference",
      [
        "{file}: hidden symbol `{symbol}' in {file} is referenced by DSO",
        "{file}: internal symbol `{symbol}' in {file} is referenced by DSO",
        "{file}: local symbol `{symbol}' in {file} is referenced by DSO",
        "hidden symbol `{symbol}' in {file} is referenced by DSO",
      ],
      meaning: "a shared library needs a symbol that this link keeps to itself",
      next: "give it default visibility, or link the library that was meant to define it"),
    LinkerMessageKind(
      "duplicate-symbol",
      [
        "multiple definition of `{symbol}'; {text}", "multiple definition of `{symbol}'",
        "{file}: multiple definition of `{symbol}'; {text}",
        "multiple definition of '{symbol}'", "{file}: multiple definition of '{symbol}'",
        "duplicate symbol: {file}: {file}: {symbol}", "duplicate symbol: {symbol}",
      ],
      meaning: "two objects define the symbol, or an object and the script",
      next: "make one of the two static or weak; in the script, write PROVIDE(x = ...)"),
    LinkerMessageKind(
      "cross-reference",
      [
        "prohibited cross reference from {section} to `{symbol}' in {section}",
        "prohibited cross reference from '{section}' to '{symbol}' in '{section}'",
        "prohibited cross reference from '{section}' to '{section}'",
        "prohibited cross reference from {section} to {section}",
      ],
      meaning:
        "NOCROSSREFS forbids that code in the one section refers to the other, as overlays need it",
      next: "move the function or the data, or take the section out of NOCROSSREFS"),
    LinkerMessageKind(
      "version-script",
      [
        "duplicate version tag `{text}'", "duplicate expression `{text}' in version information",
        "unable to find version dependency `{text}'",
        "anonymous version tag cannot be combined with other version tags",
        "version script assignment of '{text}' to symbol '{symbol}' failed: symbol not defined",
        "attempt to reassign symbol '{symbol}' of {text} to {text}",
        "unknown language `{text}' in version information", "{symbol} has undefined version {text}",
      ],
      meaning: "the version script contradicts itself or the symbols that there are",
      next: "mend the VERSION block or the file of --version-script"),
  ]

  static let relocations: [LinkerMessageKind] = [
    LinkerMessageKind(
      "discarded-reference",
      [
        "`{symbol}' referenced in section `{section}' of {file}: defined in discarded section `{section}' of {file}",
        "'{symbol}' referenced in section '{section}' of {file}: defined in discarded section '{section}' of {file}",
        "relocation refers to a discarded section: {section}",
        "relocation refers to a symbol in a discarded section: {symbol}",
        "{file}: relocation refers to a symbol in a discarded section: {symbol}",
        "relocation refers to discarded section '{text}'",
        "relocation refers to global symbol \"{symbol}\", which is defined in a discarded section",
        "relocation refers to local symbol \"{symbol}\" [{number}], which is defined in a discarded section",
        "relocation refers to local symbol \"\" [{number}], which is defined in a discarded section",
        "discarded output section: `{section}'",
        "{file}:{section}: error: relocation references symbol {symbol} which was removed by garbage collection",
        "{file}: sh_link of section `{section}' points to discarded section `{section}' of `{file}'",
        "{file}: sh_link of section `{section}' points to removed section `{section}' of `{file}'",
        "reloc refers to symbol `{symbol}' which is not being output",
      ],
      meaning:
        "contents that stay refer to contents that were thrown away: by /DISCARD/, by --gc-sections, or as a second "
        + "copy of a COMDAT group",
      next:
        "keep the section (take it out of /DISCARD/, KEEP()), or discard also what refers to it: exit code, .eh_frame "
        + "and tables of it"),
    LinkerMessageKind(
      "relocation-overflow",
      [
        "relocation truncated to fit: {word} against symbol `{symbol}' defined in {text}",
        "relocation truncated to fit: {word} against undefined symbol `{symbol}'",
        "relocation truncated to fit: {word} against `{section}'",
        "relocation truncated to fit: {text}",
        "relocation {word} out of range: {text}; references section '{section}'",
        "relocation {word} out of range: {text}; references '{symbol}'",
        "relocation {word} out of range: {text}",
        "relocation {word} against `{symbol}' out of range: {text}",
        "relocation {word} against {symbol} out of range: {text}",
        "{text}: relocation {word} against {symbol} out of range: {text}",
        "{text}: relocation {word} out of range: {text}",
        "improper alignment for relocation {text}", "relocation overflow: {text}",
        "relocation overflow in {text}", "relocation offset out of range {text}",
        "{text}: relocation {word} overflows",
        "{text}: relocation \"{word}\" goes out of range",
      ],
      meaning:
        "an instruction or a word has too few bits for the address it has to reach: symbol and place are too far apart, "
        + "or the symbol lies where this code model cannot go",
      next:
        "look where the symbol is: placed by mistake, a number from the script, or a section that moved behind a large "
        + "one. Else compile for a larger code model (-mcmodel=, -mlong-calls)"),
    LinkerMessageKind(
      "relocation-overflow", severity: .note,
      ["additional relocation overflows omitted from the output"],
      meaning: "there are more relocations that do not fit; GNU ld prints the first ten",
      next: "mend those above"),
    LinkerMessageKind(
      "dangerous-relocation",
      [
        "dangerous relocation: {text}", "{text}: dangerous relocation: {text}",
        "unresolvable {word} relocation against symbol `{symbol}'",
        "{text}: unresolvable {word} relocation against symbol `{symbol}'",
      ],
      meaning: "the linker knows of this relocation that it does not do what the object means",
      next:
        "see what the text behind it says; often objects for different machines or ABIs are mixed"),
    LinkerMessageKind(
      "code-model",
      [
        "relocation {word} against {text} can not be used when making a {text}",
        "{file}: relocation {word} against {text} can not be used when making a {text}",
        "relocation {word} cannot be used against {text}",
        "relocation {word} against {text} cannot be used; recompile with {text}",
        "{text}: relocation {word} cannot be used against {text}",
        "{text}: relocation {word} against {text} can not be used; recompile with {text}",
        "can't create dynamic relocation {word} against {text}",
        "{file}: dynamic STT_GNU_IFUNC symbol `{symbol}' with pointer equality in `{file}' can not be used when "
          + "making an {text}",
        "dynamic STT_GNU_IFUNC symbol `{symbol}' with pointer equality in `{file}' can not be used when making an {text}",
        "{file}: warning: relocation against `{symbol}' in read-only section `{section}'",
        "{file}: relocation against `{symbol}' in read-only section `{section}'",
        "{file}: requires dynamic {word} reloc against '{symbol}' which may overflow at runtime; recompile with {text}",
        "{file}: requires dynamic {word} reloc which may overflow at runtime; recompile with {text}",
        "requires unsupported dynamic reloc {text}; recompile with -fPIC",
        "{file}: requires unsupported dynamic reloc {text}; recompile with -fPIC",
        "read-only segment has dynamic relocations", "creating DT_TEXTREL in {text}",
        "{file}: dynamic relocation against `{symbol}' in read-only section `{section}'",
      ],
      meaning: "an object was compiled for another kind of output than this link makes",
      next: "compile it with -fPIC (shared, PIE), or link with -no-pie / -static"),
    LinkerMessageKind(
      "unknown-relocation",
      [
        "{file}: unsupported relocation type {text}",
        "unknown relocation ({text}) against symbol {text}",
        "{file}: unrecognized relocation type {hex} in section `{section}'",
        "unrecognized relocation {text}",
      ],
      meaning: "the object has a relocation that this linker does not know",
      next: "use the linker of the tool chain that made the object"),
  ]
}
