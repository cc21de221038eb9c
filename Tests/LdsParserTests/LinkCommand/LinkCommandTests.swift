// Words of linkers and drivers.

import LdsParser
import Testing

@Suite struct LinkCommandTests {
  private func command(_ line: String, files: [String: String] = [:]) throws -> LinkCommand {
    let words = ShellWords.words(Array(line.utf8))
    return try #require(LinkCommand(words) { files[$0.display].map { Array($0.utf8) } })
  }

  private func inputs(_ command: LinkCommand) -> [String] {
    command.inputs.map { input in
      var text =
        switch input.name {
        case .file(let path): path.display
        case .library(let name): "-l" + String(decoding: name, as: UTF8.self)
        case .libraryFile(let name): "-l:" + String(decoding: name, as: UTF8.self)
        }
      if let group = input.group { text += " group \(group)" }
      if input.treatment.contains(.wholeArchive) { text += " whole" }
      if input.treatment.contains(.asNeeded) { text += " as-needed" }
      if input.treatment.contains(.archivesOnly) { text += " static" }
      if input.treatment.contains(.symbolsOnly) { text += " symbols" }
      return text
    }
  }

  @Test(arguments: [
    ("ld", LinkProgram.linker(.unnamed)), ("/usr/bin/aarch64-linux-gnu-ld.bfd", .linker(.bfd)),
    ("ld-2.44-arm", .linker(.unnamed)), ("ld.lld-19", .linker(.lld)), ("rust-lld", .linker(.lld)),
    ("mold", .linker(.mold)), ("x86_64-linux-gnu-ld.gold", .linker(.gold)),
    ("arm-none-eabi-gcc-12", .driver(.gcc)), ("arm-none-eabi-g++", .driver(.gcc)),
    ("cc", .driver(.gcc)), ("clang++-18", .driver(.clang)), ("rustc", .driver(.rustc)),
    ("gcc.exe", .driver(.gcc)),
  ])
  func knowsPrograms(_ name: String, _ program: LinkProgram) {
    #expect(LinkProgram(path: FilePath(name)) == program)
  }

  @Test(arguments: ["gcc-ar", "gcc-ranlib-12", "ldd", "objcopy", "ccache", "", "ld-linux.so", "as"])
  func knowsWhatIsNone(_ name: String) {
    #expect(LinkProgram(path: FilePath(name)) == nil)
  }

  @Test func readsALinkersOptions() throws {
    let line = """
      ld -melf_x86_64 -z max-page-size=0x200000 -zcommon-page-size=010000 -Tx.ld --defsym a=b=1 -Ttext 400000 \
      -Tdata=0x8000 --section-start .x=y=1F -o out -Map=m -M --build-id=sha1 -O2 --sort-section=name \
      --orphan-handling=error --gc-sections -N -q -s --wrap f --noinhibit-exec -u g -e start
      """
    let expected: [LinkOption] = [
      .emulation(Array("elf_x86_64".utf8)), .maximumPageSize(0x20_0000), .commonPageSize(0x1000),
      .script(FilePath("x.ld")),
      .definition(symbol: [0x61], expression: Array("b=1".utf8)),
      .segmentStart(Array("text".utf8), 0x40_0000), .segmentStart(Array("data".utf8), 0x8000),
    ]
    let read = try command(line)
    #expect(Array(read.options.prefix(7)) == expected)
    #expect(read.output == FilePath("out"))
    #expect(read.map == .standardOutput)
    #expect(read.scripts == [FilePath("x.ld")])
    // The address of `.x=y=1F` is no number: ld takes the name up to the first '='.
    #expect(read.items.contains(.unknown(["--section-start", ".x=y=1F"].map { Array($0.utf8) })))
    #expect(!read.makesImage)
  }

  @Test func keepsGroupsAndTreatment() throws {
    let read = try command(
      "ld a.o --start-group b.a -lc -( -l:x.a -) c.o --whole-archive d.a --push-state --as-needed -Bstatic -lm "
        + "--pop-state e.a --no-whole-archive -R sym.elf --start-group f.a --end-group -")
    #expect(
      inputs(read) == [
        "a.o", "b.a group 0", "-lc group 0", "-l:x.a group 0", "c.o", "d.a whole",
        "-lm whole as-needed static", "e.a whole", "sym.elf symbols", "f.a group 2", "-",
      ])
  }

  @Test func keepsUnknownOptionsInOrder() throws {
    let read = try command("ld --frobnicate -rpath /x a.o -y sym --no-such=1 b.o")
    let words: [LinkItem] = [
      .unknown([Array("--frobnicate".utf8)]),
      .unknown([Array("-rpath".utf8), Array("/x".utf8)]),
      .input(LinkInput(.file(FilePath("a.o")))),
      .unknown([Array("-y".utf8), Array("sym".utf8)]),
      .unknown([Array("--no-such=1".utf8)]),
      .input(LinkInput(.file(FilePath("b.o")))),
    ]
    #expect(read.items == words)
  }

  @Test func readsADriver() throws {
    let read = try command(
      "arm-none-eabi-gcc -mcpu=cortex-m3 -specs=nano.specs -Wl,--defsym=x=1,-z,max-page-size=4 -T s.ld a.o -lm "
        + "-Xlinker -Map=a,b.map -Xlinker --print-memory-usage -fuse-ld=lld -o fw.elf -x none @rsp -L lib",
      files: ["rsp": "'b c.o' -Wl,--gc-sections"])
    #expect(read.kind == .driver(.gcc))
    #expect(read.linker == .lld)
    #expect(inputs(read) == ["a.o", "-lm", "b c.o"])
    // gcc hands -T on behind everything else.
    #expect(
      read.options == [
        .output(FilePath("fw.elf")), .searchPath(FilePath("lib")),
        .definition(symbol: [0x78], expression: [0x31]), .maximumPageSize(4),
        .map(.file(FilePath("a,b.map"))), .printsMemoryUsage, .collectsGarbage(true),
        .script(FilePath("s.ld")),
      ])
    #expect(read.makesImage)
    #expect(try !command("gcc -c a.c -o a.o").makesImage)
    #expect(try !command("clang --version").makesImage)
  }

  @Test func clangForBareMetalHandsTheScriptOnFirst() throws {
    for (line, isBefore) in [
      ("clang --target=arm-none-eabi -Wl,--defsym=x=1 -T s.ld a.o", false),
      ("clang --target=x86_64-linux-gnu -Wl,--defsym=x=1 -T s.ld a.o", true),
      ("gcc -Wl,--defsym=x=1 -T s.ld a.o", true), ("ld -T s.ld --defsym=x=1 a.o", false),
      ("ld --defsym=x=1 -T s.ld a.o", true), ("ld --defsym=x=1 a.o", false),
    ] {
      let settings = LinkSettings(try command(line))
      #expect(settings.definitions.map(\.isBeforeScript) == [isBefore], "\(line)")
    }
  }

  @Test func readsRustc() throws {
    let read = try command(
      "rustc --crate-name fw src/main.rs --target thumbv7m-none-eabi -C link-arg=-Tlink.x -Clink-arg=--nmagic "
        + "-C 'link-args=--defsym a=1' -o target/fw")
    #expect(read.kind == .driver(.rustc))
    #expect(read.linker == .lld)
    #expect(read.scripts == [FilePath("link.x")])
    #expect(read.options.contains(.paging(.nmagic)))
    #expect(read.options.contains(.definition(symbol: [0x61], expression: [0x31])))
    let host = try command("rustc a.rs -C link-arg=-Wl,-z,max-page-size=8192")
    #expect(host.options == [.maximumPageSize(8192)])
    let flavoured = try command("rust-lld -flavor gnu -Tlink.x a.o")
    #expect(flavoured.items.count == 2)
  }

  @Test func looksForScriptsInTheFoldersOfL() throws {
    let read = try command("ld -L a -L/b -T s.ld x.o")
    #expect(
      read.candidates(forScript: FilePath("s.ld")).map(\.display) == ["s.ld", "a/s.ld", "/b/s.ld"])
  }
}
