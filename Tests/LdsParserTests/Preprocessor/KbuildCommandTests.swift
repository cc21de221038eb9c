// Commands as kbuild records them.

import LdsParser
import TestSupport
import Testing

@Suite struct KbuildCommandTests {
  static let xen = #"""
    cmd_arch/x86/xen.lds := gcc -E -P -MMD -MP -MF arch/x86/.xen.lds.d -m64 -DBUILD_ID -Wall -O1 -nostdinc -D__XEN__ -include /src/xen/include/xen/config.h -I./include -I/src/xen/include -fpic '-D__OBJECT_LABEL__=arch/x86/xen.lds' -DNAME=\"a\ b\" -DEFI -MQ arch/x86/xen.lds -o arch/x86/xen.lds /src/xen/arch/x86/xen.lds.S

    source_arch/x86/xen.lds := /src/xen/arch/x86/xen.lds.S

    deps_arch/x86/xen.lds := \
        $(wildcard include/config/efi.h) \
      /src/xen/include/xen/config.h \
      include/generated/autoconf.h \
    """#

  private func read(_ text: String, _ path: String) throws -> KbuildCommand {
    try KbuildCommand(Array(text.utf8), path: FilePath(path))
  }

  @Test func readsXensCommand() throws {
    let command = try read(Self.xen, "/build/arch/x86/.xen.lds.cmd")
    #expect(command.target.display == "arch/x86/xen.lds")
    #expect(command.compiler.display == "gcc")
    #expect(command.scriptPath.display == "/src/xen/arch/x86/xen.lds.S")
    #expect(
      command.dependencies.map(\.display)
        == ["/src/xen/include/xen/config.h", "include/generated/autoconf.h"])
    let options = command.options
    #expect(options.language == .assembler)
    #expect(options.workingDirectory.display == "/build")
    #expect(options.folders.map(\.display) == ["./include", "/src/xen/include"])
    #expect(options.includedFiles.map(\.display) == ["/src/xen/include/xen/config.h"])
    #expect(
      options.definitions.map { definition in
        switch definition {
        case .define(let text): String(decoding: text, as: UTF8.self)
        case .undefine(let name): "-U" + String(decoding: name, as: UTF8.self)
        }
      } == [
        "BUILD_ID", "__XEN__",
        "__OBJECT_LABEL__=arch/x86/xen.lds", "NAME=\"a b\"", "EFI",
      ])
    let implied = ["__OPTIMIZE__=1", "__pic__=1", "__PIC__=1"]
    #expect(options.impliedDefinitions == implied.map { .define(Array($0.utf8)) })
    #expect(!command.usesStandardFolders)
    #expect(!command.knowsTarget)
    #expect(
      command.predefinedQuery.map { String(decoding: $0, as: UTF8.self) }
        == [
          "-m64", "-O1", "-fpic", "-nostdinc", "-dM", "-E", "-x", "assembler-with-cpp", "/dev/null",
        ])
  }

  @Test func readsACopiedCommandLineAndItsResponseFile() throws {
    let command = try KbuildCommand(
      Array("  LD x\n'gcc' -E -P @flags -DA=1 bl31.ld.S -o bl31.ld\n".utf8),
      path: FilePath("/tmp/line")
    ) { $0.display == "flags" ? Array("-DB='1 2'\n-iprefix p/ -iwithprefix q".utf8) : nil }
    #expect(command.scriptPath.display == "bl31.ld.S")
    #expect(
      command.options.definitions == ["B=1 2", "A=1"].map { .define(Array($0.utf8)) })
    #expect(command.options.afterFolders.map(\.display) == ["p/q"])
  }

  @Test func readsAssemblerTextAsCUnderAnsi() throws {
    let command = try read("cmd_a.lds := mips-linux-gnu-gcc -E -ansi -std=c99 a.S\n", "/.a.lds.cmd")
    #expect(command.options.language == .c)
    for name in ["mips", "linux", "unix", "MIPSEB"] {
      #expect(command.options.impliedDefinitions.contains(.undefine(Array(name.utf8))), "\(name)")
    }
    let plain = try read("cmd_a.lds := gcc -E -std=c99 a.S\n", "/.a.lds.cmd")
    #expect(plain.options.language == .assembler)
    #expect(!plain.options.impliedDefinitions.contains(.undefine(Array("linux".utf8))))
  }

  @Test func retargetsTheTable() throws {
    var command = try read("cmd_a.lds := gcc -E -m32 a.S\n", "/.a.lds.cmd")
    command.retarget(.powerpc64)
    guard case .target(.powerpc) = command.options.predefined else {
      Issue.record("\(command.options.predefined)")
      return
    }
  }

  /// Command file, target, and the folder that kbuild ran in; nil where it cannot be told.
  static let folders: [(file: String, target: String, folder: String?)] = [
    ("/b/arch/x86/.xen.lds.cmd", "arch/x86/xen.lds", "/b"),
    ("arch/x86/.xen.lds.cmd", "arch/x86/xen.lds", ""),
    ("./arch/x86/.xen.lds.cmd", "./arch/x86/xen.lds", ""),
    (".xen.lds.cmd", "arch/x86/xen.lds", "../.."), ("x86/.xen.lds.cmd", "arch/x86/xen.lds", ".."),
    ("/.a.lds.cmd", "a.lds", "/"), ("/b/other/.xen.lds.cmd", "arch/x86/xen.lds", nil),
    ("/b/arch/.a.lds.cmd", "/else/a.lds", nil),
  ]

  @Test(arguments: folders.indices)
  func findsTheFolderOfTheBuild(row: Int) throws {
    let (file, target, folder) = Self.folders[row]
    let command = try read("savedcmd_\(target) := cc -E a.lds.S\n", file)
    #expect(command.knowsWorkingDirectory == (folder != nil))
    if let folder { #expect(command.options.workingDirectory.display == folder) }
  }

  @Test func undoesTheEscapesOfMakeAndShell() throws {
    let command = try read(
      #"cmd_a := mkdir -p x; /opt/bin/aarch64-none-elf-gcc -E -Wp,-MMD,.d -Wp,-DP=1 -x c -D 'Q=$(pound)$$x' -U R "-DS=\"t\"" b.c && true"#,
      ".a.cmd")
    #expect(command.compiler.display == "/opt/bin/aarch64-none-elf-gcc")
    #expect(command.knowsTarget)
    #expect(command.options.language == .c)
    let texts = command.options.definitions.compactMap { definition -> String? in
      if case .define(let text) = definition { return String(decoding: text, as: UTF8.self) }
      return nil
    }
    #expect(texts == ["P=1", "Q=#$x", "S=\"t\""])
    guard case .target(.aarch64) = command.options.predefined else {
      Issue.record("not aarch64")
      return
    }
  }

  @Test(arguments: ["", "a b c", "cmd_x := rm -f y", "cmd_x := gcc -E -P"])
  func refusesOtherFiles(text: String) {
    #expect(throws: ReadError.self) { try read(text, ".x.cmd") }
  }

  @Test func namesCandidates() {
    let names = KbuildCommand.candidates(for: FilePath("arch/x86/xen.lds.S")).map(\.display)
    #expect(
      names == ["arch/x86/.xen.lds.cmd", "arch/x86/.xen.lds.S.cmd", "arch/x86/.efi.lds.cmd"])
    #expect(
      KbuildCommand.candidates(for: FilePath("vmlinux.lds")).map(\.display) == [".vmlinux.lds.cmd"])
  }
}
