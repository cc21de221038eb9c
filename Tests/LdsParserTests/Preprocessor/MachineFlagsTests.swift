// Flags that change what a compiler predefines: the same answers as the compilers that are installed.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct MachineFlagsTests {
  /// A compiler, and the flags that are tried with it, one set a row.
  struct Chain: Sendable, CustomTestStringConvertible {
    var compiler: String
    var flags: [String]
    var testDescription: String { compiler }
  }

  private static let common = [
    "-O0", "-O", "-O2", "-Os", "-O3 -O0", "-fpic", "-fPIC", "-fpie", "-fPIE", "-fPIE -fno-pic",
    "-fpic -fPIE", "-ffreestanding", "-fno-hosted", "-ffreestanding -fhosted", "-funsigned-char",
    "-fno-signed-char", "-fsigned-char", "-fshort-wchar", "-undef", "-undef -ffreestanding",
    "-ansi", "-std=c99", "-std=gnu99", "-std=iso9899:1999", "-std=c11 -std=gnu11", "-undef -ansi",
  ]

  static let chains = [
    Chain(compiler: "gcc-12", flags: common + ["-m32", "-m16", "-m32 -m64"]),
    Chain(
      compiler: "arm-linux-gnueabi-gcc-12",
      flags: [
        "-mthumb -march=armv7-a", "-mno-thumb-interwork", "-mbig-endian", "-mlittle-endian",
        "-march=armv7-a", "-march=armv7-a+simd -mfpu=neon", "-march=armv6", "-march=armv8-a",
        "-march=armv7ve", "-march=armv8.2-a", "-march=armv7-m -mthumb", "-march=armv6-m -mthumb",
        "-march=armv8-m.main -mthumb", "-march=armv8-m.base -mthumb", "-mthumb -march=armv6t2",
        "-mthumb -march=armv6", "-march=armv7-a -mthumb -marm", "-mbig-endian -march=armv7-a",
      ]),
    Chain(
      compiler: "mips-linux-gnu-gcc-12",
      flags: [
        "-EL", "-EB", "-EL -EB", "-mabi=32", "-EL -ansi", "-funsigned-char", "-mno-abicalls",
        "-mno-abicalls -mabicalls", "-mplt", "-fPIC", "-fpie", "-fPIE", "-mno-shared",
      ]),
    Chain(compiler: "mips64-linux-gnuabi64-gcc-12", flags: ["-EL", "-mabi=64", "-mabi=32 -fPIC"]),
    Chain(
      compiler: "powerpc64le-linux-gnu-gcc-12", flags: ["-mbig-endian", "-mlittle", "-EB", "-mbig"]),
    Chain(compiler: "powerpc64-linux-gnu-gcc-12", flags: ["-mlittle-endian", "-m32"]),
    Chain(compiler: "sparc64-linux-gnu-gcc-12", flags: ["-m32", "-m64"]),
    Chain(compiler: "riscv64-linux-gnu-gcc-12", flags: ["-march=rv32imac -mabi=ilp32"]),
  ].filter { ExternalTool.has($0.compiler) }

  /// What the flags decide, and what scripts and the headers that they include test.
  private static let names =
    [
      "pic", "PIC", "pie", "PIE", "OPTIMIZE", "OPTIMIZE_SIZE", "NO_INLINE", "STDC_HOSTED",
      "CHAR_UNSIGNED", "SIZEOF_WCHAR_T", "WCHAR_MAX", "WCHAR_MIN", "WCHAR_TYPE", "thumb",
      "BYTE_ORDER", "FLOAT_WORD_ORDER", "STRICT_ANSI", "STDC", "ASSEMBLER", "x86_64", "i386",
      "LP64", "ILP32", "SIZEOF_POINTER", "SIZEOF_LONG", "LONG_MAX", "arm", "ARMEL", "ARMEB", "mips",
      "MIPSEL", "MIPSEB", "powerpc", "powerpc64", "sparc", "riscv", "riscv_xlen", "linux", "unix",
      "THUMB_INTERWORK", "ARM_ARCH_5TE", "ARM_ARCH_6", "ARM_ARCH_7A", "ARM_ARCH_8A", "ARM_ARCH_7VE",
      "ARM_ARCH_8M_MAIN", "ARM_ARCH_7M", "ARM_ARCH_6M", "ARM_ARCH_8_2A",
    ].map { "__\($0)__" }
    + [
      "__ARM_ARCH", "__ARM_32BIT_STATE", "__ARM_ARCH_ISA_THUMB", "__ARM_ARCH_ISA_ARM", "_MIPSEL",
      "_MIPSEB", "MIPSEL", "MIPSEB", "__MIPSEL", "__MIPSEB", "linux", "unix", "i386", "mips",
      "sparc", "_LP64", "__ELF__", "__gnu_linux__",
    ]

  private static let probe = names.map { "#ifdef \($0)\n= \"\($0)\" \($0)\n#endif\n" }.joined()

  @Test(
    .enabled(if: !chains.isEmpty, "needs a gcc 12"), arguments: chains,
    Preprocessor.Language.allCases)
  func predefineWhatTheCompilerDoes(_ chain: Chain, _ language: Preprocessor.Language) throws {
    let folder = try TemporaryFolder()
    try folder.write("script.lds.S", Self.probe)
    let name = language == .c ? "c" : "assembler-with-cpp"
    var compared = 0
    for flags in chain.flags {
      // Debian's compilers make position-independent code unless told otherwise.
      let words = ["-fno-pie"] + flags.split(separator: " ").map(String.init) + ["-x", name]
      let run = try ProgramRun.tool(
        chain.compiler, ["-E", "-P"] + words + ["script.lds.S"], folder: folder.path)
      // A compiler may be built without what a flag asks for.
      guard run.status == 0 else { continue }
      compared += 1
      let line =
        "\(chain.compiler) -E -P \(words.joined(separator: " ")) script.lds.S -o script.lds\n"
      let command = try KbuildCommand(Array(line.utf8), path: FilePath("line"))
      let ours = Expansion(Self.probe) { $0 = command.options }
      #expect(
        differences(Self.rows(ours.text), Self.rows(run.output)) == [],
        "\(chain.compiler) \(flags), \(language)")
    }
    #expect(compared * 3 > chain.flags.count)
  }

  private static func rows(_ text: String) -> [String] {
    text.split(separator: "\n").map { Expansion.line(String($0)) }
  }

  @Test func theCompilerIsAskedWithoutFlagsThatDoMore() throws {
    let line =
      "gcc -E -O2 -march=armv7-a -fplugin=evil.so -fdump-tree-all -flto -fprofile-use=p -o a a.S\n"
    let command = try KbuildCommand(Array(line.utf8), path: FilePath("line"))
    #expect(
      command.predefinedFlags.map { String(decoding: $0, as: UTF8.self) } == [
        "-O2", "-march=armv7-a",
      ])
  }
}
