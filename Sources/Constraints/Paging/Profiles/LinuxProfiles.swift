// Linux on x86-64 and arm64: the regions between the symbols of vmlinux.lds.S.
//
// Sources: arch/x86/kernel/vmlinux.lds.S and head_64.S (`level2_kernel_pgt` maps 1 GiB from
// __START_KERNEL_map on), arch/arm64/kernel/vmlinux.lds.S, arch/arm64/mm/mmu.c `map_kernel`.

extension MappingDescription {
  /// The profile `linux-x86_64`.
  public static let linuxX86: MappingDescription = {
    var linux = MappingDescription(
      name: "linux-x86_64",
      regions: [
        RegionDescription(
          name: "text", start: ["_text", "_stext"], end: ["_etext"],
          permissions: [.read, .execute], sections: [".text"]),
        RegionDescription(
          name: "rodata", start: ["__start_rodata"], end: ["__end_rodata"], permissions: .read,
          sections: [".rodata", "__*", ".pci_fixup", ".notes", ".builtin_fw", ".orc_*", ".BTF*"]),
        RegionDescription(
          name: "data", start: ["_sdata"], end: ["__init_begin", "_edata"],
          permissions: [.read, .write], sections: [".data", ".data.*", "__bug_table", ".vvar"]),
        RegionDescription(
          name: "init", start: ["__init_begin"], end: ["__init_end"],
          permissions: [.read, .write, .execute]),
        RegionDescription(
          name: "bss", start: ["__init_end", "__bss_start"], end: ["_end"],
          permissions: [.read, .write],
          sections: [".smp_locks", ".bss", ".bss.*", ".brk", ".data_nosave", ".init.scratch"]),
      ],
      start: ["_text", "_stext"], end: ["_end"])
    linux.pageTable = "x86-64-4level"
    linux.windowBytes = 1 << 30
    linux.usesBoundariesAsTheyAre = false
    linux.coversImage = false
    linux.needsSuperpageBase = true
    return linux
  }()

  /// The profile `linux-arm64`.
  public static let linuxArm64: MappingDescription = {
    var linux = MappingDescription(
      name: "linux-arm64",
      regions: [
        RegionDescription(
          name: "text", start: ["_stext", "_text"], end: ["_etext"],
          permissions: [.read, .execute]),
        RegionDescription(
          name: "rodata", start: ["__start_rodata"],
          end: ["__inittext_begin", "__init_begin", "__end_rodata"], permissions: .read),
        RegionDescription(
          name: "inittext", start: ["__inittext_begin"], end: ["__inittext_end"],
          permissions: [.read, .execute]),
        RegionDescription(
          name: "initdata", start: ["__initdata_begin"], end: ["__initdata_end"],
          permissions: [.read, .write]),
        RegionDescription(
          name: "data", start: ["_data", "_sdata"], end: ["_end"], permissions: [.read, .write]),
      ],
      start: ["_text", "_stext"], end: ["_end"])
    linux.pageTable = "aarch64-4k"
    linux.usesBoundariesAsTheyAre = false
    linux.coversImage = false
    return linux
  }()

  /// The profile `linux-riscv64`: while it boots, the kernel maps itself 2 MiB by 2 MiB, what lies below `__init_data_begin`
  /// for execution (arch/riscv/mm/init.c, `create_kernel_page_table`, `pgprot_from_va`); later on it takes the right to
  /// write from `__start_rodata` to `_data` (`mark_rodata_ro`).
  public static let linuxRISCV64: MappingDescription = {
    var linux = MappingDescription(
      name: "linux-riscv64",
      regions: [
        RegionDescription(
          name: "text", start: ["_start", "_text"], end: ["__init_text_begin", "_etext"],
          permissions: [.read, .execute]),
        RegionDescription(
          name: "inittext", start: ["__init_text_begin", "_sinittext"],
          end: ["__init_data_begin", "_einittext"], permissions: [.read, .execute]),
        RegionDescription(
          name: "initdata", start: ["__init_data_begin"], end: ["__init_end"],
          // .init.pi has the code that runs before the kernel is mapped, and its data.
          permissions: [.read, .write], sections: [".init.data", ".init.pi", ".init.bss"]),
        RegionDescription(
          name: "rodata", start: ["__start_rodata"], end: ["_data"], permissions: .read),
        RegionDescription(
          name: "data", start: ["_data"], end: ["_end"], permissions: [.read, .write]),
      ],
      start: ["_start", "_text"], end: ["_end"])
    linux.pageTable = "riscv-sv39"
    linux.usesBoundariesAsTheyAre = false
    linux.coversImage = false
    return linux
  }()
}
