// Scripts to be preprocessed are told from preprocessed ones.

import LdsParser
import Testing

@testable import lds_check

struct DirectiveScannerTests {
  @Test(arguments: [
    "#include \"config.h\"\n", "  #  include <a.h>\r\n", "x = 1;\n#ifdef EFI\n#endif",
    "#define X 1",
    "#if 0", "# if defined(A) && B", "# ifdef EFI",
  ])
  func directives(_ text: String) {
    #expect(DirectiveScanner.hasDirective(SourceBuffer(name: "x", text: text)))
  }

  @Test(arguments: [
    "", "x = 1;\n", "# 12 \"a.lds.S\" 1\n", "# include the heap here\n",
    "# if this moves, so does that\n",
    "/* #define */ x = 1;", "a#define\n", "#\n", "# included\n",
  ])
  func others(_ text: String) {
    #expect(!DirectiveScanner.hasDirective(SourceBuffer(name: "x", text: text)))
  }
}
