// Objects and archives as a linker reads them, made by the assembler that is installed; damaged ones end in an error.

import LdsParser
import TestSupport
import Testing

@Suite struct ObjectFileTests {
  /// A class and a byte order, with an assembler that makes them.
  struct Target: Sendable, CustomTestStringConvertible {
    let tool: String
    let options: [String]
    let is64Bit: Bool
    let isBigEndian: Bool

    var testDescription: String { "\(tool) \(options.joined(separator: " "))" }
    var isInstalled: Bool { ExternalTool.path(tool) != nil }
  }

  static let targets = [
    Target(tool: "as", options: ["--64"], is64Bit: true, isBigEndian: false),
    Target(tool: "as", options: ["--32"], is64Bit: false, isBigEndian: false),
    Target(tool: "arm-none-eabi-as", options: ["-mbig-endian"], is64Bit: false, isBigEndian: true),
    Target(
      tool: "mips-linux-gnu-as", options: ["-mabi=64", "-EB"], is64Bit: true, isBigEndian: true),
  ].filter(\.isInstalled)

  private static let source = """
    .section .text.f,"ax"
    .balign 8
    .globl f
    f: .skip 5
    local: .skip 3
    .section .rodata.s,"aMS",%progbits,1
    .asciz "hello"
    .section .data,"aw"
    .balign 4
    .word f
    .section .bss.b,"aw",%nobits
    .skip 0x30
    .comm shared,24,16
    .weak w
    .section .data
    .word w
    .section .text.g,"axG",%progbits,sig,comdat
    .weak g
    g: .skip 1

    """

  private static func object(_ target: Target, _ names: inout NameTable) throws -> ObjectFile {
    let folder = try TemporaryFolder()
    try folder.write("a.s", source)
    let run = try ProgramRun.tool(
      target.tool, target.options + ["a.s", "-o", "a.o"], folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    return try ObjectFile(folder.buffer("a.o"), names: &names)
  }

  @Test(arguments: targets)
  func aClassAndAByteOrder(_ target: Target) throws {
    var names = NameTable()
    let object = try Self.object(target, &names)
    #expect(object.is64Bit == target.is64Bit)
    #expect(object.isBigEndian == target.isBigEndian)
    func section(_ name: String) throws -> ObjectSection {
      try #require(object.sections.first { names.string($0.name) == name })
    }
    let code = try section(".text.f")
    #expect(code.size == 8)
    #expect(code.alignmentPower == 3)
    #expect(code.flags & 7 == ObjectSection.Flag.allocate | ObjectSection.Flag.execute)
    #expect(try object.contents(of: section(".rodata.s")) == Array("hello\0".utf8))
    #expect(try section(".rodata.s").entrySize == 1)
    #expect(try section(".bss.b").type == ObjectSection.Kind.noBits)
    #expect(try object.contents(of: section(".bss.b")).isEmpty)
    // Tables of symbols, names and relocations are no sections to a linker.
    #expect(!object.sections.contains { [".symtab", ".strtab"].contains(names.string($0.name)) })
    let relocations = try object.relocations(of: section(".data"))
    #expect(relocations.map { names.string(object.symbols[$0.symbol].name) } == ["f", "w"])
    let group = try #require(object.groups.first)
    #expect(group.isComdat)
    #expect(names.string(group.signature) == "sig")
    #expect(try group.members.contains(section(".text.g").index))
  }

  @Test(arguments: targets)
  func symbols(_ target: Target) throws {
    var names = NameTable()
    let object = try Self.object(target, &names)
    func symbol(_ name: String) throws -> ObjectSymbolEntry {
      try #require(object.symbols.first { names.string($0.name) == name })
    }
    #expect(try symbol("f").binding == 1)
    #expect(try symbol("local").binding == 0)
    #expect(try symbol("local").value == 5)
    #expect(try symbol("w").place == .undefined)
    #expect(try symbol("w").binding == 2)
    #expect(try symbol("shared").place == .common)
    #expect(try symbol("shared").size == 24)
    #expect(try symbol("shared").value == 16)
  }

  @Test(
    .enabled(if: ExternalTool.path("as") != nil && ExternalTool.path("ar") != nil),
    arguments: [false, true])
  func archives(_ isThin: Bool) throws {
    let folder = try TemporaryFolder()
    for name in ["first", "a_name_that_is_too_long_for_a_header"] {
      try folder.write("\(name).s", ".globl \(name)\n\(name): .byte 1\n.globl both\n.comm both,4\n")
      _ = try ProgramRun.tool("as", ["\(name).s", "-o", "\(name).o"], folder: folder.path)
    }
    let objects = ["first.o", "a_name_that_is_too_long_for_a_header.o"]
    _ = try ProgramRun.tool(
      "ar", [isThin ? "rcsT" : "rcs", "lib.a"] + objects, folder: folder.path)
    var names = NameTable()
    let archive = try ObjectArchive(folder.buffer("lib.a"), names: &names)
    #expect(archive.isThin == isThin)
    #expect(archive.members.map { String(decoding: $0.name, as: UTF8.self) } == objects)
    let index = archive.index.map { "\(names.string($0.symbol)) \($0.member)" }
    #expect(index.contains("first 0"))
    #expect(index.contains("a_name_that_is_too_long_for_a_header 1"))
    guard !isThin else { return }
    let object = try archive.object(archive.members[0], names: &names)
    #expect(object.symbols.contains { names.string($0.name) == "first" })
  }

  @Test func otherFilesAreRefused() throws {
    var names = NameTable()
    #expect(throws: ReadError.self) {
      _ = try ObjectFile(SourceBuffer(name: "x", text: "not an object"), names: &names)
    }
  }

  /// Every cut, and every byte of the headers turned over: an object or an error, nothing else.
  @Test(arguments: targets)
  func damage(_ target: Target) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.source)
    _ = try ProgramRun.tool(
      target.tool, target.options + ["a.s", "-o", "a.o"], folder: folder.path)
    let buffer = try folder.buffer("a.o")
    let bytes = buffer.bytes(in: 0..<buffer.count)
    var refused = 0
    func read(_ bytes: [UInt8]) {
      var names = NameTable()
      guard
        let object = try? ObjectFile(
          SourceBuffer(path: FilePath("a.o"), bytes: bytes), names: &names)
      else {
        refused += 1
        return
      }
      for section in object.sections {
        _ = try? object.contents(of: section)
        _ = try? object.relocations(of: section)
      }
    }
    for count in stride(from: 0, to: bytes.count, by: 7) { read(Array(bytes[..<count])) }
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0xFF
      read(changed)
    }
    #expect(refused > 0)
  }
}
