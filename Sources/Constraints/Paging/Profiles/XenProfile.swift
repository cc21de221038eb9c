// Xen on x86: four regions between the `__2M_*` symbols, one `l2_xenmap` page of 512 slots from
// XEN_VIRT_START (`__image_base__`) on.
//
// Sources: xen/arch/x86/xen.lds.S, setup.c `using_2M_mapping()`, boot/x86_64.S `l2_xenmap` (Xen 4.8 to 4.21).

internal import LdsParser

extension MappingDescription {
  /// The seven symbols of `using_2M_mapping()`.
  static let xenSuperpageSymbols = [
    "__2M_text_end", "__2M_rodata_start", "__2M_rodata_end", "__2M_init_start", "__2M_init_end",
    "__2M_rwdata_start", "__2M_rwdata_end",
  ]

  /// The profile `xen-x86`.
  public static let xenX86: MappingDescription = {
    var xen = MappingDescription(
      name: "xen-x86",
      regions: [
        RegionDescription(
          name: "text", start: ["__2M_text_start", "_start", "_stext"],
          end: ["__2M_text_end", "_etext"], permissions: [.read, .execute], sections: [".text"]),
        RegionDescription(
          name: "rodata", start: ["__2M_rodata_start"], end: ["__2M_rodata_end", "_erodata"],
          permissions: .read,
          sections: [".rodata", ".note", ".note.*", ".buildid", "__llvm_prf_names", "__llvm_cov*"]),
        RegionDescription(
          name: "init", start: ["__2M_init_start", "__init_begin"],
          end: ["__2M_init_end", "__init_end"], permissions: [.read, .write, .execute],
          sections: [
            ".init", ".init.*", ".got", ".got.plt", ".igot.plt", ".iplt", ".plt", ".rela",
            ".rela.*",
            ".ctors", ".init_array",
          ]),
        RegionDescription(
          name: "rwdata", start: ["__2M_rwdata_start", "__init_end"],
          end: ["__2M_rwdata_end", "_end"], permissions: [.read, .write],
          sections: [
            ".data", ".data.*", ".bss", ".bss.*", ".lockprofile.data", ".reloc", "__llvm_prf_*",
          ]),
      ],
      start: ["__2M_text_start", "_start", "_stext"], end: ["_end", "__2M_rwdata_end"])
    xen.base = ["__image_base__"]
    xen.pageTable = "x86-64-4level"
    xen.windowBytes = 1 << 30
    // XEN_IMG_OFFSET is 2M.
    xen.firstSlot = 1
    xen.superpageSymbols = xenSuperpageSymbols
    xen.needsSuperpageBase = true
    xen.listsAllSections = true
    // machine_kexec() copies the relocation code to another page.
    xen.tables = [TableDescription(end: "kexec_reloc_end", sections: [".text.kexec"])]
    // mkelf32 is told __2M_rwdata_end (xen/arch/x86/Makefile).
    xen.image = ShippedDescription(form: .elf32, end: "__2M_rwdata_end")
    return xen
  }()
}
