// `lds-check explain` as a user runs it: the texts are snapshots, reviewed like code.

import Foundation
import TestSupport
import Testing

struct ExplainCommandTests {
  @Test(arguments: [
    ("unaligned-map", ["unaligned/boot.map"]),
    ("unaligned", ["-I", ".", "unaligned/boot.lds.S", "unaligned/boot.map", "unaligned/boot.nm"]),
    ("unaligned-headless", ["unaligned/boot.lds.S", "unaligned/boot.map"]),
    ("grown-map", ["grown/boot.map"]),
    ("grown", ["boot.lds.S", "grown/boot.map", "grown/boot.nm"]),
    (
      "grown-against",
      ["boot.lds.S", "grown/boot.map", "grown/boot.nm", "--against", "sound/boot.map"]
    ),
    ("unaligned-against", ["unaligned/boot.map", "--against", "sound/boot.map"]),
    ("wrong-script", ["boot.lds.S", "unaligned/boot.map"]),
    ("unaligned-log", ["-I", ".", "unaligned/boot.lds.S", "--log", "unaligned/ld.stderr"]),
  ])
  func failureIsAsRecorded(_ name: String, _ arguments: [String]) throws {
    let run = try ProgramRun.run(["explain"] + arguments, folder: Checkout.path("samples"))
    expectSnapshot(run.output + run.errors, named: "explain-\(name).txt")
    #expect(run.status == 1)
  }

  @Test(arguments: [
    ("sound", ["boot.lds.S", "sound/boot.map"]),
    (
      "sound-chosen", ["boot.lds.S", "sound/boot.map", "--assert", "rodata", "--assert", "_end <="]
    ),
    ("sound-object", ["sound/boot.map", "--assert", "boot_stack"]),
  ])
  func soundImageIsAsRecorded(_ name: String, _ arguments: [String]) throws {
    let run = try ProgramRun.run(["explain"] + arguments, folder: Checkout.path("samples"))
    expectSnapshot(run.output + run.errors, named: "explain-\(name).txt")
    #expect(run.status == 0)
  }

  @Test func jsonIsAsRecorded() throws {
    let run = try ProgramRun.run(
      ["explain", "--format", "json", "-I", ".", "unaligned/boot.lds.S", "unaligned/boot.map"],
      folder: Checkout.path("samples"))
    expectSnapshot(run.output, named: "explain-unaligned.json")
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let first = try #require((top["explanations"] as? [[String: Any]])?.first)
    #expect(first["claim"] as? String == "alignment")
    #expect((first["sameCause"] as? [String]) == ["__2M_rodata_start misaligned"])
    #expect((first["mends"] as? [Any])?.count == 1)
  }

  @Test func misuseIsExplained() throws {
    for (arguments, words) in [
      (["explain"], "nothing to read"),
      (["explain", "samples/boot.lds.S"], "nothing to judge the script against"),
      (["explain", "samples/sound/boot.map", "--assert", "nosuch"], "no ASSERT has 'nosuch'"),
      (
        ["explain", "samples/grown/boot.map", "--against", "samples/none.map"], "no such file"
      ),
      (["explain", "--log", "samples/none.log"], "no such file"),
    ] {
      let run = try ProgramRun.run(arguments)
      #expect(run.status == 2, "\(arguments)")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(run.output == "")
    }
  }

  /// What must be said in the first ten lines about each case of the reference data, from its map alone.
  private static let broken: [(folder: String, maps: [String], words: [String])] = [
    (
      "01-no-align-before-text-end", ["elf4k", "elf2m", "efi"],
      ["__2M_text_end", "nothing aligns '.'", ".fixup"]
    ),
    (
      "03-kexec-reloc-too-big-input", ["elf4k", "elf2m", "efi"],
      ["0x218 (536 bytes) too much", ".text.kexec of /build/broken/extra.o"]
    ),
    ("06-got-nonempty", ["elf4k", "elf2m"], [".got has 0x8 (8 bytes)"]),
    (
      "07-rodata-end-before-align", ["elf4k", "elf2m", "efi"],
      ["'__2M_rodata_end' is set before '. = ALIGN", "too late"]
    ),
    (
      "14-page-align-instead-of-section-align", ["elf2m", "efi"],
      ["the last ALIGN before '__2M_rodata_end' is to 4K, not to 2M"]
    ),
  ]

  @Test(.enabled(if: ExternalTool.has("gzip"), "needs gzip"), arguments: broken)
  func causeStandsInTheFirstTenLines(
    _ folder: String, _ maps: [String], _ words: [String]
  ) throws {
    for map in maps {
      let path = ReferenceData.path("xen-broken/\(folder)/\(map).ldmap.gz")
      let run = try ProgramRun.run(["explain", path])
      #expect(run.status == 1)
      let start = run.output.split(separator: "\n").prefix(10).joined(separator: "\n")
      for word in words { #expect(start.contains(word), "\(folder) \(map):\n\(start)") }
    }
  }

  @Test(.enabled(if: ExternalTool.has("gzip"), "needs gzip"))
  func comparisonWithAGoodMapNamesWhatChanged() throws {
    for (folder, words) in [
      ("01-no-align-before-text-end", "'. = ALIGN(0x200000)' is gone, before '__2M_text_end = .'"),
      ("03-kexec-reloc-too-big-input", "0xde8 (3560 bytes) were left; this growth alone is more:"),
      ("06-got-nonempty", "new in the link: extra.o"),
      ("14-page-align-instead-of-section-align", "'. = ALIGN(0x1000)' is new"),
    ] {
      let data = Checkout.path("Tests/data/xen-broken")
      let run = try ProgramRun.run(
        [
          "explain", "\(data)/\(folder)/elf2m.ldmap.gz", "--against",
          "\(data)/00-control/elf2m.ldmap.gz",
        ])
      #expect(run.output.contains(words), "\(folder):\n\(run.output)")
    }
  }
}
