// Which objects an output takes: the machine and the class that OUTPUT_FORMAT or -m names (bfd/targets.c; lld,
// ScriptParser::readOutputFormat and parseEmulation).

internal import LdsParser

/// What the output of a link is made for.
struct OutputTarget: Equatable {
  let machine: UInt16
  let is64Bit: Bool

  /// The output that BFD's name of a format means, little-endian; nil for other formats.
  init?(format: String) {
    let suffix = "-freebsd"
    switch format.hasSuffix(suffix) ? String(format.dropLast(suffix.count)) : format {
    case "elf32-i386": self.init(ELF.machine386, is64Bit: false)
    case "elf32-x86-64": self.init(ELF.machineX8664, is64Bit: false)
    case "elf64-x86-64": self.init(ELF.machineX8664, is64Bit: true)
    case "elf32-littlearm": self.init(ELF.machineARM, is64Bit: false)
    case "elf64-littleaarch64", "elf64-aarch64": self.init(ELF.machineAArch64, is64Bit: true)
    case "elf32-littleaarch64": self.init(ELF.machineAArch64, is64Bit: false)
    case "elf32-littleriscv": self.init(ELF.machineRISCV, is64Bit: false)
    case "elf64-littleriscv": self.init(ELF.machineRISCV, is64Bit: true)
    default: return nil
    }
  }

  /// The output of an emulation; nil for those that are not known here.
  init?(emulation: String) {
    switch emulation {
    case "elf_i386": self.init(ELF.machine386, is64Bit: false)
    case "elf32_x86_64": self.init(ELF.machineX8664, is64Bit: false)
    case "elf_x86_64", "elf_amd64": self.init(ELF.machineX8664, is64Bit: true)
    case "armelf", "armelf_linux_eabi": self.init(ELF.machineARM, is64Bit: false)
    case "aarch64elf", "aarch64linux": self.init(ELF.machineAArch64, is64Bit: true)
    case "elf32lriscv": self.init(ELF.machineRISCV, is64Bit: false)
    case "elf64lriscv": self.init(ELF.machineRISCV, is64Bit: true)
    default: return nil
    }
  }

  private init(_ machine: UInt16, is64Bit: Bool) {
    self.machine = machine
    self.is64Bit = is64Bit
  }

  private func takes(_ object: ObjectFile) -> Bool {
    object.machine == machine && object.is64Bit == is64Bit
  }

  /// What stands against an object in an output: lld takes none of another format, and asks -m only where the script
  /// names no format (`isCompatible`). GNU ld converts between formats of one emulation, which is not modelled.
  static func stop(
    _ object: ObjectFile, label: String, format: String?, options: LayoutOptions
  ) -> LayoutStop? {
    let emulation = String(decoding: options.emulation, as: UTF8.self)
    let isOther = OutputTarget(emulation: emulation).map { !$0.takes(object) } ?? false
    let isOtherFormat = format.map { OutputTarget(format: $0)?.takes(object) != true } ?? false
    if options.dialect == .lld {
      guard format == nil ? isOther : isOtherFormat else { return nil }
      return .linkerStops("\(label) is incompatible with \(format ?? emulation)")
    }
    if isOther {
      return .refused("\(label): the object is of another machine than -m \(emulation)")
    }
    guard isOtherFormat, let format else { return nil }
    return .refused("\(label): the object is of another format than \(format)")
  }
}
