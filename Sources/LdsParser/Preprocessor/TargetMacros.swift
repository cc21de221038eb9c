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

  private static func isAboutAssembly(_ entry: ArraySlice<UInt8>) -> Bool {
    let mark = Array("LANGUAGE_ASSEMBLY".utf8)
    return entry.indices.contains { entry[$0...].starts(with: mark) }
  }
}
