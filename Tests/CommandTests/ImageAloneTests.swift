// An image without a script, judged by the constraints of the configuration: what the linker says of the same conditions.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink, "needs GNU ld and as"))
struct ImageAloneTests {
  /// Code runs from a flash above the memory of data, as on many chips.
  private static let script = """
    SECTIONS {
      .text 0x60001000 : { *(.text) }
      .data 0x20000000 : AT(0x60002000) { d_start = .; *(.data) d_end = .; }
      .bss : { *(.bss) }
      d_load = LOADADDR(.data);
    }

    """
  private static let source = """
     .globl _start, value, table
     .text
    _start: .skip 64
     .data
     .byte 1
     .balign 4
    value: .long 1
    table: .skip 6
     .bss
     .globl zeros
     .balign 16
    zeros: .skip 32

    """
  private static let conditions = [
    "value % 4 == 0", "value % 8 == 0", "table < zeros", "zeros - value == 12", "zeros & 15",
    "table >= 0x20000000 && table + 6 <= 0x20001000", "_start < value", "ALIGN(table, 16) == zeros",
  ]

  /// - Returns: a folder with `build/t.elf`, `build/t.nm` and a configuration, and the conditions that the linker found
  ///   wrong.
  private static func linked(_ more: String = "") throws -> (
    folder: TemporaryFolder, wrong: Set<String>
  ) {
    let folder = try TemporaryFolder()
    try folder.write("a.s", source)
    let asserts = conditions.map { "ASSERT(\($0), \"\($0)\")\n" }.joined()
    try folder.write("t.lds", script)
    try folder.write("judge.lds", script + asserts)
    let run = try ProgramRun.shell(
      """
      mkdir build && as --64 a.s -o a.o && ld -m elf_x86_64 -T t.lds a.o -o build/t.elf &&
      nm build/t.elf > build/t.nm && ld -m elf_x86_64 -T judge.lds a.o -o judged.elf
      true
      """, folder: folder.path)
    let wrong = conditions.filter { condition in
      run.errors.split(separator: "\n").contains { $0.hasSuffix(": \(condition)") }
    }
    let listed = conditions.map { #"{"name": "\#($0)", "expression": "\#($0)"}"# }
    try folder.write(
      ".lds-check.json",
      "{\"constraints\": [\(listed.joined(separator: ",\n"))]\(more)}\n")
    return (folder, Set(wrong))
  }

  private static func verdicts(_ file: String, _ folder: TemporaryFolder) throws -> [String: String]
  {
    let run = try ProgramRun.run(["eval", "--format", "json", file], folder: folder.path)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let rows = (object as? [String: Any])?["assertions"] as? [[String: Any]] ?? []
    return Dictionary(
      rows.map { ($0["message"] as? String ?? "", $0["verdict"] as? String ?? "") },
      uniquingKeysWith: { first, _ in first })
  }

  @Test(arguments: ["build/t.elf", "build/t.nm"])
  func constraintsAreJudgedWithoutAScript(_ file: String) throws {
    let (folder, wrong) = try Self.linked()
    try #require(wrong.count >= 2)
    let verdicts = try Self.verdicts(file, folder)
    for condition in Self.conditions {
      #expect(
        verdicts[condition] == (wrong.contains(condition) ? "fails" : "holds"), "\(condition)")
    }
  }

  @Test func startUpContractIsJudgedWithoutAScript() throws {
    let copy = """
      , "copy": [{"name": "data", "load": "d_load", "start": "d_start", "end": "d_end", "word": 4}]
      """
    let (folder, _) = try Self.linked(copy)
    let run = try ProgramRun.run(["eval", "build/t.elf"], folder: folder.path)
    #expect(run.status == 1)
    // Fourteen bytes of data are no words.
    #expect(run.output.contains("copy 'data'"), "\(run.output)\(run.errors)")
    let explained = try ProgramRun.run(["explain", "build/t.elf"], folder: folder.path)
    #expect(explained.output.contains("copy 'data'"), "\(explained.output)\(explained.errors)")
  }

  @Test func withoutConstraintsThereIsNothingToJudge() throws {
    let (folder, _) = try Self.linked()
    try folder.write(".lds-check.json", "{}\n")
    let run = try ProgramRun.run(["eval", "build/t.elf"], folder: folder.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("no ASSERT to judge"))
    #expect(run.errors.contains("constraints"))
  }

  /// Below the size that a thread-local block may have, a number of `D` may be no address: that is said.
  @Test func lowNumbersOfAListingMayBeOffsets() throws {
    let (folder, _) = try Self.linked()
    try folder.write("low.nm", "0000000000001000 T _start\n0000000000002004 D value\n")
    let run = try ProgramRun.run(
      ["eval", "low.nm"], folder: folder.path, environment: ["COLUMNS": "9999"])
    #expect(
      run.output.contains("0x2004 of 'value' in low.nm may be an address or an offset"),
      "\(run.output)")
  }
}
