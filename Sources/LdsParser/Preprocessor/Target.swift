// Processors whose compilers' predefined macros are known.

/// A processor, as far as a compiler's predefined macros tell it from others. The system is Linux.
public enum Target: String, Sendable, CaseIterable {
  case aarch64, alpha, arc, arm, i386, m68k, mips, mips64, parisc, parisc64, powerpc, powerpc64
  case powerpc64le, riscv32, riscv64, s390x, sh, sparc, sparc64, x86_64

  /// The target that a triple or a compiler's name stands for: `aarch64-linux-gnu`,
  /// `/usr/bin/riscv64-linux-gnu-gcc-12`. Nil if the name says nothing known.
  public init?(triple: String) {
    let name = triple.split(separator: "/").last.map(String.init) ?? triple
    guard let processor = name.split(separator: "-").first else { return nil }
    switch processor {
    case "x86_64", "amd64": self = .x86_64
    case "i386", "i486", "i586", "i686": self = .i386
    case "aarch64", "arm64": self = .aarch64
    case "ppc64le", "powerpc64le": self = .powerpc64le
    case "ppc64", "powerpc64": self = .powerpc64
    case "ppc", "powerpc": self = .powerpc
    case "hppa64", "parisc64": self = .parisc64
    case "hppa", "parisc": self = .parisc
    case "s390", "s390x": self = .s390x
    case "sh4", "sh": self = .sh
    case let arm where arm.hasPrefix("armv") || arm == "arm": self = .arm
    case let mips where mips.hasPrefix("mips64"): self = .mips64
    default:
      guard let known = Target(rawValue: String(processor)) else { return nil }
      self = known
    }
  }

  /// Whether long and pointers have 64 bits.
  public var is64Bit: Bool {
    switch self {
    case .aarch64, .alpha, .mips64, .parisc64, .powerpc64, .powerpc64le, .riscv64, .s390x,
      .sparc64, .x86_64:
      true
    default: false
    }
  }
}
