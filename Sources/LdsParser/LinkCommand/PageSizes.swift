// The page sizes that linkers assume, by machine: `CONSTANT(MAXPAGESIZE)` and `CONSTANT(COMMONPAGESIZE)` of a link
// without -z options.

/// A machine's page sizes.
public struct PageSizes: Sendable, Hashable {
  /// `MAXPAGESIZE`; nil where it depends on how the linker was built: GNU ld for x86-64 has 4K if it was configured with
  /// `--enable-separate-code`, else 2M (bfd/elf64-x86-64.c).
  public var maximum: UInt64?
  /// `COMMONPAGESIZE`
  public var common: UInt64

  /// What `dialect` takes for images with this `e_machine`; nil for machines that are not known here.
  public init?(machine: UInt16, dialect: LinkerDialect) {
    common = 0x1000
    switch (machine, dialect) {
    // EM_ARM, EM_AARCH64, EM_MIPS: elf32-arm.c, elfnn-aarch64.c, elfxx-mips; lld/ELF/Arch.
    case (40, _), (183, _), (8, _): maximum = 0x10000
    // EM_RISCV, EM_386
    case (243, _), (3, _): maximum = 0x1000
    // EM_X86_64
    case (62, .lld): maximum = 0x1000
    case (62, .bfd): maximum = nil
    default: return nil
    }
  }
}
