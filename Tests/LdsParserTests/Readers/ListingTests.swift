// nm's forms and Xen's, and telling inputs apart.

import Foundation
import LdsParser
import TestSupport
import Testing

struct ListingTests {
  private func rows(_ text: String) throws -> [String] {
    let image = try ImageReader.read(SourceBuffer(name: "listing", text: text))
    #expect(image.unknownLineCount == 0)
    return image.symbols.records.map {
      "\(image.symbols.name($0)) \(String($0.value, radix: 16)) \($0.size) \(String(UnicodeScalar($0.letter))) \($0.place)"
    }
  }

  @Test func bsd() throws {
    #expect(
      try rows(ReaderSamples.nmBSD) == [
        "absym 1234 0 A absolute", "memcpy 0 0 U undefined", "maybe 0 0 w undefined",
        "f1 401040 0 T unknownSection", "local.0 402000 0 d unknownSection",
      ])
    #expect(
      try rows("00401040 00000008 T f1\n         U g\n") == [
        "f1 401040 8 T unknownSection", "g 0 0 U undefined",
      ])
    #expect(
      try rows("lib.a:m.o:00401040 T f1\nlib.a:m.o:         U g\n").first
        == "f1 401040 0 T unknownSection")
    #expect(
      try rows("ffffffffc0000000 t init\t[ext4]\n") == ["init ffffffffc0000000 0 t unknownSection"])
    #expect(
      try rows("0000000000401040 T f(int, char const*)\n").first
        == "f(int, char const*) 401040 0 T unknownSection")
  }

  @Test func posix() throws {
    #expect(
      try rows(ReaderSamples.nmPosix) == [
        "absym 1234 0 A absolute", "memcpy 0 0 U undefined", "f1 401040 8 T unknownSection",
        "local.0 402000 0 d unknownSection",
      ])
    #expect(try rows("a.o: f1 T 0 8\n") == ["f1 0 8 T unknownSection"])
  }

  @Test func sysV() throws {
    #expect(
      try rows(ReaderSamples.nmSysV) == [
        "absym 1234 0 A absolute", "memcpy 0 0 U undefined", "f1 401040 8 T unknownSection",
      ])
  }

  @Test func xen() throws {
    #expect(
      try rows(ReaderSamples.xen) == [
        "multiboot1_header ffff82d040200008 0 t unknownSection",
        "_stext ffff82d040201000 0 T unknownSection",
      ])
  }

  @Test(
    .enabled(if: ExternalTool.path("nm") != nil, "needs nm"),
    arguments: [
      ["-p"], ["-n"], ["-S", "-p"], ["-A", "-p"], ["-P", "-p"], ["-A", "-P", "-p"],
      ["-f", "sysv", "-p"],
    ])
  func everyFormOfNMIsRead(options: [String]) throws {
    let nm = try #require(ExternalTool.path("nm"))
    let file = "/usr/lib/x86_64-linux-gnu/crt1.o"
    guard FileManager.default.fileExists(atPath: file) else { return }
    let expected = try ImageReader.read(try FileInput.read(FilePath(file)))
    let text = try ExternalTool.run(nm, options + [file]).text
    let image = try ImageReader.read(SourceBuffer(name: "nm", text: text))
    #expect(image.unknownLineCount == 0)
    let key = { (image: Image) in
      image.symbols.records.map { "\(image.symbols.name($0)) \($0.value) \($0.letter)" }.sorted()
    }
    #expect(key(image) == key(expected))
  }
}

struct FormatRecognizerTests {
  private func format(_ text: String) -> FileFormat {
    FormatRecognizer.recognize(SourceBuffer(name: "x", text: text))
  }

  private func isUnknown(_ text: String) -> Bool {
    if case .unknown(let reason) = format(text) { return !reason.isEmpty }
    return false
  }

  /// GNU ld 2.47 begins the maps of ARM and RISC-V with the attributes that it merged.
  @Test func aMapMayBeginWithMergedAttributes() {
    #expect(format("\nMerging object attributes\n\n\n" + ReaderSamples.gnuMap) == .map(.gnuMap))
  }

  @Test func everyKindIsKnown() {
    #expect(format(ReaderSamples.gnuMap) == .map(.gnuMap))
    #expect(format(ReaderSamples.goldMap) == .map(.goldMap))
    #expect(format(ReaderSamples.lldMap) == .map(.lldMap))
    #expect(format(ReaderSamples.moldMap) == .map(.moldMap))
    #expect(format(ReaderSamples.nmBSD) == .nmBSD)
    #expect(format(ReaderSamples.nmPosix) == .nmPosix)
    #expect(format(ReaderSamples.nmSysV) == .nmSysV)
    #expect(format(ReaderSamples.xen) == .xenSymbols)
    #expect(format("{\"profile\":\"xen-x86\"}") == .jsonConfig)
    for (name, expected) in [
      ("tiny64.elf", FileFormat.elf), ("tiny.exe", .peImage), ("tiny.obj", .coffObject),
      ("tiny.a", .archive), ("tiny.map.gz", .gzip),
    ] {
      let buffer = SourceBuffer(path: FilePath(name), bytes: ReaderSamples.fixture(name))
      #expect(FormatRecognizer.recognize(buffer) == expected, "\(name)")
    }
  }

  @Test(arguments: [
    "SECTIONS { .text : { *(.text) } }", "/* a */\n#include <x.h>\nENTRY(start)\n", "x = 5;",
    ". = 0x1000;\nSECTIONS {}", "OUTPUT_FORMAT(\"elf64-x86-64\")", "INCLUDE other.ld\n",
    "ASSERT(1, \"m\")", "jiffies = jiffies_64;\nPHDRS { a PT_LOAD; }",
    "# 1 \"a.S\"\nMEMORY\n{ R : o = 0, l = 1 }",
    "SOME_MACRO(x)\nSECTIONS\n{\n}", "\"quoted\" = 1;", "x += 1;",
  ])
  func scriptsAreScripts(text: String) {
    #expect(format(text) == .script)
  }

  @Test(arguments: [
    "", "   \n\n", "hello world\n", "# Title\n\nThis is about SECTIONS { } in scripts.\n",
    "int main(void) { return 0; }\n", "#!/bin/sh\nA=1\nB=2\n", "key = value\nother = value\n",
    "foo(bar);\n", "f1\nf2\n", "{ global: f; };\n", "0x1000 is a number\n",
    "/* only a comment */\n",
    "def f():\n  pass\n", "MZ but text", "a T\n", "\u{1}\u{2}\u{0}binary",
  ])
  func whatFitsNothingIsUnknown(text: String) {
    #expect(isUnknown(text), "\(format(text))")
  }

  @Test func compressedKindsSayHowToUnpack() {
    let xz = SourceBuffer(path: FilePath("x"), bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])
    guard case .unknown(let reason) = FormatRecognizer.recognize(xz) else {
      Issue.record("xz was taken for something")
      return
    }
    #expect(reason.contains("xz -dk"))
  }
}
