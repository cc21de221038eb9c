// `lds-check diff`, `eval --headroom` and the history, as a user runs them.

import Foundation
import TestSupport
import Testing

struct DiffCommandTests {
  @Test(arguments: [("grown", 1), ("unaligned", 1), ("sound", 0)])
  func textIsAsRecorded(_ sample: String, _ status: Int) throws {
    let run = try ProgramRun.run(["diff", "samples/sound/boot.map", "samples/\(sample)/boot.map"])
    expectSnapshot(run.output + run.errors, named: "diff-\(sample).txt")
    #expect(run.status == status)
  }

  @Test func jsonNamesWhatChanged() throws {
    let run = try ProgramRun.run(
      ["diff", "--format=json", "samples/sound/boot.map", "samples/grown/boot.map"])
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let verdicts = try #require(top["assertions"] as? [[String: String]])
    #expect(verdicts.map { $0["now"] } == ["fails", "fails"])
    let headroom = try #require(top["headroom"] as? [[String: Any]])
    #expect(headroom.first?["before"] as? Int == 0xe60)
    #expect(headroom.first?["now"] as? Int == -0x20)
  }

  @Test func betterIsNoFailure() throws {
    let run = try ProgramRun.run(["diff", "samples/grown/boot.map", "samples/sound/boot.map"])
    #expect(run.status == 0)
    #expect(run.output.contains("kexec_reloc is too large: fails -> holds"))
  }

  @Test func whoGrewComesFirstAndRunsAreOneLine() throws {
    let files = ["samples/sound/boot.map", "samples/grown/boot.map"]
    let run = try ProgramRun.run(["diff"] + files)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "samples/sound/boot.map -> samples/grown/boot.map")
    let grown = try #require(lines.firstIndex(of: "grown"))
    let moved = try #require(lines.firstIndex(of: "symbols moved"))
    #expect(grown < moved)
    #expect(lines[grown + 2] == "  .text.kexec of start.o: 0x1a0 -> 0x1020, +0xe80 (3712 bytes)")
    #expect(lines[moved + 1].contains("3 symbols from 0xffff82d0402011a0 on"))
    let all = try ProgramRun.run(["diff", "--all"] + files).output
    #expect(all.contains("  main_loop: 0xffff82d0402011a0 -> 0xffff82d040202020, +0xe80"))
    let byName = try ProgramRun.run(["diff", "--sort", "name"] + files).output
    let names = ["  _etext:", "  kexec_reloc_end:", "  main_loop:"]
    let places = names.compactMap { byName.range(of: $0)?.lowerBound }
    #expect(places.count == 3 && places == places.sorted(), "\(byName)")
  }

  @Test func historySaysWhichBuild() throws {
    let folder = try TemporaryFolder()
    let history = folder.path("h.json")
    for (sample, label) in [("sound", "v1.0"), ("grown", "v1.1")] {
      _ = try ProgramRun.run(
        ["eval", "--history", history, "--label", label, "samples/\(sample)/boot.map"],
        environment: ["SOURCE_DATE_EPOCH": "951782400"])
    }
    #expect(try #require(folder.text("h.json")).contains("\"date\":\"2000-02-29T00:00:00Z\""))
    let trend = try ProgramRun.run(["diff", history])
    #expect(trend.output.contains("since the build before (v1.0, 2000-02-29)"), "\(trend.output)")
  }

  @Test func theCommitNamesABuildThatHasNoLabel() throws {
    let folder = try TemporaryFolder()
    let commit = "0123456789abcdef0123456789abcdef01234567"
    try folder.write(".git/HEAD", "ref: refs/heads/main\n")
    try folder.write(".git/packed-refs", "# pack-refs\n\(commit) refs/heads/main\n")
    try folder.write("boot.map", Checkout.bytes("samples/sound/boot.map"))
    let run = try ProgramRun.run(["eval", "--history", "h.json", "boot.map"], folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try #require(folder.text("h.json")).contains("\"label\":\"0123456789ab\""))
  }

  @Test func oneImageIsNotEnough() throws {
    let run = try ProgramRun.run(["diff", "samples/grown/boot.map"])
    #expect(run.status == 2)
  }

  @Test func headroomIsShownAndAskedFor() throws {
    let files = ["samples/boot.lds.S", "samples/sound/boot.map", "samples/sound/boot.nm"]
    let shown = try ProgramRun.run(["eval", "--headroom"] + files)
    #expect(shown.status == 0)
    #expect(shown.output.contains("headroom 0xe60 (3680 bytes), 89.8 %"))
    #expect(try ProgramRun.run(["eval", "--min-headroom", "89.8%"] + files).status == 0)
    let tight = try ProgramRun.run(["eval", "--min-headroom", "89.9%"] + files)
    #expect(tight.status == 1)
    #expect(tight.output.contains("low-headroom"))
    #expect(try ProgramRun.run(["eval", "--min-headroom", "much"] + files).status == 2)
  }

  @Test func historyGrowsByALineABuild() throws {
    let folder = try TemporaryFolder()
    for sample in ["sound", "grown"] {
      let run = try ProgramRun.run(
        ["eval", "--history", folder.path("h.json"), "samples/\(sample)/boot.map"])
      #expect(run.status == (sample == "sound" ? 0 : 1))
    }
    let lines = try #require(folder.text("h.json")).split(separator: "\n")
    let builds = try lines.map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(builds.map { $0["fails"] as? Int } == [0, 2])
    let left = builds.map { build in
      (build["headroom"] as? [[String: Any]])?.first?["left"] as? Int
    }
    #expect(left == [0xe60, -0x20])
  }

  @Test func historyIsFollowed() throws {
    let folder = try TemporaryFolder()
    let history = folder.path("h.json")
    for sample in ["sound", "sound", "grown"] {
      _ = try ProgramRun.run(["eval", "--history", history, "samples/\(sample)/boot.map"])
    }
    let trend = try ProgramRun.run(["diff", history])
    #expect(trend.status == 1)
    #expect(trend.output.contains("since the build before"))
    #expect(trend.output.contains("since the first of 3 builds"))
    #expect(trend.output.contains("kexec_reloc is too large: holds -> fails"))
    let better = try ProgramRun.run(["diff", history, "samples/sound/boot.map"])
    #expect(better.status == 0)
    #expect(better.output.contains("kexec_reloc is too large: fails -> holds"))
    let json = try ProgramRun.run(["diff", "--format=json", history])
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let trends = try #require(top["trends"] as? [[String: Any]])
    #expect(trends.map { $0["since"] as? String } == ["previous", "first"])
  }

  @Test func historyThatIsNoneIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("h.json", "{\"image\":\"a\"}\n")
    #expect(try ProgramRun.run(["diff", folder.path("h.json")]).status == 2)
    try folder.write(
      "one.json", "{\"image\":\"a\",\"holds\":1,\"fails\":0,\"undecided\":0,\"end\":null}\n")
    #expect(try ProgramRun.run(["diff", folder.path("one.json")]).status == 2)
  }

  @Test(arguments: ["samples/sound/boot.map", "samples/sound/boot.nm"])
  func olderLinkOfAnyKindTellsWhatMoved(_ old: String) throws {
    let run = try ProgramRun.run(
      ["explain", "--against", old, "samples/grown/boot.map"])
    #expect(run.status == 1)
    #expect(run.output.contains("since then: 'kexec_reloc_end' moved up by"))
  }
}
