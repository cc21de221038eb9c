// Rule provided-assert-fails: an ASSERT fails with the value that PROVIDE gives.

import LdsParser

/// Proves the script once more as if each PROVIDE were an assignment, and compares.
///
/// It cannot see whether an object defines the symbol, in which case its value counts: a warning.
struct ProvidedAssertFails: Rule {
  static let description = RuleDescription(
    id: "provided-assert-fails",
    summary: "an ASSERT fails unless an object overrides the value that PROVIDE gives",
    rationale: """
      'PROVIDE(stack_start = ORIGIN(RAM) + LENGTH(RAM));' takes its value from the memory file of a board. With \
      LENGTH = 20K - 4 the ASSERT on the alignment of the stack fails in every program that leaves the symbol alone \
      (cortex-m-rt#14), and the linker shows neither the value nor where it comes from.
      """,
    fix: "correct what the value is made of, or define the symbol in an object",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "it holds with the value",
        "PROVIDE(top = 0x2000); ASSERT(top % 8 == 0, \"m\") SECTIONS { .text : { *(.text) } }"),
      .script(
        "an object gives the value",
        "ASSERT(top % 8 == 0, \"m\") SECTIONS { .text : { *(.text) } }"),
    ],
    bad: [
      .script(
        "the end of an odd region",
        """
        MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 20K - 4 }
        PROVIDE(stack_start = ORIGIN(RAM) + LENGTH(RAM));
        SECTIONS { .text : { *(.text) } >RAM }
        ↓ASSERT(stack_start % 8 == 0, "the stack does not start on 8 bytes")
        """,
        messages: [
          "this ASSERT fails unless an object defines 'stack_start', which PROVIDE sets to 0x20004ffc"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let provided = facts.onlyProvided
    let open = facts.proof.assertions.indices.filter { index in
      let proof = facts.proof.assertions[index]
      return proof.verdict == .depends
        && facts.symbols(in: proof.condition).contains(where: provided.contains)
    }
    if open.isEmpty { return [] }
    let assumed = ProofReport(Program(facts.script.withProvidesTaken))
    guard assumed.assertions.count == facts.proof.assertions.count else { return [] }
    return open.compactMap { index in
      let proof = facts.proof.assertions[index]
      guard assumed.assertions[index].verdict == .neverHolds else { return nil }
      let symbols = facts.symbols(in: proof.condition).filter(provided.contains)
      let values = symbols.map { symbol in
        "'\(facts.name(symbol))'"
          + (assumed.value(of: symbol).map { ", which PROVIDE sets to \(hexadecimal($0))" } ?? "")
      }
      let places = symbols.compactMap(facts.onlyAssignment).map {
        FindingNote("provided here", at: .source(facts.program.steps[$0].span))
      }
      return finding(
        "this ASSERT fails unless an object defines \(values.joined(separator: " or "))",
        at: .source(proof.span), notes: places, subject: facts.text(proof.condition))
    }
  }
}

extension ScriptFacts {
  /// Symbols that the script sets by PROVIDE alone.
  fileprivate var onlyProvided: Set<NameID> {
    Set(
      program.assignments.filter { _, steps in
        steps.allSatisfy { assignment($0)?.kind.isProvide == true }
      }.keys)
  }
}

extension ProofReport {
  /// The value that the only assignment of a symbol gives, where it is one number.
  fileprivate func value(of symbol: NameID) -> UInt64? {
    guard let steps = program.assignments[symbol], steps.count == 1,
      let result = walker.results.first(where: { $0.step == steps[0] }),
      result.outcome.branches.count == 1, case .value(let value)? = result.outcome.branches.first
    else { return nil }
    return value.offset.exact
  }
}

extension LinkerScript {
  /// The script with assignments in place of every PROVIDE.
  fileprivate var withProvidesTaken: LinkerScript {
    var copy = self
    copy.statements = Self.taken(statements, depth: 0)
    return copy
  }

  private static func taken(_ statements: [Statement], depth: Int) -> [Statement] {
    guard depth < Limit.nesting else { return statements }
    return statements.map { statement in
      var statement = statement
      switch statement.kind {
      case .assignment(var assignment) where assignment.kind.isProvide:
        assignment.kind = .plain
        statement.kind = .assignment(assignment)
      case .sections(let body): statement.kind = .sections(taken(body, depth: depth + 1))
      case .sectionGroup(let body): statement.kind = .sectionGroup(taken(body, depth: depth + 1))
      case .include(let name, let body):
        statement.kind = .include(name, taken(body, depth: depth + 1))
      case .outputSection(var section):
        section.body = taken(section.body, depth: depth + 1)
        statement.kind = .outputSection(section)
      default: break
      }
      return statement
    }
  }
}
