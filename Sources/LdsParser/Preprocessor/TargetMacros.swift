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
    [common, own(target)].flatMap { group in
      Array(group.description.utf8).split { $0 == UInt8(ascii: ";") || $0 == 0x0A }.compactMap {
        let name = $0.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
        return name.isEmpty || name.first == UInt8(ascii: "_") ? nil : Array(name)
      }
    }
  }

  /// Turns `NAME value; NAME;` into directives.
  private static func append(
    _ group: StaticString, _ language: Preprocessor.Language, to text: inout [UInt8]
  ) {
    let bytes = Array(group.description.utf8)
    for entry in bytes.split(whereSeparator: { $0 == UInt8(ascii: ";") || $0 == 0x0A }) {
      let trimmed = entry.drop { $0 == 0x20 }
      if trimmed.isEmpty { continue }
      // gcc tells the language to some targets' headers this way.
      if language == .c, isAboutAssembly(trimmed) { continue }
      text += Array("#define ".utf8) + trimmed
      text += trimmed.contains(0x20) ? [0x0A] : Array(" 1\n".utf8)
    }
  }

  private static func isAboutAssembly(_ entry: ArraySlice<UInt8>) -> Bool {
    let mark = Array("LANGUAGE_ASSEMBLY".utf8)
    return entry.indices.contains { entry[$0...].starts(with: mark) }
  }
}
