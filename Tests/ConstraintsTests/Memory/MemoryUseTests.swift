// What a region holds, on maps written by hand: the rules of ld that random firmware meets seldom.

import LdsParser
import Testing

@testable import Constraints

struct MemoryUseTests {
  private static let head = """

    Memory Configuration

    Name             Origin             Length             Attributes
    FLASH            0x0000000008000000 0x0000000000001000 xr
    RAM              0x0000000020000000 0x0000000000000400 xrw
    *default*        0x0000000000000000 0xffffffffffffffff

    Linker script and memory map


    """

  private func use(_ rows: String, script: String? = nil) throws -> MemoryUse {
    let text = Self.head + rows + "\nOUTPUT(x.elf elf64-x86-64)\n"
    let map = try ImageReader.read(SourceBuffer(name: "x.map", text: text))
    let parsed = script.map { ScriptParser.parse(SourceBuffer(name: "x.ld", text: $0)) }
    return try #require(MemoryUse([map], script: parsed))
  }

  private func rows(_ use: MemoryUse, _ region: Int, _ grouping: MemoryGrouping) -> [String] {
    use.rows(of: use.regions[region], by: grouping).map { "\($0.displayName) \($0.bytes)" }
  }

  /// Binutils 2.41 and later give the bytes of merged strings to the first object.
  @Test func mergedStringsAreSharedByTheirObjects() throws {
    let use = try use(
      """
      .rodata         0x0000000008000000       0x30
       .rodata.str1.1
                      0x0000000008000000       0x22 a.o
                                               0x1a (size before relaxing)
       .rodata.str1.1
                      0x0000000008000022        0xf b.o
       .rodata        0x0000000008000022        0xe b.o

      """)
    #expect(
      rows(use, 0, .object) == ["(merged .rodata.str1.1) 34", "b.o 14"])
    #expect(use.rows(of: use.regions[0], by: .object).first?.sharers == 2)
  }

  @Test func zeroesBehindALoadRegionTakeNoFlash() throws {
    let use = try use(
      """
      .text           0x0000000008000000       0x10
       .text          0x0000000008000000       0x10 a.o

      .data           0x0000000020000000        0x8 load address 0x0000000008000010
       .data          0x0000000020000000        0x8 a.o

      .bss            0x0000000020000008      0x100 load address 0x0000000008000018
       .bss           0x0000000020000008      0x100 a.o

      .stack          0x0000000020000108       0x40 load address 0x0000000008000018
                      0x0000000020000148                . = (. + 0x40)
       *fill*         0x0000000020000108       0x40

      .debug_info     0x0000000000000000       0x99
       .debug_info    0x0000000000000000       0x99 a.o

      """)
    #expect(use.regions.map(\.used) == [0x18, 0x148])
    #expect(rows(use, 1, .object) == ["a.o 264", "(script, in .stack) 64"])
    // AT(address) looks the same in a map, and ld does not count it.
    #expect(use.doubts.count == 1)
    #expect(!use.isCertain(use.regions[0]))
    #expect(use.isCertain(use.regions[1]))
  }

  @Test func whatGoesBackIsARowOfItsOwn() throws {
    let script = """
      MEMORY { FLASH (rx) : ORIGIN = 0x8000000, LENGTH = 4K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 1K }
      SECTIONS { .text : { *(.text) } > FLASH .low 0x8000004 : { *(.low) } > FLASH }
      """
    let use = try use(
      """
      .text           0x0000000008000010       0x20
       .text          0x0000000008000010       0x20 a.o

      .low            0x0000000008000004        0x4
       .low           0x0000000008000004        0x4 a.o

      """, script: script)
    // The pointer of the region is where the last section ends.
    #expect(use.regions[0].used == 8)
    #expect(
      rows(use, 0, .section)
        == [
          ".text 32", ".low 4", "(between sections) 4",
          "(behind the last section, where ld stops counting) -32",
        ])
  }

  @Test func withoutRegionsAllSectionsCountAsOne() throws {
    let map = try ImageReader.read(
      SourceBuffer(
        name: "gold.map",
        text: """
          Memory map

          .text           0x0000000000401000       0x18
           .text          0x0000000000401000       0x10 a.o
           ** fill        0x0000000000401010        0x8

          .data           0x0000000000402000        0x4
           .data          0x0000000000402000        0x4 a.o

          """))
    let use = try #require(MemoryUse([map], script: nil))
    #expect(use.regions.map(\.displayName) == ["(image)"])
    #expect(use.regions[0].used == 0x1c)
    #expect(use.regions[0].length == nil)
    #expect(use.doubts == [.noRegions])
    #expect(rows(use, 0, .object) == ["a.o 20", "(inside .text) 8"])
  }

  @Test func namesThatDifferInFoldersAreOne() {
    let old = [MemoryRow(kind: .object, name: Array("/build/1/app/main.o".utf8), bytes: 10)]
    let new = [MemoryRow(kind: .object, name: Array("/build/2/app/main.o".utf8), bytes: 14)]
    let changes = MemoryChange.all(from: old, to: new)
    #expect(changes.map(\.delta) == [4])
    #expect(changes.map(\.kind) == [.grown])
  }
}
