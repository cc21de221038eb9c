// Rule linker-refusal: one of the linkers does not take a construct.

import LdsParser

/// Looks for what one linker refuses although it is no fault of syntax.
///
/// It cannot see which linkers the project uses, unless `--linker` or the configuration says it.
struct LinkerRefusal: Rule {
  static let description = RuleDescription(
    id: "linker-refusal",
    summary: "one of the linkers refuses this construct, which another takes",
    rationale: """
      A script grows with the linker that its authors have. Who then tries the other one gets one message at a \
      time, some without a line: 'alignment must be power of 2' cost ClangBuiltLinux a bisection (#218).
      """,
    fix:
      "write it another way; with '--linker' and the linkers that have to read the script the others are not asked",
    severity: .note, needs: [.script], foretellsFailure: true,
    good: [
      .script("a power of two", "x = ALIGN(16);"),
      .script("known to both", "SECTIONS { .a : SUBALIGN(4) { *(.a) } } ENTRY(start)"),
    ],
    bad: [
      .script(
        "alignment", "SECTIONS { .a : { *(.a) } . = ↓ALIGN(48); }",
        messages: ["ld.lld refuses to align to 0x30, which is no power of two"]),
      .script(
        "a region used in front of MEMORY",
        """
        top = ↓ORIGIN(RAM) + LENGTH(RAM);
        MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 64K }
        SECTIONS { .data : { *(.data) } >RAM }
        """,
        messages: [
          "ld.lld reads from top to bottom and does not know the region 'RAM' yet, which MEMORY declares below"
        ]),
      .script(
        "a function", "SECTIONS { .a : { *(.a) } x = ↓NEXT(0x1000); }",
        messages: ["ld.lld does not know NEXT"]),
      .script(
        "a command", "↓LD_FEATURE(\"SANE_EXPR\") x = 1;",
        messages: ["ld.lld does not know LD_FEATURE"]),
      .script(
        "two sections added",
        "SECTIONS { .a : { a = .; *(.a) } .b : { b = .; *(.b) } x = ↓a + b; }",
        messages: ["ld.lld refuses '+' on two values that are relative to sections"]),
      .script(
        "a hexadecimal number with a dollar sign", "x = ↓$10;",
        messages: ["'$10' is the number 0x10 with GNU ld and the name of a symbol with ld.lld"]),
      .script(
        "a number with base and unit", "x = ↓0x10K;",
        messages: ["ld.lld refuses the number '0x10K'"]),
      .script(
        "section patterns in brackets", "SECTIONS { .a : { *(.a) ↓[ .b ] } }",
        messages: ["ld.lld refuses section patterns in brackets"]),
      .script(
        "a group", "SECTIONS { ↓GROUP 0x1000 : { .a : { *(.a) } } }",
        messages: ["ld.lld does not know GROUP in SECTIONS"]),
      .script(
        "files in order", "SECTIONS { .a : { ↓SORT_BY_NAME(*)(.a) } }",
        messages: [
          "ld.lld 24 refuses sorted files, which is for GNU ld and ld.lld up to 14"
        ]),
      .script(
        "a comma", "↓x = 1, y = 2;",
        messages: ["ld.lld 24 refuses ',' behind a statement, which is for GNU ld"]),
      .script(
        "an attribute", "SECTIONS { ↓.a : ALIGN_WITH_INPUT { *(.a) } }",
        messages: ["ld.lld does not know ALIGN_WITH_INPUT"]),
    ])

  private static let commands: Set<NameCommand> = [
    .feature, .startup, .highLevelLibraries, .map,
  ]
  private static let bareCommands: Set<BareCommand> = [.forceCommonAllocation, .float, .noFloat]

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let moldFindings = context.linkers.contains(.mold) ? mold(facts.script) : []
    let released = moldFindings + releases(facts, context.linkers)
    guard context.linkers.contains(.lld) else { return released }
    let all =
      released + functions(facts) + numbers(facts) + sums(facts) + commands(facts)
      + brackets(facts) + stops(facts, context.linkers)
      + earlyRegions(facts) + facts.outline.groups.map { unknown("GROUP in SECTIONS", at: $0) }
    // Where no other linker is asked, the link fails.
    guard context.linkers.allSatisfy({ $0 == .lld }) else { return all }
    return all.map { finding in
      var finding = finding
      // A number that lld takes for a name is refused only if nobody defines that.
      if !finding.subject.hasPrefix("$") { finding.severity = .error }
      return finding
    }
  }

  /// `$10` and `0x10K`; the other forms of numbers are the same for both.
  private func numbers(_ facts: ScriptFacts) -> [Finding] {
    facts.nodes.compactMap { id in
      let span = facts.script.expressions.span(id)
      guard case .integer(let value) = facts.script.expressions[id] else { return nil }
      let text = facts.bytes(span)
      let word = String(decoding: text, as: UTF8.self)
      if text.first == UInt8(ascii: "$") {
        return finding(
          "'\(word)' is the number \(hexadecimal(value)) with GNU ld and the name of a symbol with ld.lld",
          at: .source(span), subject: word)
      }
      let prefix = text.prefix(2).map { $0 | 0x20 }
      guard prefix == Array("0x".utf8), let unit = text.last.map({ $0 | 0x20 }),
        unit == UInt8(ascii: "k") || unit == UInt8(ascii: "m")
      else { return nil }
      return finding(
        "ld.lld refuses the number '\(word)'", at: .source(span), subject: word)
    }
  }

  /// lld evaluates ORIGIN and LENGTH while it reads; each region is named once.
  private func earlyRegions(_ facts: ScriptFacts) -> [Finding] {
    let table = facts.script.expressions
    var seen: Set<NameID> = []
    return facts.nodes.compactMap { id in
      guard case .nameCall(let function, let name) = table[id],
        function == .origin || function == .length,
        let region = facts.outline.regions.first(where: { $0.name.name == name })
      else { return nil }
      let span = table.span(id)
      guard span.source == region.span.source, span.start < region.span.end,
        seen.insert(name).inserted
      else { return nil }
      return finding(
        "ld.lld reads from top to bottom and does not know the region '\(facts.name(name))' yet, which MEMORY "
          + "declares below", at: .source(span), subject: facts.name(name))
    }
  }

  private func stops(_ facts: ScriptFacts, _ linkers: [LinkerDialect]) -> [Finding] {
    guard let lld = linkers.first(where: { $0 == .lld }) else { return [] }
    return facts.stops(of: lld).map { stop in
      finding("ld.lld \(stop.words)", at: .source(stop.span), subject: stop.subject)
    }
  }

  private func brackets(_ facts: ScriptFacts) -> [Finding] {
    facts.outline.inner.compactMap { statement in
      guard case .inputSections(let input) = statement.kind, input.file == nil else { return nil }
      return finding(
        "ld.lld refuses section patterns in brackets", at: .source(statement.span),
        subject: input.sections.map { facts.name($0.pattern.name) }.joined(separator: " "))
    }
  }

  private func functions(_ facts: ScriptFacts) -> [Finding] {
    let table = facts.script.expressions
    return facts.nodes.compactMap { id in
      switch table[id] {
      case .call1(.next, _): return unknown("NEXT", at: table.span(id))
      case .call1(.align, let measure), .call2(.align, _, let measure):
        guard let value = table.foldedValue(measure), value & (value &- 1) != 0 else { return nil }
        return finding(
          "ld.lld refuses to align to \(hexadecimal(value)), which is no power of two",
          at: .source(table.span(id)), subject: hexadecimal(value))
      default: return nil
      }
    }
  }

  private func sums(_ facts: ScriptFacts) -> [Finding] {
    facts.program.steps.indices.flatMap { step -> [Finding] in
      guard let tree = facts.tree(step) else { return [] }
      return facts.program.expressions.nodes(of: tree.root).compactMap { index in
        let id = ExpressionID(index: index)
        guard case .binary(let operation, let left, let right) = facts.program.expressions[id],
          [.add, .bitAnd, .bitOr].contains(operation), tree.relation(left) == .section,
          tree.relation(right) == .section
        else { return nil }
        return finding(
          "ld.lld refuses '\(operation.rawValue)' on two values that are relative to sections",
          at: .source(facts.program.expressions.span(id)), subject: facts.text(id))
      }
    }
  }

  private func commands(_ facts: ScriptFacts) -> [Finding] {
    let named = facts.outline.commands.filter { Self.commands.contains($0.command) }
      .map { unknown($0.command.rawValue, at: $0.span) }
    let bare = facts.outline.bareCommands.filter { Self.bareCommands.contains($0.command) }
      .map { unknown($0.command.rawValue, at: $0.span) }
    // What was written on one section was written on many.
    var seen: Set<String> = []
    let sections = facts.outline.sections.compactMap { section, span -> Finding? in
      var words = section.alignsWithInput ? ["ALIGN_WITH_INPUT"] : []
      switch section.type {
      case .dsect: words.append("DSECT")
      case .readonly, .readonlyType: words.append("READONLY")
      default: break
      }
      guard let word = words.first(where: { seen.insert($0).inserted }) else { return nil }
      return unknown(word, at: span)
    }
    return named + bare + sections
  }

  private func unknown(_ word: String, at span: SourceSpan) -> Finding {
    finding("ld.lld does not know \(word)", at: .source(span), subject: word)
  }

  /// One finding for each construct that a linker of the context refuses; of each kind the first.
  private func releases(_ facts: ScriptFacts, _ linkers: [LinkerDialect]) -> [Finding] {
    var seen: Set<String> = []
    return facts.releasedConstructs.compactMap { construct in
      let refusing = linkers.filter { $0 != .mold && !$0.follows(construct.rule) }
      guard let first = refusing.first, seen.insert(construct.name).inserted else { return nil }
      let known = construct.rule.whoFollows.map { ", which is for \($0)" } ?? ""
      let names = refusing.dropFirst().reduce(first.name) { $0 + ", " + $1.name }
      return finding(
        "\(names) \(refusing.count > 1 ? "refuse" : "refuses") \(construct.name)\(known)",
        at: .source(construct.span), subject: construct.name)
    }
  }

  /// What mold takes from a script: files, and VERSION (linker-versions 7).
  private func mold(_ script: LinkerScript) -> [Finding] {
    var seen: Set<String> = []
    return script.statements.compactMap { statement in
      let word: String
      switch statement.kind {
      case .input, .version, .empty, .names(.outputFormat, _): return nil
      case .assignment(let assignment):
        guard case .symbol = script.expressions[assignment.value], assignment.kind == .plain,
          assignment.compound == nil
        else {
          word = "an assignment of anything but a symbol"
          break
        }
        return nil
      default:
        let text = script.sources.buffer(statement.span.source).bytes(in: statement.span.range)
        let letters = text.prefix { $0 == UInt8(ascii: "_") || (0x41...0x5A).contains($0) }
        word = String(decoding: letters, as: UTF8.self)
      }
      guard seen.insert(word).inserted else { return nil }
      return finding(
        "mold refuses \(word): it takes only INPUT, GROUP, VERSION and OUTPUT_FORMAT from a script",
        at: .source(statement.span), severity: .error, subject: word)
    }
  }
}
