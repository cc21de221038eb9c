// Options of a link that move sections about without setting an address or a symbol: no proof may depend on them.

import LdsParser
import TestSupport

/// Options for a link.
enum ProofLinkOptions {
  private static let gnu: [[String]] = [
    ["-z", "max-page-size=0x200000"], ["-z", "max-page-size=0x1000"],
    ["-z", "common-page-size=0x10000", "-z", "max-page-size=0x10000"],
    ["-z", "separate-code"], ["-z", "noseparate-code"], ["-z", "relro"], ["-z", "norelro"],
    ["--gc-sections", "-e", "obj_text"], ["--gc-sections", "-e", "obj_text", "-u", "obj_data"],
    ["--sort-section=alignment"], ["--sort-section=name"], ["--sort-common"],
    ["--sort-common=ascending"], ["-shared"], ["-pie"], ["--build-id"], ["-n"], ["-N"],
    ["--unique"], ["--unique=.data*"], ["--emit-relocs"],
    ["--no-define-common"], ["-d"], ["--eh-frame-hdr"], ["--hash-style=both", "-shared"], ["-s"],
    ["-S"], ["-x"], ["--no-relax"], ["--warn-section-align"], ["-z", "execstack"],
    ["-z", "stack-size=0x1000"], ["-q", "--gc-sections", "-e", "obj_text"], ["-Bsymbolic"],
    ["--traditional-format"], ["--force-group-allocation"], ["-z", "keep-text-section-prefix"],
  ]

  private static let lld: [[String]] = [
    ["-z", "max-page-size=0x200000"], ["-z", "max-page-size=0x1000"],
    ["-z", "common-page-size=0x10000", "-z", "max-page-size=0x10000"],
    ["-z", "separate-code"], ["-z", "noseparate-code"], ["-z", "relro"], ["-z", "norelro"],
    ["--gc-sections", "-e", "obj_text"], ["--gc-sections", "-e", "obj_text", "-u", "obj_data"],
    ["--sort-section=alignment"], ["--sort-section=name"], ["-shared"], ["-pie"], ["--build-id"],
    ["-n"], ["-N"], ["--emit-relocs"], ["--eh-frame-hdr"], ["-s"], ["-S"], ["-O2"], ["-O0"],
    ["-z", "execstack"], ["--icf=all"], ["--no-rosegment"], ["--pack-dyn-relocs=relr", "-pie"],
  ]

  /// None for every other link, else one to three.
  static func some(
    _ random: inout SeededGenerator, by family: LinkerDialect.Family
  ) -> [String] {
    guard random.once(in: 2) else { return [] }
    let choices = family == .lld ? lld : gnu
    return (0...random.below(3)).flatMap { _ in random.pick(choices) ?? [] }
  }
}
