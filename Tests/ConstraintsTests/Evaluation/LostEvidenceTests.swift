// What a linker's files do not tell, shown by links that leave the same behind: there, undecided is the only answer.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"))
struct LostEvidenceTests {
  /// A line behind an empty section stands inside of it or behind it, LD_FEATURE("SANE_EXPR") was in force or not: the maps
  /// are the same, and the linker stops in one case and not in the other.
  @Test func theSameMapOfAConditionThatFailsAndOneThatHolds() throws {
    func script(_ feature: String, _ inside: String, _ behind: String) -> String {
      """
      \(feature)
      SECTIONS {
        .text 0x8000 : { *(.text) }
        .arch : { a = .; *(.arch.info) \(inside) }
        \(behind)
        .tags : { *(.tags) }
      }
      ASSERT(b - a, "empty")
      """
    }
    try expectUndecided(
      script("", "b = .;", ""), script("LD_FEATURE(\"SANE_EXPR\")", "", "b = .;"),
      source: ".text\nnop\n.section .tags,\"a\"\n.long 1\n", message: "empty")
  }

  /// The same of a whole case: its map is also that of a script whose link succeeds.
  @Test func theEmptyTableOfTheMuseum() throws {
    let folder = "Tests/museum/050-nothing-registered"
    let script = try Checkout.text(folder + "/k.ld")
    let inside = "    arch_end = .;\n  }"
    #expect(script.contains(inside))
    try expectUndecided(
      script,
      "LD_FEATURE(\"SANE_EXPR\")\n"
        + script.replacingOccurrences(of: inside, with: "  }\n  arch_end = .;"),
      source: Checkout.text(folder + "/k.s"), message: "no machine is registered")
  }

  /// Links with a script whose ASSERT fails and with one whose ASSERT holds leave the same map, and nothing is said of it.
  private func expectUndecided(
    _ failing: String, _ holding: String, source: String, message: String
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", source)
    try folder.write("fails.ld", failing)
    try folder.write("holds.ld", holding)
    let links = try ["fails", "holds"].map { name in
      let run = try ProgramRun.shell(
        "as a.s -o a.o && ld -T \(name).ld a.o -o x -Map=\(name).map 2>&1", folder: folder.path)
      let bytes = try #require(
        FileManager.default.contents(atPath: folder.path("\(name).map")), "\(run.output)")
      return (stops: run.output.contains(message), map: Array(bytes))
    }
    #expect(links.map(\.stops) == [true, false])
    #expect(links[0].map == links[1].map)
    let image = try ImageReader.read(SourceBuffer(path: FilePath("m"), bytes: links[0].map))
    let report = try #require(Session(images: [image]).judge().first).report
    let verdicts = report.assertions
      .filter { report.program.names.string($0.message) == message }.map(\.verdict)
    #expect(verdicts == [.undecided])
  }

  /// GNU ld lets a section of a PE image lie below the image base; only 32 bits of its address are left then.
  @Test func aSectionBelowTheImageBaseHasLostItsAddress() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\n.globl _start\n_start: nop\n")
    try folder.write(
      "S", "SECTIONS { . = 0x400000; .text : { *(.text) } }\nASSERT(_start == 0x400000, \"start\")")
    let run = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m i386pep -T S a.o -o x.exe 2>&1", folder: folder.path)
    guard let bytes = FileManager.default.contents(atPath: folder.path("x.exe")) else {
      // An ld without PE.
      #expect(run.output.contains("unrecognised emulation"), "\(run.output)")
      return
    }
    let image = try ImageReader.read(SourceBuffer(path: FilePath("x.exe"), bytes: Array(bytes)))
    #expect(image.diagnostics.map(\.id) == ["section-below-base"])
    #expect(image.outputSections.first { $0.name == Array(".text".utf8) }?.vma == nil)
    let text = try #require(FileManager.default.contents(atPath: folder.path("S")))
    let loaded = LoadedScript(
      path: FilePath("S"),
      script: ScriptParser.parse(SourceBuffer(path: FilePath("S"), bytes: Array(text))))
    let report = try #require(Session(scripts: [loaded], images: [image]).judge().first).report
    #expect(report.assertions.map(\.verdict) == [.undecided])
  }

  /// GNU ld evaluates the script with where a symbol was before equal strings were merged, and writes where it is then.
  @Test func aSymbolAmongMergedStringsHasLostItsPlace() throws {
    let folder = try TemporaryFolder()
    let strings = ".section .rodata.str1.1,\"aMS\",@progbits,1\n.globl "
    try folder.write(
      "a.s", strings + "one\none: .string \"hello\"\n.text\n.globl _start\n_start: nop\n")
    try folder.write("b.s", strings + "two\ntwo: .string \"hello\"\n")
    let text = """
      SECTIONS { .text 0x1000 : { *(.text) } .r 0x2000 : { *(.rodata*) } }
      seen = two;
      ASSERT(two == one, "merged")

      """
    try folder.write("S", text)
    let run = try ProgramRun.shell(
      "as a.s -o a.o && as b.s -o b.o && ld --noinhibit-exec -T S a.o b.o -o x 2>&1; nm x",
      folder: folder.path)
    // The file has them at one place, and the script did not see that.
    #expect(run.output.contains("ld: merged"), "\(run.output)")
    #expect(run.output.contains("2000 R one\n") && run.output.contains("2000 R two\n"))
    let bytes = try #require(FileManager.default.contents(atPath: folder.path("x")))
    let image = try ImageReader.read(SourceBuffer(path: FilePath("x"), bytes: Array(bytes)))
    let loaded = LoadedScript(
      path: FilePath("S"),
      script: ScriptParser.parse(SourceBuffer(path: FilePath("S"), bytes: Array(text.utf8))))
    let judged = try #require(Session(scripts: [loaded], images: [image]).judge().first)
    #expect(judged.report.assertions.map(\.verdict) == [.undecided])
    #expect(!judged.report.assignments.contains { $0.isStale })
  }
}
