// Random command lines, each given to a linker: what it made where is what the words say.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct LinkEffectsTests {
  static let script = """
    mp = CONSTANT(MAXPAGESIZE); cp = CONSTANT(COMMONPAGESIZE);
    zz = 4;
    SECTIONS {
      .text 0x1000 : { *(.text .text.*) }
      .data : { *(.data) }
      .bss : { *(.bss) }
      st = SEGMENT_START("text", 0x77);
      ss = SEGMENT_START("text-segment", 0x10000000);
      rs = SEGMENT_START("rodata-segment", 0x79);
    }
    fin = zz; w = f1;
    """

  /// Words for options, each in a spelling of its own.
  private static func words(_ random: inout SeededGenerator, isBFD: Bool) -> [String] {
    let size = "0x" + String(1 << (10 + random.below(12)), radix: 16)
    let address = String(0x1000 * (2 + random.below(40)), radix: 16)
    let number = "\(random.below(90))"
    let both: [[String]] = [
      ["-z", "max-page-size=\(size)"], ["-zmax-page-size=\(size)"],
      ["-z", "common-page-size=\(size)"], ["-Ttext=\(address)"], ["-Ttext", "0x\(address)"],
      ["--defsym=zz=\(number)"], ["--defsym", "zz=\(number)"],
      ["--section-start=.bss=\(address)"], ["--section-start", ".bss=0x\(address)"],
      ["-e", "f1"], ["--entry=f1"], ["-o", "x\(number)"], ["-ox\(number)"],
      ["--output=x\(number)"], ["-Map=m\(number)"], ["-Map", "m\(number)"], ["-N"], ["-n"],
      ["--build-id"], ["--gc-sections", "-u", "f1"], ["-O1"], ["-q"],
      ["--wrap=f1", "--defsym=__wrap_f1=\(number)"], ["-s"], ["--no-demangle"], ["-omagic"],
      ["-L", "x\(number)"], ["-Lx\(number)"],
      ["-l:a.o"], ["-y", "f1"], ["--sort-section=name"], ["--noinhibit-exec"], ["-ef1"],
    ]
    let bfd: [[String]] = [
      ["-Tdat=\(address)"], ["-entr=f1"], ["-Ma=m\(number)"], ["-oformat"], ["-Trod=\(address)"],
      ["-Ttext-segment", address], ["-defs=zz=\(number)"], ["-nN"], ["--omag"], ["-build=md5"],
      ["-section-start", ".bss=\(address)"], ["-rpath", "y\(number)"],
    ]
    return random.pick(isBFD ? both + bfd : both) ?? []
  }

  private struct Case {
    var words: [String]
    var settings: LinkSettings
    var command: LinkCommand
  }

  @Test(arguments: ["ld", "ld.lld"]) func ownWordsDoWhatTheyAreSaidToDo(_ linker: String) throws {
    guard (try? ProgramRun.tool("/usr/bin/env", [linker, "--version"]).status) == 0 else { return }
    let isBFD = linker == "ld"
    var random = SeededGenerator(seed: 1807)
    let folder = try TemporaryFolder()
    try folder.write("s.ld", Self.script)
    try folder.write("a.s", ".globl f1\nf1: .byte 1\n.data\n.byte 2\n.bss\n.zero 8\n")
    let count = 70
    var cases: [Case] = []
    var line = "gcc -c a.s -o a.o; "
    for index in 0..<count {
      var words = [["a.o", "-L", ".."]]
      for _ in 0..<(1 + random.below(5)) { words.append(Self.words(&random, isBFD: isBFD)) }
      let script = random.pick([["-T", "../s.ld"], ["-T../s.ld"], ["--script=../s.ld"]]) ?? []
      words.insert(script, at: 1 + random.below(words.count))
      let flat = words.flatMap { $0 }.map { $0 == "a.o" ? "../a.o" : $0 }
      let command = try #require(
        LinkCommand([Array(linker.utf8)] + flat.map { Array($0.utf8) }))
      cases.append(Case(words: flat, settings: LinkSettings(command), command: command))
      line +=
        "mkdir \(index); (cd \(index); \(linker) \(flat.joined(separator: " ")) >/dev/null 2>log; echo \"rc $?\"; ls; "
        + "nm -n \(command.output.display) 2>/dev/null; readelf -h \(command.output.display) 2>/dev/null | grep Entry) "
        + ">\(index).txt; "
    }
    _ = try ProgramRun.shell(line, folder: folder.path)
    var accepted = 0
    for (index, one) in cases.enumerated() {
      let text = folder.text("\(index).txt") ?? ""
      guard text.hasPrefix("rc 0") else { continue }
      accepted += 1
      try compare(one, text.split(separator: "\n").map(String.init), isBFD)
    }
    #expect(accepted > count / 2)
  }

  private func compare(_ one: Case, _ lines: [String], _ isBFD: Bool) throws {
    let said = one.words.joined(separator: " ")
    #expect(lines.contains(one.command.output.display), "\(said): \(lines)")
    if case .file(let map)? = one.command.map { #expect(lines.contains(map.display), "\(said)") }
    var values: [String: UInt64] = [:]
    for line in lines {
      let parts = line.split(separator: " ")
      if parts.count == 3 { values[String(parts[2])] = UInt64(parts[0], radix: 16) }
    }
    guard !values.isEmpty else { return }
    let dialect: LinkerDialect = isBFD ? .bfd : .lld
    var settings = one.settings
    settings.defaultPageSizes = PageSizes(machine: 62, dialect: dialect)
    for (symbol, name) in [("mp", "MAXPAGESIZE"), ("cp", "COMMONPAGESIZE")] {
      if let value = settings.constant(Array(name.utf8), dialect: dialect) {
        #expect(values[symbol] == value, "\(said)")
      } else {
        #expect(isBFD)
      }
    }
    let segments: [(String, String, UInt64)] = [
      ("st", "text", 0x77), ("ss", "text-segment", 0x1000_0000), ("rs", "rodata-segment", 0x79),
    ]
    for (symbol, name, preset) in segments where isBFD {
      switch settings.segmentStart(Array(name.utf8), default: preset) {
      case .option(let value): #expect(values[symbol] == value, "\(said)")
      case .script: #expect(values[symbol] == preset, "\(said)")
      case .unknown: Issue.record("\(said): \(name)")
      }
    }
    let last = settings.definitions.last { $0.symbol == Array("zz".utf8) && !$0.isBeforeScript }
    let zz = last.flatMap { UInt64(String(decoding: $0.expression, as: UTF8.self)) } ?? 4
    #expect(values["zz"] == zz, "\(said)")
  }
}
