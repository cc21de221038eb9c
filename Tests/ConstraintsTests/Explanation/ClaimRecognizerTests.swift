// Which claim stands behind which way of writing, folded or not.

import LdsParser
import Testing

@testable import Constraints

struct ClaimRecognizerTests {
  @Test(arguments: [
    ("!(x & 0x1fffff)", "x is a multiple of 0x200000 (2M)"),
    ("!(x & ((1 << 21) - 1))", "x is a multiple of 0x200000 (2M)"),
    ("(x & 0xfff) == 0", "x is a multiple of 0x1000 (4K)"),
    ("0 == (0xfff & x)", "x is a multiple of 0x1000 (4K)"),
    ("x % 8 == 0", "x is a multiple of 0x8 (8)"),
    ("!(x % 48)", "x is a multiple of 0x30"),
    ("x == ALIGN(x, 0x1000)", "x is a multiple of 0x1000 (4K)"),
    ("ALIGN(x + y, 16) == x + y", "x + y is a multiple of 0x10"),
    ("!(x & 0x1ffffe)", "x has no bit of 0x1ffffe set"),
    ("!!(x & 1)", "the condition is not zero"),
    ("y - x <= 0x1000", "y - x is at most 0x1000"),
    ("0x1000 > y - x", "y - x is less than 0x1000"),
    ("y - x < 4096 - 8", "y - x is less than 0xff8"),
    ("SIZEOF(.text) <= 0x100", "SIZEOF(.text) is at most 0x100"),
    ("SIZEOF(.text) > 0x40", "SIZEOF(.text) is more than 0x40"),
    ("0x40 <= SIZEOF(.text)", "SIZEOF(.text) is at least 0x40"),
    ("(x & (x - 1)) == 0", "x is a power of two"),
    ("!((y - x - 1) & (y - x))", "y - x is a power of two"),
    ("x == 1 << LOG2CEIL(x)", "x is a power of two"),
    ("(1 << LOG2CEIL(y - x)) == y - x", "y - x is a power of two"),
    ("x == 1 << LOG2CEIL(y)", "x equals 0x1 << LOG2CEIL(y)"),
    (
      "!((x | y) & 0xfff)",
      "x is a multiple of 0x1000 (4K), and y is a multiple of 0x1000 (4K)"
    ),
    ("x <= y", "x lies not behind y"),
    ("y > x", "x lies before y"),
    ("!SIZEOF(.text)", "section .text is empty"),
    ("SIZEOF(.text) == 0", "section .text is empty"),
    ("SIZEOF(.text) < 1", "section .text is empty"),
    ("x == y", "x equals y"),
    (
      "!SIZEOF(.text) || SIZEOF(.text) == 3 * 8",
      "section .text is empty, or SIZEOF(.text) equals 0x18"
    ),
    (
      "!(x & 7) && !(y & 7) && x < y",
      "x is a multiple of 0x8 (8), and y is a multiple of 0x8 (8), and x lies before y"
    ),
    (
      "!((x | y) & 0xfff)", "x is a multiple of 0x1000 (4K), and y is a multiple of 0x1000 (4K)"
    ),
    (
      "(x | y | (x + 8)) % 8 == 0",
      "x is a multiple of 0x8 (8), and y is a multiple of 0x8 (8), and x + 0x8 is a multiple of 0x8 (8)"
    ),
    ("!((x | y) % 12)", "x | y is a multiple of 0xc"),
    (
      "!((x & 7) | (y & 3))", "x is a multiple of 0x8 (8), and y is a multiple of 0x4 (4)"
    ),
    ("((x | y) & 6) == 0", "x has no bit of 0x6 set, and y has no bit of 0x6 set"),
    ("x", "the condition is not zero"),
    ("x != y", "the condition is not zero"),
  ])
  func claimIsRecognised(_ condition: String, _ words: String) {
    let script = ScriptParser.parse(
      SourceBuffer(
        name: "t.lds",
        text: """
          x = 0x200000; y = 0x201000;
          SECTIONS { .text : { *(.text) } }
          ASSERT(\(condition), "m")
          """))
    #expect(!script.isRefused)
    let program = Program(script)
    let report = EvaluationReport(program, evidence: Evidence())
    #expect(Explainer(report).explain(0).claimText == words)
  }
}
