// What relocations of a machine mean for the layout: which make the linker add entries to tables, and which are branches,
// that may need a stub on their way.

internal import LdsParser

/// Relocations for which a linker makes entries of the global offset table (x86-64 psABI, table 4.9; elf64-x86-64.c,
/// elf_x86_64_check_relocs).
enum TableRelocations {
  static func types(of machine: UInt16) -> Set<UInt32> {
    switch machine {
    case ELF.machineX8664:
      // GOT32, GOTPCREL, GOTPC32, GOTOFF64, GOT64 to GOTPLT64, GOTPCRELX, REX_GOTPCRELX
      [3, 9, 25, 26, 27, 28, 29, 30, 41, 42]
    case ELF.machine386: [3, 9, 10, 43]
    case ELF.machineARM: [24, 25, 26, 95, 96, 97, 99, 103, 104, 105, 106, 107]
    case ELF.machineAArch64: Set(308...313).union(512...573)
    // GOT_HI20, TLS_GOT_HI20, TLS_GD_HI20, GOT32_PCREL, TLSDESC_HI20
    case ELF.machineRISCV: [20, 21, 22, 41, 62]
    default: []
    }
  }
}

/// How far the branches of ARM and AArch64 reach.
struct BranchReach {
  let machine: UInt16

  /// R_AARCH64_JUMP26, CALL26; R_ARM_PC24, CALL, JUMP24, THM_CALL, THM_JUMP24.
  func isBranch(_ type: UInt32) -> Bool {
    machine == ELF.machineAArch64 ? type == 282 || type == 283 : [1, 10, 28, 29, 30].contains(type)
  }

  /// Whether a branch reaches too far, or changes the instruction set where it cannot.
  func needsStub(
    _ relocation: ObjectRelocation, from place: UInt64, to target: UInt64, type: UInt8
  ) -> Bool {
    if machine == ELF.machineAArch64 {
      let addend = UInt64(bitPattern: relocation.addend ?? 0)
      let distance = Int64(bitPattern: target &+ addend &- place)
      return distance < -(1 << 27) || distance >= 1 << 27
    }
    let isThumb = type == 2 && target & 1 != 0
    let isFromARM = relocation.type == 1 || relocation.type == 28 || relocation.type == 29
    let limit: Int64 = isFromARM ? 1 << 25 : 1 << 24
    let distance = Int64(bitPattern: (target & ~1) &- place &- 8)
    if distance < -limit || distance >= limit { return true }
    return (relocation.type == 29 && isThumb) || (relocation.type == 30 && type == 2 && !isThumb)
  }
}
