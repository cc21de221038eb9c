// Rule assert-never-holds: whatever the objects are, the link fails.

import LdsParser

/// Asks the proof.
///
/// It cannot see what the objects decide: an ASSERT that fails for every object of this project is none that
/// fails for every object there is.
struct AssertNeverHolds: Rule {
  static let description = RuleDescription(
    id: "assert-never-holds",
    summary: "an ASSERT fails in every link",
    rationale: """
      The script alone decides it, so no object can mend it. The linker says so after everything has been compiled, \
      in one line without a place.
      """,
    fix: "follow the statements that decide it; one of them, or the condition, is wrong",
    severity: .error, needs: [.script], foretellsFailure: true,
    good: [
      .script(
        "it depends on sizes", "SECTIONS { .a : { *(.a) } } ASSERT(SIZEOF(.a) <= 8, \"large\")"),
      .script("it always holds", "a = 1; ASSERT(a == 1, \"a\")"),
    ],
    bad: [
      .script(
        "two numbers", "a = 4096; ↓ASSERT(a == 8192, \"a\")",
        messages: ["this ASSERT fails in every link"]),
      .script(
        "a boundary with an offset",
        """
        SECTIONS { .text : { *(.text) } . = ALIGN(4096); text_end = . + 16; }
        ↓ASSERT(!(text_end & 0xfff), "text_end misaligned")
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return facts.proof.assertions.filter { $0.verdict == .neverHolds }.map { proof in
      finding(
        "this ASSERT fails in every link", at: .source(proof.span),
        notes: facts.notes(of: proof), subject: facts.text(proof.condition))
    }
  }
}

extension ScriptFacts {
  /// The statements behind a proof as notes.
  func notes(of proof: AssertionProof) -> [FindingNote] {
    proof.because.map { step in
      FindingNote("\(authored(step.span)) \(step.effect)", at: .source(step.span))
    }
  }
}
