// A linker behind `lds-check wrap`: what it prints, makes and ends with is its own.

import Foundation
import TestSupport
import Testing

@Suite struct WrapCommandTests {
  private static let object =
    ".globl f1\n.text\nf1: .byte 1\n.globl _start\n_start: .zero 30\n.data\nd: .zero 5\n.section .odd,\"a\"\n.byte 1\n"

  private static func has(_ program: String) -> Bool {
    (try? ProgramRun.shell("command -v \(program)").status) == 0
  }

  /// A folder with an object, scripts that link and scripts that do not.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.object)
    let good = "SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } _end = .; }\n"
    try folder.write("good.ld", good)
    try folder.write("assert.ld", good + "ASSERT(_end < 0x1010, \"too large\")\n")
    try folder.write("syntax.ld", "SECTIONS { .text : { *(.text) }\n")
    try folder.write("symbol.ld", good + "x = nowhere + 1;\n")
    try folder.write(
      "region.ld",
      "MEMORY { rom : ORIGIN = 0, LENGTH = 8 }\nSECTIONS { .text : { *(.text) } > rom }\n")
    try folder.write(
      "back.ld", "SECTIONS { .text 0x1000 : { *(.text) . = 2; } .data : { *(.data) } }\n")
    try folder.write("rsp", "-T 'good.ld' a.o -Map=rsp.map")
    _ = try ProgramRun.shell("gcc -c a.s -o a.o && gcc -c a.s -o b.o", folder: folder.path)
    return folder
  }

  /// Files with their bytes.
  private func contents(_ folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      found[name] = FileManager.default.contents(atPath: folder + "/" + name)
    }
    return found
  }

  private static func line(_ random: inout SeededGenerator) -> [String] {
    var words = [
      random.pick(["ld", "ld", "ld.bfd", "ld.lld", "ld.lld", "ld.gold", "gcc", "mold"]) ?? "ld"
    ]
    // With more threads, these two name duplicate symbols in any order.
    if words[0] == "ld.lld" { words.append("--threads=1") }
    if words[0] == "mold" { words.append("--no-threads") }
    let isDriver = words[0] == "gcc"
    if isDriver { words += ["-nostdlib", "-static"] }
    let scripts = ["good", "good", "assert", "syntax", "symbol", "region", "back", "missing"]
    if !random.once(in: 6) { words += ["-T", (random.pick(scripts) ?? "good") + ".ld"] }
    words.append("a.o")
    let plain = [
      ["b.o"], ["c.o"], ["@rsp"], ["-o", "x"], ["-r"], ["--version"], ["-e", "f1"], ["-nonsense"],
      ["-o"], ["-lnone"], [],
    ]
    let linker = [
      ["-Map=m.map"], ["-M"], ["--cref"], ["--print-memory-usage"], ["-t"], ["--verbose"],
      ["--defsym=q=1"], ["--gc-sections"], ["--noinhibit-exec"], ["-Map"], ["--stats"],
      ["-z", "max-page-size=0x100"], ["--orphan-handling=error"], ["--fatal-warnings"],
      ["--build-id=md5"], ["-Ttext=0x2000"],
    ]
    for _ in 0..<random.below(4) {
      words += random.pick(plain) ?? []
      let option = random.pick(linker) ?? []
      words += isDriver ? option.map { "-Wl," + $0 } : option
    }
    return words
  }

  /// `LDS_CHECK_LINKS` makes it longer.
  @Test(.enabled(if: WrapCommandTests.has("ld")))
  func whatALinkerDoesIsItsOwn() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LDS_CHECK_LINKS"].flatMap { Int($0) } ?? 40
    var random = SeededGenerator(
      seed: environment["LDS_CHECK_SEED"].flatMap { UInt64($0) } ?? 7)
    let source = try folder()
    var failures = 0
    for _ in 0..<count {
      let words = Self.line(&random)
      // How long it took is never the same.
      guard Self.has(words[0]), !words.contains(where: { $0.hasSuffix("--stats") }) else {
        continue
      }
      // Both streams in one file keep their order.
      let redirection = random.pick(["", " 2>&1", " >/dev/null"]) ?? ""
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      let alone = try run("", quoted + redirection, source)
      let wrapped = try run("$LDS_CHECK wrap --fail-on never -- ", quoted + redirection, source)
      let said = "\(quoted + redirection)\n--- alone:\n\(alone.run)\n--- wrapped:\n\(wrapped.run)"
      if alone.run.status != 0 { failures += 1 }
      #expect(wrapped.run.status == alone.run.status, "\(said)")
      let isJoined = redirection == " 2>&1"
      if alone.run.status == 0 {
        #expect(wrapped.run.output == alone.run.output, "\(said)")
        #expect(wrapped.run.errors == alone.run.errors, "\(said)")
      } else if isJoined {
        #expect(wrapped.run.output.hasPrefix(alone.run.output), "\(said)")
      } else {
        #expect(wrapped.run.output == alone.run.output, "\(said)")
        #expect(wrapped.run.errors.hasPrefix(alone.run.errors), "\(said)")
      }
      #expect(wrapped.files == alone.files, "\(said)")
    }
    #expect(failures > count / 5)
  }

  /// One run in a copy of `source`, always at the same place: maps and messages name it.
  private func run(
    _ prefix: String, _ line: String, _ source: TemporaryFolder
  ) throws -> (run: ProgramRun, files: [String: Data]) {
    let work = source.path + ".work"
    let scratch = try TemporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: work) }
    try FileManager.default.copyItem(atPath: source.path, toPath: work)
    let run = try ProgramRun.shell(
      prefix + line, folder: work, environment: ["TMPDIR": scratch.path])
    #expect(try scratch.names() == [], "left behind by \(line)")
    return (run, try contents(work))
  }

  @Test(.enabled(if: WrapCommandTests.has("ld"))) func explainsAFailure() throws {
    let folder = try folder()
    let run = try ProgramRun.run(
      ["wrap", "--", "ld", "-T", "assert.ld", "a.o"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("ld: too large\n"))
    #expect(run.errors.contains("assert.ld:2"))
    #expect(run.errors.contains("0x102"))
    #expect(!run.errors.contains("/lds-check-"))
    let overflow = try ProgramRun.run(
      ["wrap", "--", "ld", "-T", "region.ld", "a.o"], folder: folder.path)
    #expect(overflow.status == 1)
    #expect(overflow.errors.contains("region.ld:1"))
    let off = try ProgramRun.run(
      ["wrap", "--", "ld", "-T", "assert.ld", "a.o"], folder: folder.path,
      environment: ["LDS_CHECK_WRAP": "off"])
    #expect(off.status == 1)
    #expect(run.errors.hasPrefix(off.errors) && off.errors.count < run.errors.count)
  }

  @Test(.enabled(if: WrapCommandTests.has("ld"))) func checksASuccess() throws {
    let folder = try folder()
    let words = ["--", "ld", "-T", "good.ld", "a.o", "-o", "x"]
    let silent = try ProgramRun.run(["wrap"] + words, folder: folder.path)
    #expect(silent.status == 0)
    #expect(silent.output == "" && silent.errors.hasPrefix("ld: warning") || silent.errors == "")
    try folder.write(
      ".lds-check.json",
      #"{"constraints":[{"name":"small","expression":"_end < 0x1010","why":"the loader says so"}]}"#
    )
    let run = try ProgramRun.run(["wrap"] + words, folder: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("small"))
    #expect(folder.text("x") != nil)
    let never = try ProgramRun.run(["wrap", "--fail-on", "never"] + words, folder: folder.path)
    #expect(never.status == 0)
    #expect(!never.errors.contains("small"))
  }

  @Test(.enabled(if: WrapCommandTests.has("ld")))
  func theAuthorsTextIsFoundByTheRecordOfThisScript()
    throws
  {
    let folder = try folder()
    try folder.write(
      "all.lds.S",
      """
      #ifdef EFI
      # define LIMIT 0x1010
      #else
      # define LIMIT 0x2000
      #endif
      SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } _end = .; }
      ASSERT(_end < LIMIT, "too large")

      """)
    for (name, flag) in [("all.lds", ""), ("efi.lds", "-DEFI ")] {
      try folder.write(
        ".\(name).cmd",
        "cmd_\(name) := gcc -E -P \(flag)-x assembler-with-cpp -o \(name) all.lds.S\n")
      _ = try ProgramRun.shell(
        "gcc -E -P \(flag)-x assembler-with-cpp -o \(name) all.lds.S", folder: folder.path)
    }
    let run = try ProgramRun.run(
      ["wrap", "--", "ld", "-T", "efi.lds", "a.o"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("all.lds.S:7"))
    #expect(run.errors.contains("LIMIT"))
  }

  /// Below the linker's words stand no others about the same, and none that help nobody.
  @Test(.enabled(if: WrapCommandTests.has("ld"))) func saysNothingTwice() throws {
    let folder = try folder()
    let overflow = try ProgramRun.run(
      ["wrap", "--", "ld", "-T", "region.ld", "a.o"], folder: folder.path)
    #expect(overflow.errors.components(separatedBy: "[region-overflow]").count == 2)
    #expect(overflow.errors.contains("0x102 (258 bytes)  .text") == false)
    #expect(overflow.errors.contains(".text of a.o"))
    // A file that is missing, a symbol that two objects define: the linker has said it.
    for words in [["no.o"], ["a.o", "b.o"]] {
      let line = ["ld", "-T", "good.ld", "a.o"] + words
      let alone = try ProgramRun.shell(line.joined(separator: " "), folder: folder.path)
      let wrapped = try ProgramRun.run(["wrap", "--"] + line, folder: folder.path)
      #expect(wrapped.status == alone.status)
      #expect(wrapped.errors == alone.errors)
      #expect(wrapped.output == alone.output)
    }
  }

  /// lld has the largest of what fills a region in its map, where it writes one.
  @Test(.enabled(if: WrapCommandTests.has("ld.lld"))) func tellsWhatFillsARegionOfLLD() throws {
    let folder = try folder()
    let run = try ProgramRun.run(
      ["wrap", "--", "ld.lld", "--threads=1", "-T", "region.ld", "a.o"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("[region-overflow]"))
    #expect(!run.errors.contains("-Map=FILE"))
    #expect(!run.errors.contains(".comment of"))
  }

  /// A rule that the configuration makes an error, and one that is asked for by its level.
  @Test(.enabled(if: WrapCommandTests.has("ld"))) func aSuccessIsCheckedByTheLevelsOfTheProject()
    throws
  {
    let folder = try folder()
    try folder.write(
      "twice.ld", "x = 1;\nx = 2;\nSECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } }\n")
    let words = ["--", "ld", "-T", "twice.ld", "a.o", "-o", "x"]
    let silent = try ProgramRun.run(["wrap"] + words, folder: folder.path)
    #expect(silent.status == 0 && !silent.errors.contains("symbol-set-twice"))
    let warned = try ProgramRun.run(["wrap", "--fail-on", "warning"] + words, folder: folder.path)
    #expect(warned.status == 1 && warned.errors.contains("[writable-executable]"), "\(warned)")
    try folder.write(".lds-check.json", #"{"rules":{"symbol-set-twice":"error"}}"#)
    let judged = try ProgramRun.run(["wrap"] + words, folder: folder.path)
    #expect(judged.status == 1 && judged.errors.contains("twice.ld:1"), "\(judged)")
    try folder.write(
      ".lds-check.json",
      #"{"overrides":[{"files":["twice.ld"],"rules":{"symbol-set-twice":"error"}}]}"#)
    #expect(try ProgramRun.run(["wrap"] + words, folder: folder.path).status == 1)
    // What the linker has let pass is no error of ours.
    try folder.write(".lds-check.json", #"{"rules":{"assert-never-holds":"error"}}"#)
    #expect(try ProgramRun.run(["wrap"] + words, folder: folder.path).status == 0)
  }

  @Test func signalsAndStatusAreTheLinkers() throws {
    let folder = try folder()
    try folder.write("ld", "#!/bin/sh\n. ./do\n")
    let run: (String, String) throws -> ProgramRun = { body, line in
      try folder.write("do", body)
      return try ProgramRun.shell(
        "chmod +x ld; \(line)", folder: folder.path)
    }
    let wrapped = "$LDS_CHECK wrap -- ./ld -T good.ld a.o"
    let status = try run("echo out; echo err >&2; exit 37", "\(wrapped); echo $?")
    #expect(status.output == "out\n37\n" && status.errors.hasPrefix("err\n"))
    let order = try run(
      "for i in 1 2 3 4 5 6 7 8; do echo $i; echo e$i >&2; done", "\(wrapped) 2>&1")
    #expect(order.output == "1\ne1\n2\ne2\n3\ne3\n4\ne4\n5\ne5\n6\ne6\n7\ne7\n8\ne8\n")
    let killed = try run("kill -9 $$", "\(wrapped); echo $?")
    #expect(killed.output == "137\n")
    let broken = try run("kill -PIPE $$", "\(wrapped); echo $?")
    #expect(broken.output == "141\n")
    let told = try run(
      "trap 'echo told; exit 9' TERM; sleep 9 & echo $! >child; wait",
      "\(wrapped) & p=$!; while [ ! -s child ]; do sleep 0.05; done; kill $p; wait $p; echo $?; kill $(cat child)"
    )
    #expect(told.output == "told\n9\n")
    let daemon = try run("sleep 3 & exit 4", "\(wrapped); echo $?")
    #expect(daemon.output == "4\n")
    let closed = try run("echo x >&2; echo $?", "\(wrapped) 2>&-")
    #expect(closed.output == "1\n" || closed.output == "2\n")
  }

  @Test func whatCannotBeRunIsSaidAsAShellSaysIt() throws {
    let folder = try folder()
    let missing = try ProgramRun.run(
      ["wrap", "--", "./no-such-ld", "-T", "good.ld", "a.o"], folder: folder.path)
    #expect(missing.status == 127)
    #expect(missing.errors == "lds-check: ./no-such-ld: No such file or directory\n")
    try folder.write("ld", "")
    let refused = try ProgramRun.run(
      ["wrap", "--", "./ld", "-T", "good.ld", "a.o"], folder: folder.path)
    #expect(refused.status == 126)
    #expect(try ProgramRun.run(["wrap"], folder: folder.path).status == 2)
  }

  @Test(.enabled(if: WrapCommandTests.has("ld"))) func aFolderForTheMapIsNotNeeded() throws {
    let folder = try folder()
    let run = try ProgramRun.run(
      ["wrap", "--fail-on", "never", "--", "ld", "-T", "good.ld", "a.o", "-o", "x"],
      folder: folder.path, environment: ["TMPDIR": "/nowhere"])
    #expect(run.status == 0)
    #expect(folder.text("x") != nil)
  }

  @Test(.enabled(if: WrapCommandTests.has("ld"))) func standsInForALinkerByItsName() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(
      atPath: folder.path("tools"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("tools/ld"), withDestinationPath: ProgramRun.program)
    let run = try ProgramRun.tool(
      folder.path("tools/ld"), ["-T", "assert.ld", "a.o"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("too large\n"))
    #expect(run.errors.contains("assert.ld:2"))
    let driver = try ProgramRun.shell(
      "gcc -B tools -nostdlib -static -Wl,--build-id=none -T assert.ld a.o", folder: folder.path)
    #expect(driver.status == 1)
    #expect(driver.errors.contains("assert.ld:2"))
  }
}
