// The page sizes that linkers assume, by machine: `CONSTANT(MAXPAGESIZE)` and `CONSTANT(COMMONPAGESIZE)` of a link
// without -z options.

/// A machine's page sizes.
public struct PageSizes: Sendable, Hashable {
  /// `MAXPAGESIZE`; nil where it depends on how the linker was built: GNU ld for x86-64 has 4K if it was configured with
  /// `--enable-separate-code`, else 2M (bfd/elf64-x86-64.c); for ARM and MIPS 4K or 64K, by the system it is for.
  public var maximum: UInt64?
  /// `COMMONPAGESIZE`
  public var common: UInt64

  /// What `dialect` takes for images with this `e_machine`; nil for machines that are not known here.
  public init?(machine: UInt16, dialect: LinkerDialect) {
    common = 0x1000
    switch (machine, dialect.family) {
    // EM_AARCH64 (elfnn-aarch64.c); EM_ARM, EM_MIPS (lld/ELF/Arch).
    case (183, _), (40, .lld), (8, .lld): maximum = 0x10000
    // EM_RISCV, EM_386; EM_X86_64.
    case (243, _), (3, _), (62, .lld): maximum = 0x1000
    case (62, .bfd), (40, .bfd), (8, .bfd): maximum = nil
    default: return nil
    }
  }
}
