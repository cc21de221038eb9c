// The predefined macros of a target, made from the table.

/// Predefined macros of compilers.
public enum TargetMacros {
  /// The `#define` lines of a target, as `cc -dM -E` would print those of them that headers test.
  public static func definitions(of target: Target, language: Preprocessor.Language) -> [UInt8] {
    var text: [UInt8] = []
    let groups = [common, target.is64Bit ? lp64 : ilp32, own(target)]
    for group in groups { append(group, language, to: &text) }
    if language == .assembler { text += Array("#define __ASSEMBLER__ 1\n".utf8) }
    return text
  }

  /// The names among them that the standard leaves to programs, such as `linux`: `-ansi` takes them away.
  static func programNames(of target: Target) -> [[UInt8]] {
    var names: [[UInt8]] = []
    for group in [common, own(target)] {
      for entry in entries(of: group) {
        let name = entry.prefix { $0 != 0x20 }
        if name.first != UInt8(ascii: "_") { names.append(Array(name)) }
      }
    }
    return names
  }

  /// The `NAME value` of a group, without blanks in front; none is empty.
  private static func entries(of group: StaticString) -> [ArraySlice<UInt8>] {
    let bytes = Array(group.description.utf8)
    let entries = bytes.split { (byte: UInt8) -> Bool in byte == UInt8(ascii: ";") || byte == 0x0A }
    return entries.map { entry in entry.drop { $0 == 0x20 } }.filter { !$0.isEmpty }
  }

  /// Turns `NAME value; NAME;` into directives.
  private static func append(
    _ group: StaticString, _ language: Preprocessor.Language, to text: inout [UInt8]
  ) {
    for entry in entries(of: group) {
      // gcc tells the language to some targets' headers this way.
      if language == .c, isAboutAssembly(entry) { continue }
      text += Array("#define ".utf8)
      text += entry
      text += entry.contains(0x20) ? [0x0A] : Array(" 1\n".utf8)
    }
  }

  /// `_LANGUAGE_ASSEMBLY`, with underscores or without.
  private static func isAboutAssembly(_ entry: ArraySlice<UInt8>) -> Bool {
    entry.drop { $0 == UInt8(ascii: "_") }.starts(with: assemblyMark)
  }

  private static let assemblyMark = Array("LANGUAGE_ASSEMBLY".utf8)
}

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
