// Rule assert-always-true: the script itself makes the ASSERT hold.

import LdsParser

/// Folds the condition, as GNU ld does while it reads the script.
///
/// It cannot see a condition that holds because of the layout; the proof of that is no finding.
struct AssertAlwaysTrue: Rule {
  static let description = RuleDescription(
    id: "assert-always-true",
    summary: "an ASSERT that uses no symbol holds in every link, so it guards nothing",
    rationale: """
      Most ASSERTs that always hold are true guards: they fail as soon as somebody moves the line that makes them \
      hold, and lint lists that line with each proof. One whose value the linker has worked out while reading it \
      guards no line: "of questionable value", as Xen's review had it (01fe4da624).
      """,
    fix: "write the condition that was meant, or remove the ASSERT",
    severity: .note, needs: [.script],
    good: [
      .script(
        "a guard of the line before",
        """
        SECTIONS { .text : { *(.text) } . = ALIGN(4096); text_end = .; }
        ASSERT(!(text_end & 0xfff), "text_end misaligned")
        """),
      .script(
        "numbers that are given to a macro",
        """
        #define REGION(name, start, size) _##name = start; ASSERT(start % 4096 == 0, "unaligned")
        REGION(stack, 0x1000, 64);
        """),
      .script(
        "it depends on sizes", "SECTIONS { .a : { *(.a) } } ASSERT(SIZEOF(.a) <= 8, \"large\")"),
    ],
    bad: [
      .script(
        "a number", "↓ASSERT(1, \"never\")",
        messages: ["this ASSERT holds whatever the script and the objects are"]),
      .script("numbers of the configuration", "↓ASSERT(4096 <= 8192, \"never\")"),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return facts.proof.assertions.compactMap { proof in
      guard proof.verdict == .alwaysHolds,
        let value = facts.program.expressions.foldedValue(proof.condition),
        value != 0,
        // A macro that has it serves other numbers as well.
        facts.spelled(proof.span)?.isInMacro == false
      else { return nil }
      return finding(
        "this ASSERT holds whatever the script and the objects are", at: .source(proof.span),
        subject: facts.text(proof.condition))
    }
  }
}
