// Functions of Thumb: GNU ld computes with their addresses, lld with bit 0 set besides.

import Foundation
import TestSupport
import Testing

struct ThumbFunctionTests {
  static let linkers = [("arm-linux-gnueabi-ld", "bfd"), ("ld.lld", "lld")].filter {
    ExternalTool.has($0.0, "arm-linux-gnueabi-as")
  }

  @Test(
    .enabled(if: !linkers.isEmpty, "needs binutils-arm-linux-gnueabi"), arguments: linkers,
    ["t", "t.map", "t t.map"])
  func areJudgedAsTheLinkerHasThem(_ linker: (String, String), _ evidence: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .syntax unified
      .text
      .globl _start, th, ar
      _start: .space 8
      ar: .space 8
      .type ar,%function
      .thumb
      .type th,%function
      .thumb_func
      th: nop
      nop

      """)
    let script = "SECTIONS { .text 0x8000 : { *(.text) } }\n"
    let conditions = ["(th & 1) == 0", "(th & 1) == 1", "th - ar == 8", "(ar & 1) == 0", "th > ar"]
    try folder.write("base.lds", script)
    let program = try #require(ExternalTool.path(linker.0))
    let link = try ProgramRun.shell(
      "arm-linux-gnueabi-as a.s -o a.o && \(program) -e _start -T base.lds a.o -o t -Map=t.map",
      folder: folder.path)
    try #require(link.status == 0, "\(link.errors)")
    // One at a time: GNU ld goes on after an ASSERT that fails, others stop.
    for (index, condition) in conditions.enumerated() {
      try folder.write("one.lds", script + "ASSERT(\(condition), \"A\(index)\")\n")
      let judge = try ProgramRun.shell(
        "\(program) -e _start -T one.lds a.o -o one", folder: folder.path)
      let run = try ProgramRun.run(
        ["eval", "--linker", linker.1, "one.lds"] + evidence.split(separator: " ").map(String.init),
        folder: folder.path)
      #expect(
        run.output.hasPrefix(judge.status == 0 ? "holds " : "fails "),
        "\(linker.0) \(condition): \(judge.errors)\(run.output)\(run.errors)")
    }
  }
}
