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
        "2: note: no file defines 'IS_ALIGNED'; its usual meaning is taken: "
          + "'(!((val) & ((align) - 1)))'",
        "2: note: no file defines 'MB'; its usual meaning is taken: '(_AC(_mb, ULL) << 20)'",
        "2: note: no file defines '_AC'; its usual meaning is taken: 'X'",
        "3: note: no file defines 'PAGE_SIZE'; its usual meaning is taken: "
          + "'(_AC(1, L) << PAGE_SHIFT)'",
        "3: note: no file defines 'PAGE_SHIFT'; its usual meaning is taken: '12'",
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
