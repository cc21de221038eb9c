// Rule boundary-underaligned: a boundary is aligned, but to less than an ASSERT or the profile needs.

import LdsParser

/// Compares the ALIGN before a symbol with what its ASSERT or the profile asks for.
///
/// It cannot see sizes: the smaller ALIGN may give the larger one by chance, so what asks for no more than the
/// alignment of a type is a warning. Of macros it sees the values of this configuration only.
struct BoundaryUnderaligned: Rule {
  static let description = RuleDescription(
    id: "boundary-underaligned",
    summary: "a boundary symbol is aligned to less than an ASSERT or the profile needs",
    rationale: """
      Where pages of two sizes are about, the wrong one is easily written: with '. = ALIGN(PAGE_SIZE);' at the \
      border of rodata and init of xen.lds.S the 4K build is content, and the 2M and EFI builds end in \
      '__2M_rodata_end misaligned'.
      """,
    fix: "align to what the ASSERT names",
    severity: .error, needs: [.script],
    good: [
      .script(
        "aligned to more than needed",
        """
        SECTIONS {
          .text : { *(.text) }
          . = ALIGN(0x200000);
          text_end = .;
        }
        ASSERT(text_end % 4096 == 0, "text_end misaligned")
        """),
      .script(
        "a smaller ALIGN after a larger one changes nothing",
        """
        SECTIONS {
          .text : { *(.text) }
          . = ALIGN(0x200000);
          . = ALIGN(4096);
          init_begin = .;
        }
        ASSERT(init_begin % 0x200000 == 0, "init_begin misaligned")
        """),
    ],
    bad: [
      .script(
        "a page instead of a superpage",
        """
        SECTIONS {
          .rodata : { *(.rodata) }
          ↓. = ALIGN(4096);
          rodata_end = .;
        }
        ASSERT(!(rodata_end & 0x1fffff), "rodata_end misaligned")
        """,
        messages: [
          "'rodata_end' is aligned to 0x1000 here, but has to be a multiple of 0x200000"
        ]),
      .script(
        "the symbol's own ALIGN",
        """
        SECTIONS {
          .bss : { *(.bss) }
          ↓end = ALIGN(8);
        }
        ASSERT(end % 16 == 0, "end misaligned")
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    var reported: Set<Int> = []
    return facts.boundaryFaults.compactMap { fault in
      let name = facts.name(fault.symbol)
      switch fault.kind {
      case .underaligned(let setter):
        guard reported.insert(setter.step).inserted else { return nil }
        return finding(
          "'\(name)' is aligned to \(hexadecimal(setter.alignment)) here, but has to be a multiple of "
            + "\(hexadecimal(fault.alignment))",
          at: .source(facts.program.steps[setter.step].span), severity: fault.severity,
          notes: notes(fault, setter, facts), fixes: fixes(fault, setter, facts), subject: name)
      case .coincidence(let setter, let claimed, let written):
        guard reported.insert(setter.step).inserted else { return nil }
        return finding(
          "'\(name)' is aligned to '\(written)' here, but its ASSERT asks for '\(claimed)': the same in "
            + "this configuration only",
          at: .source(facts.program.steps[setter.step].span), severity: fault.severity,
          notes: notes(fault, setter, facts), fixes: fixes(fault, setter, facts), subject: name)
      case .beforeAlign, .unaligned: return nil
      }
    }
  }

  private func notes(
    _ fault: BoundaryFault, _ setter: StatementRuns.Aligner, _ facts: ScriptFacts
  ) -> [FindingNote] {
    let place = FindingPlace.source(facts.program.steps[fault.step].span)
    let setting =
      setter.step == fault.step
      ? [] : [FindingNote("'\(facts.name(fault.symbol))' is set here", at: place)]
    return setting + facts.reason(of: fault)
  }

  private func fixes(
    _ fault: BoundaryFault, _ setter: StatementRuns.Aligner, _ facts: ScriptFacts
  ) -> [FixEdit] {
    let span = facts.script.sources.authoredSpan(of: facts.program.expressions.span(setter.measure))
    let statement = facts.program.steps[setter.step].span
    // A macro that makes the whole statement serves other places as well.
    guard facts.hasRoom(for: fault), let place = facts.spelled(statement), !place.isInMacro,
      place.span.source == span.source, place.span.start <= span.start, span.end <= place.span.end
    else { return [] }
    return [FixEdit(span, replacement: facts.wantedText(fault))]
  }
}
