// The page-table formats the program knows.
//
// Sources: Intel SDM volume 3 chapter 4; Arm ARM D8.2 (stage 1, 48-bit, blocks without LPA2); RISC-V
// privileged specification 12.4 to 12.6; Power ISA 3.0B book III 5.7.10 with the tree that Linux uses.

public import LdsParser

extension Image {
  /// The machine whose page tables the image is for: as the file tells, or by the format that a map says was written.
  var mappedMachine: UInt16? {
    if let machine { return machine }
    guard let format = outputFormat.map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
    let known: [(suffix: String, machine: UInt16)] = [
      ("-x86-64", 62), ("-littleaarch64", 183), ("-bigaarch64", 183), ("elf64-littleriscv", 243),
      ("elf64-powerpc", 21), ("elf64-powerpcle", 21), ("elf32-i386", 3),
    ]
    return known.first { format.hasSuffix($0.suffix) }?.machine
  }

  /// The machine for people.
  public var machineName: String {
    switch machine {
    case 40: "32-bit ARM"
    case 8: "MIPS"
    case 243: is32Bit == true ? "32-bit RISC-V" : "RISC-V"
    case let number?: "machine \(number)"
    case nil: "this machine"
    }
  }
}

extension PageTableModel {
  /// Every known format.
  public static let all: [PageTableModel] = [
    x86FourLevel, x86FiveLevel, arm4K, arm16K, arm64K, sv39, sv48, sv57, powerRadix4K,
    powerRadix64K,
  ]

  /// Every name that a configuration may give.
  public static let names = all.map(\.name)

  /// The format called `name`.
  public static func named(_ name: String) -> PageTableModel? {
    all.first { $0.name == name }
  }

  /// The format that a linked image's machine number suggests; ELF and COFF numbers do not collide here.
  public static func suggested(machine: UInt16?) -> PageTableModel {
    switch machine {
    case 183, 0xAA64: arm4K
    case 243, 0x5064: sv39
    case 21: powerRadix4K
    default: x86FourLevel
    }
  }

  /// Whether the machine of `image` has page tables of a known format; true where it does not tell its machine.
  public static func isKnown(of image: Image) -> Bool {
    image.machine == nil || isKnown(machine: image.machine, is32Bit: image.is32Bit)
  }

  /// Whether the machine of a linked image has page tables of a known format; true where the evidence does not tell
  /// the machine. A 32-bit Arm, for one, may be a microcontroller without an MMU.
  static func isKnown(machine: UInt16?, is32Bit: Bool?) -> Bool {
    switch machine {
    case nil: is32Bit != true
    case 3, 62, 0x14C, 0x8664, 21, 183, 0xAA64: true
    // RV32 is a microcontroller mostly, and its Sv32 is not among the formats.
    case 243, 0x5064: is32Bit != true
    default: false
    }
  }

  /// x86-64 with 4 levels.
  public static let x86FourLevel = PageTableModel(
    name: "x86-64-4level", title: "x86-64, 4 levels", virtualBits: 48,
    levels: [
      PageTableLevel("L4", shift: 39, indexBits: 9, canMap: false),
      PageTableLevel("L3", shift: 30, indexBits: 9, canMap: true),
      PageTableLevel("L2", shift: 21, indexBits: 9, canMap: true),
      PageTableLevel("L1", shift: 12, indexBits: 9, canMap: true),
    ])

  /// x86-64 with 5 levels (LA57).
  public static let x86FiveLevel = PageTableModel(
    name: "x86-64-5level", title: "x86-64, 5 levels", virtualBits: 57,
    levels: [PageTableLevel("L5", shift: 48, indexBits: 9, canMap: false)] + x86FourLevel.levels)

  /// AArch64 with the 4K granule.
  public static let arm4K = PageTableModel(
    name: "aarch64-4k", title: "AArch64, 4K granule", virtualBits: 48,
    levels: [
      PageTableLevel("L0", shift: 39, indexBits: 9, canMap: false),
      PageTableLevel("L1", shift: 30, indexBits: 9, canMap: true),
      PageTableLevel("L2", shift: 21, indexBits: 9, canMap: true),
      PageTableLevel("L3", shift: 12, indexBits: 9, canMap: true),
    ])

  /// AArch64 with the 16K granule: the root has two entries, blocks are 32M.
  public static let arm16K = PageTableModel(
    name: "aarch64-16k", title: "AArch64, 16K granule", virtualBits: 48,
    levels: [
      PageTableLevel("L0", shift: 47, indexBits: 1, canMap: false),
      PageTableLevel("L1", shift: 36, indexBits: 11, canMap: false),
      PageTableLevel("L2", shift: 25, indexBits: 11, canMap: true),
      PageTableLevel("L3", shift: 14, indexBits: 11, canMap: true),
    ])

  /// AArch64 with the 64K granule: blocks are 512M.
  public static let arm64K = PageTableModel(
    name: "aarch64-64k", title: "AArch64, 64K granule", virtualBits: 48,
    levels: [
      PageTableLevel("L1", shift: 42, indexBits: 6, canMap: false),
      PageTableLevel("L2", shift: 29, indexBits: 13, canMap: true),
      PageTableLevel("L3", shift: 16, indexBits: 13, canMap: true),
    ])

  /// RISC-V Sv39: an entry of any level may map.
  public static let sv39 = PageTableModel(
    name: "riscv-sv39", title: "RISC-V Sv39", virtualBits: 39,
    levels: [
      PageTableLevel("L2", shift: 30, indexBits: 9, canMap: true),
      PageTableLevel("L1", shift: 21, indexBits: 9, canMap: true),
      PageTableLevel("L0", shift: 12, indexBits: 9, canMap: true),
    ])

  /// RISC-V Sv48.
  public static let sv48 = PageTableModel(
    name: "riscv-sv48", title: "RISC-V Sv48", virtualBits: 48,
    levels: [PageTableLevel("L3", shift: 39, indexBits: 9, canMap: true)] + sv39.levels)

  /// RISC-V Sv57.
  public static let sv57 = PageTableModel(
    name: "riscv-sv57", title: "RISC-V Sv57", virtualBits: 57,
    levels: [PageTableLevel("L4", shift: 48, indexBits: 9, canMap: true)] + sv48.levels)

  /// PowerPC radix tree with 4K base pages.
  public static let powerRadix4K = PageTableModel(
    name: "powerpc-radix-4k", title: "PowerPC radix, 4K pages", virtualBits: 52,
    levels: [
      PageTableLevel("PGD", shift: 39, indexBits: 13, canMap: false),
      PageTableLevel("PUD", shift: 30, indexBits: 9, canMap: true),
      PageTableLevel("PMD", shift: 21, indexBits: 9, canMap: true),
      PageTableLevel("PTE", shift: 12, indexBits: 9, canMap: true),
    ])

  /// PowerPC radix tree with 64K base pages.
  public static let powerRadix64K = PageTableModel(
    name: "powerpc-radix-64k", title: "PowerPC radix, 64K pages", virtualBits: 52,
    levels: [
      PageTableLevel("PGD", shift: 39, indexBits: 13, canMap: false),
      PageTableLevel("PUD", shift: 30, indexBits: 9, canMap: true),
      PageTableLevel("PMD", shift: 21, indexBits: 9, canMap: true),
      PageTableLevel("PTE", shift: 16, indexBits: 5, canMap: true),
    ])
}
