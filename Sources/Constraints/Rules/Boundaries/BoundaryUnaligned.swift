// Rule boundary-unaligned: nothing aligns a boundary of which an ASSERT or the profile wants it.

import LdsParser

/// Follows the alignment of the location counter from statement to statement.
///
/// It cannot see sizes: contents may end on the boundary by chance, so what asks for no more than the alignment of a
/// type is a note. A symbol that is set in several places is not looked at, nor one of an object.
struct BoundaryUnaligned: Rule {
  static let description = RuleDescription(
    id: "boundary-unaligned",
    summary:
      "no statement aligns a boundary symbol, though an ASSERT or the profile needs it aligned",
    rationale: """
      The contents before the symbol may end anywhere, so the ASSERT holds by luck alone and fails with the next \
      change of code: drop '. = ALIGN(SECTION_ALIGN);' before '__2M_text_end' in xen.lds.S and the link ends in \
      '__2M_text_end misaligned', which names no line.
      """,
    fix: "put '. = ALIGN(...);' before the symbol",
    severity: .error, needs: [.script],
    good: [
      .script(
        "an ALIGN before the symbol",
        """
        SECTIONS {
          .text : { *(.text) }
          . = ALIGN(0x200000);
          text_end = .;
        }
        ASSERT(!(text_end & 0x1fffff), "text_end misaligned")
        """),
      .script(
        "the symbol is its own ALIGN",
        """
        SECTIONS {
          .bss : { *(.bss) }
          end = ALIGN(4096);
        }
        ASSERT((end & (4096 - 1)) == 0, "end misaligned")
        """),
      .script(
        "the start of a section: its inputs may be aligned",
        """
        SECTIONS {
          .bss : { bss_start = .; *(.bss.page_aligned) *(.bss) }
        }
        ASSERT(bss_start % 8 == 0, "bss_start misaligned")
        """),
      .script(
        "a symbol of an object", "ASSERT(!(cpu0_stack & 0x7fff), \"cpu0_stack misaligned\")"),
    ],
    bad: [
      .script(
        "the ALIGN is missing",
        """
        SECTIONS {
          .text : { *(.text) }
          ↓text_end = .;
          .data : { *(.data) }
        }
        ASSERT(!(text_end & 0x1fffff), "text_end misaligned")
        """,
        messages: [
          "nothing aligns 'text_end', which has to be a multiple of 0x200000: it is wherever the contents "
            + "before it end"
        ]),
      .script(
        "two symbols at one place are one mistake",
        """
        SECTIONS {
          .text : { *(.text) }
          ↓text_end = .;
          rodata_start = .;
        }
        ASSERT(text_end % 4096 == 0 && rodata_start % 4096 == 0, "text or rodata misaligned")
        """,
        messages: [
          "nothing aligns 'text_end' and 'rodata_start', which have to be multiples of 0x1000: they are "
            + "wherever the contents before them end"
        ]),
      .script(
        "odd by arithmetic",
        """
        SECTIONS {
          . = 0x100000;
          . = ALIGN(4096);
          ↓start = . + 8;
        }
        ASSERT(start == ALIGN(start, 16), "start misaligned")
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let faults = facts.boundaryFaults.filter {
      if case .unaligned = $0.kind { true } else { false }
    }
    var groups: [[BoundaryFault]] = []
    var known: [Place: Int] = [:]
    for fault in faults {
      let place = Place(run: facts.runs[fault.step], alignment: fault.alignment)
      if let index = known[place] {
        groups[index].append(fault)
      } else {
        known[place] = groups.count
        groups.append([fault])
      }
    }
    return groups.map { finding($0.sorted { $0.step < $1.step }, facts) }
  }

  /// What the symbols of one finding have in common.
  private struct Place: Hashable {
    var run: Int
    var alignment: UInt64
  }

  private func finding(_ faults: [BoundaryFault], _ facts: ScriptFacts) -> Finding {
    let first = faults[0]
    let list = faults.map { "'\(facts.name($0.symbol))'" }.joinedWords()
    let number = hexadecimal(first.alignment)
    let statement = facts.program.steps[first.step].span
    return finding(
      faults.count == 1
        ? "nothing aligns \(list), which has to be a multiple of \(number): it is wherever the contents "
          + "before it end"
        : "nothing aligns \(list), which have to be multiples of \(number): they are wherever the contents "
          + "before them end",
      at: .source(statement), severity: faults.map(\.severity).max(),
      notes: faults.flatMap(facts.reason),
      fixes: facts.takesLocationCounter(first.step) && facts.hasRoom(for: first)
        ? facts.inserting(". = ALIGN(\(facts.wantedText(first)));", before: statement) : [],
      subject: facts.name(first.symbol))
  }
}

extension ScriptFacts {
  /// Whether a step is `x = .`.
  func takesLocationCounter(_ step: Int) -> Bool {
    guard let value = assignment(step)?.value else { return false }
    if case .locationCounter = program.expressions[value] { return true }
    return false
  }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`.
  func joinedWords() -> String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
