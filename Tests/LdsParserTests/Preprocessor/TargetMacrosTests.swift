// The table of predefined macros against the compilers that are installed.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct TargetMacrosTests {
  /// Compilers that may be installed, with the flags that select the target.
  static let compilers: [(target: Target, compiler: String, flags: [String])] = [
    (.x86_64, "x86_64-linux-gnu-gcc-12", []), (.i386, "i686-linux-gnu-gcc-12", []),
    (.aarch64, "aarch64-linux-gnu-gcc-12", []), (.arm, "arm-linux-gnueabi-gcc-12", []),
    (.riscv64, "riscv64-linux-gnu-gcc-12", []),
    (.riscv32, "riscv64-linux-gnu-gcc-12", ["-march=rv32gc", "-mabi=ilp32d"]),
    (.powerpc64le, "powerpc64le-linux-gnu-gcc-12", []),
    (.powerpc64, "powerpc64-linux-gnu-gcc-12", []), (.powerpc, "powerpc-linux-gnu-gcc-12", []),
    (.mips, "mips-linux-gnu-gcc-12", []), (.mips64, "mips64-linux-gnuabi64-gcc-12", []),
    (.s390x, "s390x-linux-gnu-gcc-12", []), (.sparc64, "sparc64-linux-gnu-gcc-12", []),
    (.sparc, "sparc64-linux-gnu-gcc-12", ["-m32"]), (.m68k, "m68k-linux-gnu-gcc-12", []),
    (.sh, "sh4-linux-gnu-gcc-12", []), (.alpha, "alpha-linux-gnu-gcc-12", []),
    (.parisc, "hppa-linux-gnu-gcc-12", []), (.parisc64, "hppa64-linux-gnu-gcc-12", []),
  ].filter { ExternalTool.has($0.compiler) }

  private func lines(_ bytes: [UInt8]) -> Set<String> {
    Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  @Test(.enabled(if: !compilers.isEmpty, "needs a gcc 12"), arguments: compilers.indices)
  func agreeWithTheCompiler(row: Int) throws {
    let (target, compiler, flags) = Self.compilers[row]
    let run = try ProgramRun.tool(
      compiler, flags + ["-dM", "-E", "-x", "assembler-with-cpp", "/dev/null"])
    let theirs = lines(Array(run.output.utf8))
    let ours = lines(TargetMacros.definitions(of: target, language: .assembler))
    #expect(ours.subtracting(theirs).sorted() == [])
    // What headers test most must not be missing.
    let wanted = ["__SIZEOF_", "_MAX__ ", "__BYTE_ORDER", "__ELF__", "__GNUC", "linux", "__LP64__"]
    let missing = theirs.subtracting(ours).filter { line in
      wanted.contains { line.contains($0) } && !line.contains("FLOAT") && !line.contains("FLT")
        && !line.contains("DBL") && !line.contains("DEC") && !line.contains("LEAST")
        && !line.contains("FAST") && !line.contains("ATOMIC") && !line.contains("FRACT")
        && !line.contains("ACCUM") && !line.contains("__GNUC_") && !line.contains("_IEEE")
        && !line.contains("_IBM")
    }
    #expect(missing.sorted() == [])
  }

  @Test func knowsNamesOfCompilers() {
    #expect(Target(triple: "/usr/bin/riscv64-linux-gnu-gcc-12") == .riscv64)
    #expect(Target(triple: "armv7a-none-eabi") == .arm)
    #expect(Target(triple: "i686-linux-gnu") == .i386)
    #expect(Target(triple: "gcc") == nil)
  }
}
