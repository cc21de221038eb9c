// Scripts without their tree.

import LdsParser
import TestSupport
import Testing

@Suite struct WellKnownMacrosTests {
  private func expand(_ text: String, files: [String: String] = [:]) -> Expansion {
    Expansion(text, files: files) { $0.missingIncludes = .tolerate }
  }

  @Test func standInForMissingHeaders() {
    let expansion = expand(
      "#include <xen/lib.h>\nASSERT(IS_ALIGNED(_start, MB(2)), \"m\")\n. = PAGE_SIZE;")
    #expect(
      expansion.line == "ASSERT((!((_start) & (((2 << 20)) - 1))), \"m\") . = (1 << 12);")
    #expect(
      expansion.messages == [
        "1: warning: include file 'xen/lib.h' is not found",
        "2: note: no file defines IS_ALIGNED, MB, _AC, PAGE_SIZE, PAGE_SHIFT: taken as Xen and "
          + "Linux define them",
      ])
    #expect(
      expansion.script.diagnostics.last?.notes.map(\.message) == [
        "IS_ALIGNED is (!((val) & ((align) - 1)))", "MB is (_AC(_mb, ULL) << 20)", "_AC is X",
        "PAGE_SIZE is (_AC(1, L) << PAGE_SHIFT)", "PAGE_SHIFT is 12",
      ])
    #expect(expansion.script.macros.allSatisfy { $0.origin == .wellKnown })
  }

  @Test func giveWayToTheScriptsOwn() {
    #expect(expand("#define MB(x) x M\nMB(2)").line == "2 M")
    #expect(
      expand("#ifdef PAGE_SIZE\nyes\n#endif\n#undef PAGE_SIZE\nPAGE_SIZE").line == "PAGE_SIZE")
    #expect(
      expand("PAGE_SIZE = 0x4000; . = PAGE_SIZE;").line == "PAGE_SIZE = 0x4000; . = PAGE_SIZE;")
    #expect(
      expand("#include \"m.h\"\nMB(1)", files: ["m.h": "#define MB(x) own x"]).line == "own 1")
    #expect(Expansion("MB(1)").line == "MB(1)")
    #expect(expand("ALIGN(8) MAX(1,2) KB").line == "ALIGN(8) MAX(1,2) KB")
  }
}
