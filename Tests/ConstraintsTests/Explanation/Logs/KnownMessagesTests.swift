// Messages of linkers that no small link brings about: none is taken for the text of an ASSERT, and none for another
// message.

import Constraints
import LdsParser
import Testing

struct KnownMessagesTests {
  @Test(arguments: [
    (
      "ld.lld: error: unable to place section .stack at file offset [0x1000, 0x20FFF]; check your linker script for overflows",
      "file-too-large"
    ),
    (
      "ld.lld: warning: address (0x1004) of section .text is not a multiple of alignment (16)",
      "section-misaligned"
    ),
    (
      "ld.lld: error: address assignment did not converge: section .text moved", "no-convergence"
    ),
    ("ld.lld: error: thunk creation not converged", "no-convergence"),
    (
      "ld.lld: error: section: .heap is not contiguous with other relro sections", "relro-apart"
    ),
    ("ld.lld: error: section '.a' cannot spill from/to /DISCARD/", "section-class"),
    ("ld.lld: error: cannot find version script a.ver", "missing-input"),
    ("ld.lld: error: unsupported e_machine value: 12", "wrong-format"),
    ("ld.lld: error: max-page-size: value isn't a power of 2", "page-sizes"),
    (
      "ld.lld: warning: attempt to reassign symbol 'f' of version 'V1' to version 'V2'",
      "version-script"
    ),
    ("ld: a.out: hidden symbol `f' in a.o is referenced by DSO", "hidden-reference"),
    ("ld: error: a.elf uses VFP register arguments, b.o does not", "wrong-format"),
    (
      "ld: error: Source object b.o has EABI version 0, but target a.elf has EABI version 5",
      "wrong-format"
    ),
    (
      "ld.lld: error: section '.text' address (0x1000) is smaller than image base (0x200000); specify --image-base",
      "below-image-base"
    ),
    (
      "ld.lld: warning: ignoring memory region assignment for non-allocatable section '.ARM.attributes'",
      "region-of-unallocated"
    ),
    ("ld.lld: error: s.ld:4: unknown section directive: DEFINED", "unknown-directive"),
    ("ld: a.o: ABI is incompatible with that of the selected emulation:", "wrong-format"),
    (
      "riscv64-ld: b.o: can't link soft-float modules with double-float modules", "wrong-format"
    ),
    (
      "ld: a.o(.text+0x4): unresolvable R_ARM_CALL relocation against symbol `f'",
      "dangerous-relocation"
    ),
    (
      "ld: a.o: dynamic STT_GNU_IFUNC symbol `f' with pointer equality in `b.o' can not be used when making an executable; recompile with -fPIE and relink with -pie",
      "code-model"
    ),
  ])
  func isTheMessageThatItIs(_ line: String, _ kind: String) {
    let log = LinkerLog(SourceBuffer(name: "ld.log", text: line + "\n"))
    #expect(log.messages.count == 1)
    for message in log.messages {
      #expect(LogExplanation(message, in: LogSubject(scripts: [])).kind?.rawValue == kind)
    }
  }

  @Test func whatTheLinkerSuggestsIsRepeated() throws {
    let text = """
      ld.lld: error: undefined symbol: memcpy
      >>> referenced by main.cpp:12
      >>> did you mean: memcpy_s

      """
    let log = LinkerLog(SourceBuffer(name: "ld.log", text: text))
    let message = try #require(log.messages.first)
    let next = try #require(LogExplanation(message, in: LogSubject(scripts: [])).next)
    #expect(next.hasPrefix("the linker knows 'memcpy_s': is it the same? Else link the object"))
  }

  @Test func howFarTheLocationCounterWouldGoBack() throws {
    for line in [
      "ld: x.ld:3 cannot move location counter backwards (from 00007dff to 00007dfe)",
      "ld.lld: error: x.ld:3: unable to move location counter (0x7dff) backward to 0x7dfe for section '.boot'",
    ] {
      let log = LinkerLog(SourceBuffer(name: "ld.log", text: line + "\n"))
      let message = try #require(log.messages.first)
      let meaning = LogExplanation(message, in: LogSubject(scripts: [])).meaning
      #expect(
        meaning?.hasPrefix("the contents end at 0x7dff, 0x1 (1 byte) behind 0x7dfe") == true,
        "\(meaning ?? "")")
    }
  }
}
