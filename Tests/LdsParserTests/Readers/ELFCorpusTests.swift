// The image readers against nm and objdump on files that real compilers, assemblers and linkers make.

import Foundation
import LdsParser
import TestSupport
import Testing

/// Symbols in the form of `nm -p`.
func nmRows(_ image: Image) -> [String] {
  image.symbols.records.map { record in
    let digits = image.is32Bit == true ? 8 : 16
    let hex = String(image.listedValue(record), radix: 16)
    let value =
      record.place == .undefined
      ? String(repeating: " ", count: digits)
      : String(repeating: "0", count: max(0, digits - hex.count)) + hex
    return "\(value) \(String(UnicodeScalar(record.letter))) \(image.symbols.name(record))"
  }
}

/// `name size vma lma alignment` of each section, as `objdump -h -w` lists them.
func objdumpRows(_ text: String, _ withAlignment: Bool) -> [String] {
  text.split(separator: "\n").compactMap { line in
    let words = line.split(separator: " ").map(String.init)
    guard words.count >= 7, Int(words[0]) != nil, words[6].hasPrefix("2**") else { return nil }
    return ([words[1]] + words[2...4].map(trimZeros) + (withAlignment ? [words[6]] : []))
      .joined(separator: " ")
  }
}

private func trimZeros(_ hex: String) -> String {
  let digits = hex.drop { $0 == "0" }
  return digits.isEmpty ? "0" : String(digits)
}

func sectionRows(_ image: Image, _ withAlignment: Bool) -> [String] {
  image.outputSections.map { section in
    let shift = section.alignment.map { "2**\($0.trailingZeroBitCount)" } ?? "?"
    return
      ([String(decoding: section.name, as: UTF8.self)]
      + [section.size, section.vma ?? 0, section.lma ?? 0].map {
        String(image.is32Bit == true ? $0 & 0xffff_ffff : $0, radix: 16)
      }
      + (withAlignment ? [shift] : [])).joined(separator: " ")
  }
}

/// The rows that only one side has, for a failing test to show.
func differences(_ ours: [String], _ theirs: [String]) -> [String] {
  if ours == theirs { return [] }
  let rows =
    ours.filter { !theirs.contains($0) }.map { "ours: " + $0 }
    + theirs.filter { !ours.contains($0) }.map { "theirs: " + $0 }
  return rows.isEmpty ? ["the same rows in another order"] : rows
}

@Suite(.enabled(if: ExternalTool.path("nm") != nil, "needs nm"))
struct ELFCorpusTests {
  static let installed = [
    "/usr/lib/x86_64-linux-gnu/crt1.o", "/usr/lib/x86_64-linux-gnu/crti.o", "/bin/ls",
    "/usr/lib/x86_64-linux-gnu/libc.so.6",
  ].filter { FileManager.default.fileExists(atPath: $0) }

  @Test(arguments: installed)
  func installedFilesEqualNM(path: String) throws {
    let nm = try #require(ExternalTool.path("nm"))
    let image = try ImageReader.read(try FileInput.read(FilePath(path)))
    let isStripped = image.diagnostics.contains { $0.id == "stripped-image" }
    let options = isStripped ? ["-D", "--without-symbol-versions", "-p"] : ["-p"]
    let rows = try ExternalTool.run(nm, options + [path])
    #expect(nmRows(image) == rows.lines)
  }

  /// A tool chain: prefix of its tools, options of the assembler, the emulation or options of each linker.
  struct Chain: CustomTestStringConvertible, Sendable {
    var prefix: String
    var assembler: [String] = []
    var linkers: [[String]]
    var dialect = Dialect.plain
    var testDescription: String { prefix + assembler.joined() }

    enum Dialect { case plain, arm, mips, pe }

    /// Its own linker links, if that is installed; without any the test is skipped by name.
    func expectComparisons(_ count: Int) throws {
      #expect(count > 0 || !ExternalTool.has(linkers[0][0]))
      if count == 0 { try Test.cancel("no linker for \(testDescription)") }
    }

    var isInstalled: Bool {
      ExternalTool.path(prefix + "as") != nil && ExternalTool.path(prefix + "nm") != nil
    }
  }

  static let chains = [
    Chain(
      prefix: "",
      linkers: [["ld"], ["ld.gold"], ["ld.lld"], ["mold"], ["ld", "-r"], ["ld", "-q"]]),
    Chain(
      prefix: "", assembler: ["--32"],
      linkers: [
        ["ld", "-melf_i386"], ["ld.gold"], ["ld.lld", "-melf_i386"], ["mold", "-melf_i386"],
      ]),
    Chain(
      prefix: "", assembler: ["--x32"],
      linkers: [["ld", "-melf32_x86_64"], ["ld.lld", "-melf32_x86_64"]]),
    Chain(prefix: "aarch64-linux-gnu-", linkers: [["aarch64-linux-gnu-ld"], ["ld.lld"], ["mold"]]),
    Chain(
      prefix: "aarch64-linux-gnu-", assembler: ["-EB"], linkers: [["aarch64-linux-gnu-ld", "-EB"]]),
    Chain(prefix: "riscv64-linux-gnu-", linkers: [["riscv64-linux-gnu-ld"], ["ld.lld"], ["mold"]]),
    Chain(
      prefix: "arm-linux-gnueabi-",
      linkers: [["arm-linux-gnueabi-ld"], ["arm-linux-gnueabi-ld.gold"], ["ld.lld"]],
      dialect: .arm),
    Chain(
      prefix: "arm-none-eabi-", assembler: ["-mbig-endian"],
      linkers: [["arm-none-eabi-ld", "-EB"]],
      dialect: .arm),
    Chain(
      prefix: "powerpc-linux-gnu-",
      linkers: [["powerpc-linux-gnu-ld"], ["powerpc-linux-gnu-ld.gold"], ["ld.lld"]]),
    Chain(prefix: "powerpc64-linux-gnu-", linkers: [["powerpc64-linux-gnu-ld"]]),
    Chain(prefix: "powerpc64le-linux-gnu-", linkers: [["powerpc64le-linux-gnu-ld"], ["ld.lld"]]),
    Chain(
      prefix: "mips-linux-gnu-",
      linkers: [["mips-linux-gnu-ld"], ["mips-linux-gnu-ld", "-Ttext", "0x80001000"], ["ld.lld"]],
      dialect: .mips),
    Chain(prefix: "mipsel-linux-gnu-", linkers: [["mipsel-linux-gnu-ld"]], dialect: .mips),
    Chain(
      prefix: "mips64-linux-gnuabi64-", linkers: [["mips64-linux-gnuabi64-ld"]], dialect: .mips),
    Chain(
      prefix: "mips64-linux-gnuabin32-", linkers: [["mips64-linux-gnuabin32-ld"]], dialect: .mips),
    Chain(
      prefix: "s390x-linux-gnu-", linkers: [["s390x-linux-gnu-ld"], ["s390x-linux-gnu-ld.gold"]]),
    Chain(prefix: "sparc64-linux-gnu-", linkers: [["sparc64-linux-gnu-ld"]]),
    Chain(prefix: "m68k-linux-gnu-", linkers: [["m68k-linux-gnu-ld"]]),
    Chain(prefix: "sh4-linux-gnu-", linkers: [["sh4-linux-gnu-ld"]]),
    Chain(prefix: "hppa-linux-gnu-", linkers: [["hppa-linux-gnu-ld"]]),
    Chain(prefix: "x86_64-w64-mingw32-", linkers: [["x86_64-w64-mingw32-ld"]], dialect: .pe),
    Chain(prefix: "i686-w64-mingw32-", linkers: [["i686-w64-mingw32-ld"]], dialect: .pe),
  ].filter(\.isInstalled)

  /// An assembly source that every GNU assembler takes, with one symbol of each kind.
  static func source(_ dialect: Chain.Dialect) -> String {
    let typed = dialect != .pe
    let weak = dialect == .pe ? "" : ".weak wk\nwk: .long 0\n.weak wu\n.long wu\n"
    let elf = """
      .section .note.x,"",%progbits
      n0: .long 1
      .section .debug_x,"",%progbits
      dbg: .long 1
      .section .tdata,"awT",%progbits
      .globl tls
      tls: .long 3
      .section .tbss,"awT",%nobits
      tlsb: .long 0
      .globl uniq
      .data
      .type ob,%object
      .size ob,4
      .globl ob
      ob: .long 2
      .weak wo
      .type wo,%object
      wo: .long 1
      .hidden hid
      .globl hid
      hid: .long 1

      """
    // The lowest bit of a Thumb function's address says what it is.
    let thumb =
      dialect == .arm
      ? ".text\n.balign 4\n.thumb\n.globl th\n.type th,%function\n.thumb_func\nth: nop\nnop\n" : ""
    let small =
      dialect == .mips
      ? ".section .sdata\n.globl sd\nsd: .long 1\n.section .sbss\n.globl sb\nsb: .space 4\n" : ""
    return """
      .text
      .globl _start
      .globl f1
      _start: .space 64
      f1: .long 0
      loc: .long 0
      \(weak)
      .data
      d0: .long 1
      .globl a_very_long_symbol_name_indeed
      a_very_long_symbol_name_indeed: .long 3
      .bss
      b0: .space 16
      .globl b1
      b1: .space 16
      .comm cc,8,8
      .section .rodata\(typed ? ",\"a\",%progbits" : "")
      r0: .long 1
      .globl r1
      r1: .long 2
      .globl absym
      .set absym, 0x1234
      .set labs, 0x34
      .globl hiabs
      .set hiabs, 0x90000000

      """ + (typed ? elf : "") + small + thumb
  }

  @Test(arguments: chains)
  func symbolsAndSectionsEqualNMAndObjdump(chain: Chain) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.source(chain.dialect))
    let at = URL(fileURLWithPath: folder.path)
    let assembler = try #require(ExternalTool.path(chain.prefix + "as"))
    let made = try ExternalTool.run(assembler, chain.assembler + ["a.s", "-o", "a.o"], in: at)
    try #require(made.status == 0)
    try compare("a.o", chain, in: folder)
    var compared = 0
    for (index, linker) in chain.linkers.enumerated() {
      guard let program = ExternalTool.path(linker[0]) else { continue }
      let name = "linked\(index)"
      let options = linker.dropFirst() + ["-e", "_start", "a.o", "-o", name]
      let linked = try ExternalTool.run(program, Array(options), in: at)
      if linked.status != 0 { continue }
      try compare(name, chain, in: folder)
      compared += 1
    }
    try chain.expectComparisons(compared)
  }

  /// Section numbers from 0xff00 on stand in a table of their own.
  @Test(.enabled(if: ExternalTool.path("as") != nil, "needs as"))
  func sectionsAreManyMoreThanASymbolHasRoomFor() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      ".macro m\n.section .s\\@,\"a\"\nx\\@: .byte 0\n.endm\n.rept 65300\nm\n.endr\n"
        + ".globl last\nlast: .byte 1\n.globl absym\n.set absym, 0xfff1\n")
    let made = try ProgramRun.shell("as a.s -o a.o && nm -p a.o", folder: folder.path)
    try #require(made.status == 0, "\(made.errors)")
    let image = try ImageReader.read(try folder.buffer("a.o"))
    #expect(nmRows(image) == made.output.split(separator: "\n").map(String.init))
    let record = try #require(image.symbols.records.first { image.symbols.name($0) == "last" })
    guard case .section(let index) = record.place else {
      Issue.record("\(record.place)")
      return
    }
    #expect(String(decoding: image.outputSections[index].name, as: UTF8.self) == ".s65299")
  }

  private func compare(_ name: String, _ chain: Chain, in folder: TemporaryFolder) throws {
    let nm = try #require(ExternalTool.path(chain.prefix + "nm"))
    let objdump = try #require(ExternalTool.path(chain.prefix + "objdump"))
    let image = try ImageReader.read(try FileInput.read(FilePath(folder.path(name))))
    let isPE = chain.dialect == .pe
    let rows = try ExternalTool.run(nm, ["-p", folder.path(name)]).lines
    #expect(differences(nmRows(image), rows) == [], "\(name)")
    let listed = try ExternalTool.run(objdump, ["-h", "-w", folder.path(name)]).text
    #expect(differences(sectionRows(image, !isPE), objdumpRows(listed, !isPE)) == [], "\(name)")
  }
}
