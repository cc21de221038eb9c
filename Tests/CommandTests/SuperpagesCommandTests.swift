// `lds-check superpages` as a user runs it.

import Foundation
import TestSupport
import Testing

struct SuperpagesCommandTests {
  @Test(arguments: ["sound", "unaligned"]) func textIsAsRecorded(_ sample: String) throws {
    let run = try ProgramRun.run(["superpages", "samples/\(sample)/boot.map"])
    #expect(run.status == (sample == "sound" ? 0 : 1))
    #expect(run.errors == "")
    #expect(Snapshot.mismatch(run.output, named: "superpages-\(sample).txt") == nil)
  }

  @Test func twoImagesAreCompared() throws {
    let run = try ProgramRun.run(
      [
        "superpages", "--load-address", "346M", "samples/sound/boot.map",
        "samples/unaligned/boot.nm",
      ])
    #expect(Snapshot.mismatch(run.output, named: "superpages-pair.txt") == nil)
  }

  @Test func theSameImageTwiceDoesNotDiffer() throws {
    let run = try ProgramRun.run(["superpages", "samples/sound/boot.map", "samples/sound/boot.map"])
    #expect(run.output.contains("no difference in layout\n"))
  }

  @Test func pictureFitsEightyColumns() throws {
    let run = try ProgramRun.run(
      ["superpages", "--load-address=0x15a00000", "samples/unaligned/boot.map"])
    let plan = run.output.components(separatedBy: "error[")[0]
    for line in plan.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func colourFollowsPermissions() throws {
    let run = try ProgramRun.run(["superpages", "--color=always", "samples/sound/boot.map"])
    for code in ["30;46", "30;42", "97;41", "30;43"] {
      #expect(run.output.contains("\u{1B}[\(code)m"), "\(code)")
    }
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    let run = try ProgramRun.run(
      ["superpages", "--format", "json", "--load-address", "0x15a00000", "samples/sound/boot.map"])
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(
      top.keys.sorted() == [
        "findings", "frames", "image", "load", "pageSize", "regions", "slots", "superpageMappable",
        "tool",
      ])
    #expect(top["pageSize"] as? Int == 2_097_152)
    #expect(top["superpageMappable"] as? Bool == true)
    let image = try #require(top["image"] as? [String: Any])
    #expect(image["start"] as? String == "0xffff82d040200000")
    #expect(image["end"] as? String == "0xffff82d04080a8b8")
    #expect(image["bytes"] as? Int == 0x60_a8b8)
    let frames = try #require(top["frames"] as? [[String: Any]])
    #expect(frames.map { $0["slot"] as? Int } == [1, 2, 3, 4])
    #expect(frames.map { $0["permissions"] as? String } == ["r-x", "r--", "rwx", "rw-"])
    #expect(frames.map { $0["mixed"] as? Bool } == [false, false, false, false])
    #expect(frames.first?["regions"] as? [String] == ["text"])
    let slots = try #require(top["slots"] as? [String: Int])
    #expect(slots == ["first": 1, "last": 4, "count": 4])
    let load = try #require(top["load"] as? [String: Any])
    #expect(load["address"] as? String == "0x15a00000")
    #expect(load["naiveFirst"] as? Int == 174)
    #expect(load["naiveLast"] as? Int == 177)
  }

  @Test func misuseIsExplained() throws {
    for (arguments, words) in [
      (["superpages"], "nothing to read"),
      (["superpages", "--load-address", "here", "samples/sound/boot.map"], "expected a number"),
      (
        ["superpages", "--profile", "windows", "samples/sound/boot.map"],
        "unknown profile 'windows'"
      ),
      (["superpages", "--profile", "elf", "samples/sound/boot.nm"], "no regions found"),
      (
        ["superpages", "--profile", "xen-x86", "-"], "'xen-x86' needs '__2M_text_start' or '_start'"
      ),
      (["superpages", "samples/none.map"], "no such file"),
      (["superpages", "--format", "pdf", "samples/sound/boot.map"], "not 'pdf'"),
    ] {
      let run = try ProgramRun.run(arguments, input: "0000000000001000 T main\n")
      #expect(run.status == 2, "\(arguments)")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(run.output == "")
    }
  }

  @Test func failOnDecidesTheStatus() throws {
    let sound = "samples/sound/boot.map"
    #expect(try ProgramRun.run(["superpages", "--fail-on", "note", sound]).status == 1)
    #expect(
      try ProgramRun.run(["superpages", "--fail-on", "never", "samples/unaligned/boot.map"]).status
        == 0)
  }

  /// The mapping of a configuration counts, and so do its severities; `--profile` sets the mapping aside.
  @Test func configurationIsObeyed() throws {
    let folder = try TemporaryFolder()
    try folder.write("boot.map", Checkout.bytes("samples/unaligned/boot.map"))
    try folder.write(
      ".lds-check.json",
      """
      {"rules": {"superpage-boundary": "warning", "unused-mapped-tail": "off"},
       "loadAddress": "0x15a00000",
       "mapping": {"base": "XEN_VIRT_START", "regions": [
         {"name": "code", "start": "_start", "end": "ALIGN(_etext, 0x1000)", "permissions": "r-x"},
         {"name": "rest", "start": "__2M_init_start", "end": "_end + 8", "permissions": "rwx"}]}}
      """)
    let run = try ProgramRun.run(["superpages", "boot.map"], folder: folder.path)
    // 'code' ends with the code, in the middle of .rodata.
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains("'.rodata' lies in no region from 0xffff82d04020a000 on"))
    #expect(run.output.contains("code r-x 0xffff82d040200000 .. 0xffff82d04020a000"))
    #expect(run.output.contains("slots 174..176 in code"))
    #expect(
      run.output.contains(
        "warning[superpage-boundary]: '_end + 8' = 0xffff82d04060a8c0 is not even 4K aligned"))
    #expect(!run.output.contains("unused-mapped-tail"))
    let plain = try ProgramRun.run(
      ["superpages", "--profile", "xen-x86", "boot.map"], folder: folder.path)
    #expect(plain.output.contains("rwdata rw- 0xffff82d040600000"))
  }

  @Test func scriptsAloneHaveNoPlan() throws {
    let run = try ProgramRun.run(["superpages", "samples/sound/boot.lds"])
    #expect(run.status == 2)
    #expect(run.errors.contains("no image to show"))
  }
}
