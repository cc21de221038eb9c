// Every row of the table of facts that GNU ld 2.40 gave (Fixtures/ld-facts.tsv; its head holds the object,
// the script and the command) is evaluated and compared.

import Constraints
import Foundation
import LdsParser
import Testing

@Suite struct LinkerFactsTests {
  /// One row: an expression, what ld made of it, and where it stood.
  struct Fact {
    var expression: String
    var expected: String
    var context: String
    var letter: String
  }

  /// An expression as it is evaluated here: SEGMENT_START of a segment whose start no option sets, since the
  /// table's link had none of these options.
  private static func evaluated(_ expression: String) -> String {
    expression.replacing("\"text-segment\"", with: "\"own-segment\"")
  }

  static let facts: [Fact] = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/ld-facts.tsv")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count >= 3 else { return nil }
      return Fact(
        expression: evaluated(columns[0]), expected: columns[1], context: columns[2],
        letter: String((columns.count > 3 ? columns[3] : "").prefix(1)))
    }
  }()

  /// Rows outside the bar: `--defsym` has no place in a script, DATA_SEGMENT needs the layout.
  static func isCompared(_ fact: Fact) -> Bool {
    fact.context != "defsym" && !fact.expression.contains("DATA_SEGMENT")
  }

  @Test func everyRowAgrees() {
    var disagreements: [String] = []
    var count = 0
    for fact in Self.facts where Self.isCompared(fact) {
      count += 1
      if let complaint = compare(fact) {
        disagreements.append("\(fact.context)\t\(fact.expression)\t\(fact.expected): \(complaint)")
      }
    }
    #expect(count > 1000)
    #expect(
      disagreements.isEmpty, "\(disagreements.count)\n\(disagreements.joined(separator: "\n"))")
  }

  /// The table's script with a statement at the place that the context names.
  private func script(_ fact: Fact) -> String {
    var parts = ["HEAD": "", "IN": "", "MID": "", "TOP": ""]
    // The table leaves the message out: `ASSERT(EXPR)`.
    let assertion = "\(fact.expression.dropLast()), \"AFAIL\")"
    switch fact.context {
    case "top": parts["TOP"] = "r = \(fact.expression);"
    case "mid": parts["MID"] = "r = \(fact.expression);"
    case "in": parts["IN"] = "r = \(fact.expression);"
    case "sane-top":
      parts["HEAD"] = "LD_FEATURE(\"SANE_EXPR\")"
      parts["TOP"] = "r = \(fact.expression);"
    case "assert-top": parts["TOP"] = assertion
    case "assert-mid": parts["MID"] = assertion
    case "assert-in": parts["IN"] = assertion + ";"
    case "assert-sane-top":
      parts["HEAD"] = "LD_FEATURE(\"SANE_EXPR\")"
      parts["TOP"] = assertion
    default: break
    }
    return """
      \(parts["HEAD"] ?? "")
      MEMORY { ROM (rx) : ORIGIN = 0x100000, LENGTH = 64K
               RAM (rwx) : ORIGIN = 0x200000, LENGTH = 1M }
      REGION_ALIAS("ROMALIAS", ROM)
      ENTRY(_start)
      needme = 0; needhid = 0;
      before = 0x77;
      SECTIONS
      {
        .text 0x401000 : { *(.text) tin = .; }
        .data 0x402000 : AT(0x802000) { *(.data) din = .; dnum = 0x10; dabs = ABSOLUTE(.);
           \(parts["IN"] ?? "")
        }
        .empty : { *(.nothere) }
        dotmid = .;
        \(parts["MID"] ?? "")
        .bss 0x403000 : { *(.bss) *(COMMON) bin = .; }
        /DISCARD/ : { *(.gone) *(.comment) *(.note*) *(.eh_frame) }
      }
      topnum = 0x30;
      topdot = .;
      \(parts["TOP"] ?? "")
      """
  }

  /// The layout that the head of the table states.
  private var evidence: Evidence {
    var evidence = Evidence()
    evidence.files = [FilePath("facts")]
    evidence.kinds = [.elf]
    evidence.sectionAccount = .image
    evidence.symbolAccount = .all
    evidence.headerSize = 0x120
    evidence.constants = ["MAXPAGESIZE": 0x1000, "COMMONPAGESIZE": 0x1000]
    evidence.sections = [
      section(".text", 0x40_1000, lma: 0x40_1000, 0x50, 16),
      section(".data", 0x40_2000, lma: 0x80_2000, 0x20, 8),
      section(".bss", 0x40_3000, lma: 0x80_3000, 0x120, 32),
      // Dropped; a map would show it like this, and it was never created, so that it has no alignment.
      section(".empty", 0x40_2020, lma: 0x40_2020, 0, 0),
    ]
    let sectionSymbols: [(String, UInt64, Int)] = [
      ("_start", 0x40_1000, 0), ("f1", 0x40_1040, 0), ("f2", 0x40_1048, 0), ("tin", 0x40_1050, 0),
      ("d0", 0x40_2000, 1), ("d1", 0x40_2008, 1), ("wdef", 0x40_2010, 1), ("din", 0x40_2020, 1),
      ("b0", 0x40_3000, 2), ("com", 0x40_3100, 2), ("bin", 0x40_3120, 2),
    ]
    for (name, address, index) in sectionSymbols {
      evidence.symbols[Array(name.utf8)] = Evidence.Symbol(
        address: address, place: .section(index), file: 0)
    }
    for (name, value) in [("absym", 0x1234), ("absbig", 0xffff_ffff_8000_0000), ("abszero", 0)]
      as [(String, UInt64)]
    {
      evidence.symbols[Array(name.utf8)] = Evidence.Symbol(
        address: value, place: .absolute, file: 0)
    }
    // In a section that is discarded: ld takes its offset there as a number.
    evidence.symbols[Array("gone".utf8)] = Evidence.Symbol(address: 0, place: .absolute, file: 0)
    evidence.symbols[Array("wundef".utf8)] = Evidence.Symbol(
      address: 0, place: .undefined, file: 0)
    return evidence
  }

  private func section(
    _ name: String, _ vma: UInt64, lma: UInt64, _ size: UInt64, _ alignment: UInt64
  ) -> Evidence.Section {
    Evidence.Section(
      name: Array(name.utf8), vma: vma, lma: lma, size: size, alignment: alignment,
      flags: .allocated)
  }

  /// Nil if the evaluation agrees with the row, else what it came to.
  private func compare(_ fact: Fact) -> String? {
    let script = ScriptParser.parse(
      SourceBuffer(name: "S", text: script(fact)),
      options: ScriptParser.Options(dialect: LinkerDialect(.bfd, LinkerVersion(2, 40))))
    let isError = fact.expected.hasPrefix("ERROR:")
    if script.isRefused {
      let text = script.diagnostics.first { $0.severity == .error }?.message ?? ""
      let isReadError =
        fact.expected.contains("syntax error") || fact.expected.contains("by zero")
        || fact.expected.contains("SIGFPE")
      return isError && isReadError ? nil : "refused: \(text)"
    }
    let program = Program(script)
    var walker = Walker(program, facts: LinkFacts(program, evidence, .bfd))
    walker.run()
    if fact.context.hasPrefix("assert") { return compareVerdict(fact, program) }
    guard let result = walker.results.last(where: { isTarget($0, program) }) else {
      return "no result"
    }
    if fact.expected == "ERROR:ld: m" {
      let judged = result.assertions.map { Judgement($0.outcome, dialect: .bfd).verdict }
      return judged == [.fails] ? nil : "\(judged)"
    }
    switch result.outcome.single {
    case .fault(let fault): return isError && matches(fault, fact.expected) ? nil : "\(fault)"
    case .value(let value): return isError ? "value \(value)" : compareValue(fact, value, program)
    case .invalid, nil: return "\(result.outcome)"
    }
  }

  private func isTarget(_ result: Walker.Result, _ program: Program) -> Bool {
    guard case .assignment(let assignment) = program.steps[result.step].action else { return false }
    return program.names.string(assignment.target.name) == "r"
  }

  private func compareValue(
    _ fact: Fact, _ value: Value, _ program: Program
  ) -> String? {
    guard let number = value.address.exact else { return "\(value)" }
    let text = "0x" + String(number, radix: 16)
    if text != fact.expected { return text }
    // nm's letter shows the kind, except where ld moves an absolute symbol to a section afterwards.
    let moved =
      fact.expression.contains(".") || fact.expression.contains("ORIGIN")
      || fact.expression.contains("SEGMENT_START") || fact.expression.contains("ALIGN")
      || fact.expression.contains("BLOCK") || fact.expression.contains("NEXT")
    if moved { return nil }
    switch value.kind {
    case .plain: return "plain"
    case .absolute: return fact.letter == "A" ? nil : "absolute"
    case .section(.listed(let index)):
      guard index < program.sections.count else { return nil }
      let letters = [".text": "T", ".data": "D", ".bss": "B"]
      let name = program.names.string(program.sections[index].name)
      return letters[name].map { $0 == fact.letter || fact.letter.lowercased() == "w" } ?? true
        ? nil : "in \(name)"
    case .section(let key): return "in \(key)"
    }
  }

  private func compareVerdict(_ fact: Fact, _ program: Program) -> String? {
    let report = EvaluationReport(program, evidence: evidence)
    guard let assertion = report.assertions.last else { return "no verdict" }
    if let fault = assertion.fault {
      return fact.expected.hasPrefix("ERROR:") && matches(fault, fact.expected) ? nil : "\(fault)"
    }
    switch assertion.verdict {
    case .holds: return fact.expected == "PASS" ? nil : "holds"
    case .fails: return fact.expected == "FAIL" ? nil : "fails"
    case .undecided: return "undecided \(String(describing: assertion.lack))"
    }
  }

  private func matches(_ fault: Fault, _ text: String) -> Bool {
    switch fault {
    case .undefinedSymbol: text.contains("undefined symbol")
    case .undefinedSection: text.contains("undefined section")
    case .divisionByZero: text.contains("/ by zero")
    case .remainderByZero: text.contains("% by zero")
    case .unknownConstant: text.contains("unknown constant")
    case .undefinedRegion: text.contains("region")
    default: false
    }
  }
}
