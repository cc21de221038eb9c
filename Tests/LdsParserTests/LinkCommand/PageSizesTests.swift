// The page sizes that linkers assume, asked of every linker that is there.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct PageSizesTests {
  private struct Machine {
    let name: String
    let number: UInt16
    let linkers: [String]
    let emulation: String
    let format: String
  }

  private static let machines = [
    Machine(
      name: "x86-64", number: 62, linkers: ["ld"], emulation: "elf_x86_64", format: "elf64-x86-64"),
    Machine(name: "i386", number: 3, linkers: ["ld"], emulation: "elf_i386", format: "elf32-i386"),
    Machine(
      name: "aarch64", number: 183, linkers: ["aarch64-linux-gnu-ld"], emulation: "aarch64linux",
      format: "elf64-littleaarch64"),
    Machine(
      name: "arm", number: 40, linkers: ["arm-none-eabi-ld", "arm-linux-gnueabihf-ld"],
      emulation: "armelf", format: "elf32-littlearm"),
    Machine(
      name: "riscv", number: 243, linkers: ["riscv64-linux-gnu-ld", "riscv64-unknown-elf-ld"],
      emulation: "elf64lriscv", format: "elf64-littleriscv"),
    Machine(
      name: "mips", number: 8, linkers: ["mips-linux-gnu-ld"], emulation: "elf32btsmip",
      format: "elf32-tradbigmips"),
  ]

  @Test func areThoseOfTheLinkers() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "s.ld",
      "SECTIONS { mp = CONSTANT(MAXPAGESIZE); cp = CONSTANT(COMMONPAGESIZE); .x : { BYTE(1) } }")
    var compared = 0
    for machine in Self.machines {
      let linkers =
        machine.linkers.map { ($0, LinkerDialect.bfd) } + [("ld.lld", LinkerDialect.lld)]
      for (linker, dialect) in linkers {
        // Without inputs neither links; a file of one byte is enough.
        let run = try ProgramRun.shell(
          "rm -f x; printf 1 >b; command -v \(linker) >/dev/null && \(linker) -m \(machine.emulation) -T s.ld "
            + "--format=binary b --format=default --oformat \(machine.format) -o x && nm x",
          folder: folder.path)
        var values: [String: UInt64] = [:]
        for line in run.output.split(separator: "\n") {
          let parts = line.split(separator: " ")
          if parts.count == 3 { values[String(parts[2])] = UInt64(parts[0], radix: 16) }
        }
        guard let maximum = values["mp"], let common = values["cp"] else { continue }
        let known = try #require(PageSizes(machine: machine.number, dialect: dialect))
        compared += 1
        #expect(known.common == common, "\(linker) \(machine.name)")
        #expect(known.maximum == nil || known.maximum == maximum, "\(linker) \(machine.name)")
      }
    }
    if (try? ProgramRun.shell("command -v ld").status) == 0 { #expect(compared > 0) }
  }
}
