// Xen on arm64 and riscv64: mapped page by page, each with the permission of the region that it lies in.
//
// Sources: xen/arch/riscv/xen.lds.S, mm.c `setup_initial_mapping()` (2 MiB from XEN_VIRT_START on); xen/arch/arm/xen.lds.S,
// include/asm/mmu/layout.h (`XEN_VIRT_SIZE`, 8 MiB), arm64/mmu/mm.c. Xen 4.21.

internal import LdsParser

extension MappingDescription {
  /// The profile `xen-riscv64`.
  public static let xenRISCV64: MappingDescription = {
    var xen = pages(
      "xen-riscv64",
      RegionDescription(
        name: "inittext", start: ["_sinittext"], end: ["_einittext"],
        permissions: [.read, .execute]),
      initData: ["ALIGN(_einittext, 4K)"])
    xen.pageTable = "riscv-sv39"
    xen.windowBytes = 2 << 20
    return xen
  }()

  /// The profile `xen-arm64`.
  public static let xenArm64: MappingDescription = {
    var xen = pages(
      "xen-arm64",
      RegionDescription(
        name: "inittext", start: ["_sinittext", "__init_begin"], end: ["_einittext"],
        permissions: [.read, .execute]),
      initData: ["__init_data_begin", "ALIGN(_einittext, 4K)"])
    xen.pageTable = "aarch64-4k"
    xen.windowBytes = 8 << 20
    return xen
  }()

  /// What both have in common: the image is the window's first part, from its base on.
  private static func pages(
    _ name: String, _ initText: RegionDescription, initData: [String]
  ) -> MappingDescription {
    var xen = MappingDescription(
      name: name,
      regions: [
        RegionDescription(
          name: "text", start: ["_stext", "_start"], end: ["_etext"],
          permissions: [.read, .execute]),
        RegionDescription(
          name: "rodata", start: ["_srodata"], end: ["_erodata"], permissions: .read),
        RegionDescription(
          name: "ro_after_init", start: ["__ro_after_init_start"], end: ["__ro_after_init_end"],
          permissions: [.read, .write]),
        RegionDescription(
          name: "data", start: ["__ro_after_init_end"], end: ["__init_begin"],
          permissions: [.read, .write]),
        initText,
        RegionDescription(
          name: "initdata", start: initData, end: ["__init_end"], permissions: [.read, .write]),
        RegionDescription(
          name: "bss", start: ["__bss_start"], end: ["_end"], permissions: [.read, .write]),
      ],
      start: ["_start", "_stext"], end: ["_end"])
    xen.base = ["_start"]
    xen.usesBoundariesAsTheyAre = false
    xen.coversImage = false
    return xen
  }
}
