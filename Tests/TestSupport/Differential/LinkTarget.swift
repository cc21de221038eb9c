// The machines that random scripts are linked for, each with the binutils that make its objects:
// `arm-none-eabi-as`, `arm-none-eabi-ld`, `arm-none-eabi-nm`.

import Foundation
import LdsParser

/// What a link makes: ELF for a machine, or a PE image.
public enum LinkTarget: String, Sendable, CaseIterable {
  /// 64-bit x86.
  case x86_64
  /// 32-bit x86.
  case i386
  /// 32-bit ARM without an operating system.
  case arm
  /// 64-bit ARM.
  case aarch64
  /// 64-bit RISC-V.
  case riscv64
  /// The same with objects that leave nothing to relax.
  case riscv64Fixed = "riscv64-fixed"
  /// 32-bit big-endian MIPS, whose addresses BFD sign-extends.
  case mips
  /// A PE image from ELF objects of 64-bit x86, as Xen's EFI build makes it.
  case pe

  /// Bytes of an address.
  public var addressWidth: Int {
    switch self {
    case .x86_64, .aarch64, .riscv64, .riscv64Fixed, .pe: 8
    case .i386, .arm, .mips: 4
    }
  }

  /// The name of the binutils' programs for it, without the program's own.
  public var toolPrefix: String {
    switch self {
    case .x86_64, .i386, .pe: "/usr/bin/"
    case .arm: "/usr/bin/arm-none-eabi-"
    case .aarch64: "/usr/bin/aarch64-linux-gnu-"
    case .riscv64, .riscv64Fixed: "/usr/bin/riscv64-linux-gnu-"
    case .mips: "/usr/bin/mips-linux-gnu-"
    }
  }

  /// The machine in the names of linkers that are not the host's.
  var machineName: String { self == .riscv64Fixed ? Self.riscv64.rawValue : rawValue }

  /// Whether the host's own linker makes it.
  var isHost: Bool { toolPrefix == Self.x86_64.toolPrefix }

  /// Whether its assembler and symbol lister are installed.
  public var hasTools: Bool {
    ["as", "nm"].allSatisfy { FileManager.default.isExecutableFile(atPath: toolPrefix + $0) }
  }

  /// The assembler's options.
  public var assemblerOptions: [String] {
    switch self {
    case .x86_64, .pe: ["--64"]
    case .i386: ["--32"]
    case .arm: ["-mcpu=cortex-m4"]
    case .riscv64Fixed: ["-mno-relax"]
    case .aarch64, .riscv64, .mips: []
    }
  }

  /// The letter before a section's type: `@` starts a comment for ARM.
  var typeMark: String { self == .arm ? "%" : "@" }

  /// The linker's name for it; nil if the linker cannot make it.
  func emulation(_ dialect: LinkerDialect) -> String? {
    switch self {
    case .x86_64: "elf_x86_64"
    case .i386: "elf_i386"
    case .arm: dialect == .bfd ? "armelf" : "armelf_linux_eabi"
    case .aarch64: "aarch64linux"
    case .riscv64, .riscv64Fixed: "elf64lriscv"
    case .mips: "elf32btsmip"
    case .pe: dialect == .bfd ? "i386pep" : nil
    }
  }
}
