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
      #expect(LogExplanation(message, in: LogSubject(scripts: [])).kind == kind)
    }
  }
}
