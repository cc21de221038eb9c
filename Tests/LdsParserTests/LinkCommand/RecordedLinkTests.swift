// Link commands as they are recorded.

import LdsParser
import Testing

@Suite struct RecordedLinkTests {
  private func read(_ text: String, _ path: String = "/b/.x.cmd") throws -> RecordedLink {
    try RecordedLink(Array(text.utf8), path: FilePath(path))
  }

  @Test func readsKbuildsRecord() throws {
    let link = try read(
      "savedcmd_u-boot := aarch64-linux-gnu-ld.bfd -pie --gc-sections -o u-boot -T u-boot.lds \\\n  "
        + "arch/start.o --whole-archive built-in.a --no-whole-archive -Map u-boot.map; true\n\n"
        + "source_u-boot := x\n", "/src/.u-boot.cmd")
    #expect(link.target?.display == "u-boot")
    #expect(link.command.workingDirectory.display == "/src")
    #expect(link.command.linker == .bfd)
    #expect(link.command.scripts.map(\.display) == ["u-boot.lds"])
    #expect(link.command.map == .file(FilePath("u-boot.map")))
    #expect(link.command.inputs.count == 2)
  }

  @Test func readsTheKernelsScript() throws {
    let link = try read(
      "cmd_vmlinux := scripts/link-vmlinux.sh \"ld\" \"-m elf_x86_64 -z noexecstack\" \"-z "
        + "max-page-size=0x200000 --emit-relocs --build-id=sha1\" vmlinux; true\n",
      "/l/.vmlinux.cmd")
    #expect(link.impliedScripts.first?.display == "arch/x86/kernel/vmlinux.lds")
    #expect(link.command.output.display == "vmlinux")
    let settings = LinkSettings(link.command)
    #expect(settings.constant(Array("MAXPAGESIZE".utf8), dialect: .bfd) == 0x20_0000)
    #expect(settings.isComplete)
  }

  @Test(arguments: [
    "cd build/x && : && arm-none-eabi-gcc -Wl,-T,board.ld a.o -o 'f w.elf' && :",
    "[10/10] : && cd build/x && ccache /usr/bin/arm-none-eabi-gcc -T board.ld a.o -o \"f w.elf\"",
    "arm-none-eabi-gcc -c z.c -o z.o\nLANG=C arm-none-eabi-ld -r z.o -o zz.o\ncd build/x;arm-none-eabi-ld a.o "
      + "\\\n -Tboard.ld -o f\\ w.elf\nobjcopy f x",
    "cd build/x; lds-check wrap -- arm-none-eabi-ld -T board.ld -o 'f w.elf' a.o",
  ])
  func readsCopiedLines(_ line: String) throws {
    let link = try read(line, "line.txt")
    #expect(link.command.scripts.map(\.display) == ["board.ld"])
    #expect(link.command.output.display == "f w.elf")
    #expect(link.command.workingDirectory.display == "build/x")
    #expect(link.command.inputs == [LinkInput(.file(FilePath("a.o")))])
  }

  @Test func readsArgumentsAlone() throws {
    let driver = try read("-mcpu=cortex-m4 -Wl,--defsym=a=1 -T s.ld a.o", "x.rsp")
    #expect(driver.command.kind == .driver(.gcc))
    let linker = try read("-T s.ld\na.o 'b c.o'", "x.rsp")
    #expect(linker.command.kind == .linker(.unnamed))
    #expect(linker.command.inputs.count == 2)
  }

  @Test(arguments: ["", "hello", "cmd_x := cp a b", "gcc -c a.c", "cmd_a.o := gcc -c a.c\n"])
  func refusesWhatDoesNotLink(_ text: String) {
    #expect(throws: ReadError.self) { try read(text) }
  }
}
