// Rule boundary-before-align: a boundary symbol is set, and only then the location counter is aligned.

import LdsParser

/// Looks for an ALIGN between a symbol and the next contents, where the symbol has to be aligned.
///
/// It cannot see sizes: the contents before the symbol may end on the boundary by chance, so what asks for no more
/// than the alignment of a type is a warning. A symbol that is set in several places is not looked at.
struct BoundaryBeforeAlign: Rule {
  static let description = RuleDescription(
    id: "boundary-before-align",
    summary: "a boundary symbol is set before the ALIGN that was meant to precede it",
    rationale: """
      '__2M_rodata_end = .; . = ALIGN(SECTION_ALIGN);' gives the symbol the end of the contents, not the \
      boundary. The page tables end where the symbol is, the next region starts where the ALIGN is, and the gap \
      belongs to nobody. The linker says '__2M_rodata_end misaligned' after everything has been compiled, if \
      somebody wrote the ASSERT.
      """,
    fix: "set the symbol after the ALIGN",
    severity: .error, needs: [.script],
    good: [
      .script(
        "set after the ALIGN",
        """
        SECTIONS {
          .text : { *(.text) }
          . = ALIGN(0x200000);
          text_end = .;
        }
        ASSERT(!(text_end & 0x1fffff), "text_end misaligned")
        """),
      .script(
        "the end of the contents, which nobody wants aligned",
        """
        SECTIONS {
          .bss : { *(.bss) bss_end = .; }
          . = ALIGN(4096);
          end = .;
        }
        ASSERT(end % 4096 == 0, "end misaligned")
        """),
      .script(
        "the page behind it is for what follows",
        """
        SECTIONS {
          .list : { KEEP(*(.list)) . = ALIGN(8); }
          end = .;
          . = ALIGN(4096);
          .init (NOLOAD) : { *(.init) }
        }
        ASSERT(end % 8 == 0, "the device tree would not be aligned")
        """),
      .script(
        "aligned before and after",
        """
        SECTIONS {
          .text : { *(.text) }
          . = ALIGN(4096);
          text_end = .;
          . = ALIGN(0x200000);
          data_start = .;
        }
        ASSERT(text_end % 4096 == 0, "text_end misaligned")
        """),
    ],
    bad: [
      .script(
        "one line too early",
        """
        SECTIONS {
          .rodata : { *(.rodata) }
          ↓rodata_end = .;
          . = ALIGN(0x200000);
          init_start = .;
        }
        ASSERT(!(rodata_end & 0x1fffff), "rodata_end misaligned")
        """,
        messages: [
          "'rodata_end' is set before the location counter is aligned to 0x200000, so it is where the contents "
            + "end"
        ]),
      .script(
        "inside an output section",
        """
        SECTIONS {
          .bss : { *(.bss) ↓bss_end = .; . = ALIGN(8); }
        }
        ASSERT(bss_end % 8 == 0, "bss_end misaligned")
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return facts.boundaryFaults.compactMap { fault in
      guard case .beforeAlign(let setter) = fault.kind else { return nil }
      let name = facts.name(fault.symbol)
      let statement = facts.program.steps[fault.step].span
      let align = facts.program.steps[setter.step].span
      return finding(
        "'\(name)' is set before the location counter is aligned to "
          + "\(hexadecimal(setter.alignment)), so it is where the contents end",
        at: .source(statement), severity: fault.severity,
        notes: [FindingNote("aligned only here", at: .source(align))] + facts.reason(of: fault),
        fixes: facts.hasRoom(for: fault) ? facts.moving(statement, below: align) : [],
        subject: name)
    }
  }
}

extension ScriptFacts {
  /// A note on who wants the alignment.
  func reason(of fault: BoundaryFault) -> [FindingNote] {
    let need = "a multiple of \(hexadecimal(fault.alignment))"
    if let constraint = fault.constraint {
      return [FindingNote("the constraint \"\(constraint)\" needs \(need)")]
    }
    guard let claim = fault.claim else {
      return [FindingNote("profile '\(profile?.name ?? "")' needs \(need)")]
    }
    return [
      FindingNote("this ASSERT needs \(need)", at: .source(program.steps[claim.step].span))
    ]
  }

  /// How the claim writes its alignment; the number where it cannot be told.
  func wantedText(_ fault: BoundaryFault) -> String {
    let number = hexadecimal(fault.alignment)
    guard let claim = fault.claim else { return number }
    var measure = claim.measure
    if case .binary(.subtract, let left, let one) = program.expressions[measure],
      program.expressions.foldedValue(one) == 1
    {
      measure = left
    } else if program.expressions.foldedValue(measure) != fault.alignment {
      return number
    }
    let span = program.expressions.span(measure)
    // Of a macro's argument, what stands in the call.
    if let operand = script.sources.operandSpans(of: span).first { return authored(operand) }
    let authored = script.sources.authoredExpression(of: span)
    return authored.isPartial ? number : authored.text
  }
}
