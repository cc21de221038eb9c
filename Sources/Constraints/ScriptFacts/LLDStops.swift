// What ld.lld stops at where GNU ld goes on: constants, flags and classes that it does not know, KEEP without a list, the
// section behind an INSERT (lld/ELF/ScriptParser.cpp; each run on lld 14, 16, 19, 21 and 22).

import LdsParser

/// Something at which ld.lld stops, whatever it links.
struct LLDStop {
  /// What ld.lld does not do: `knows no constant 'FOO'`.
  let words: String
  /// The name that it is about.
  let subject: String
  let span: SourceSpan
}

extension ScriptFacts {
  /// Every one, in no particular order.
  func stops(of lld: LinkerDialect) -> [LLDStop] {
    unknownConstants + unknownFlags(lld) + keptFiles + (catchAll.map { [$0] } ?? [])
      + ownInserts + growing + (lld.follows(.sectionClasses) ? unknownClasses : [])
  }

  private var unknownConstants: [LLDStop] {
    let table = script.expressions
    return nodes.compactMap { id in
      guard case .nameCall(.constant, let name) = table[id] else { return nil }
      let word = self.name(name)
      guard word != "MAXPAGESIZE", word != "COMMONPAGESIZE" else { return nil }
      return LLDStop(words: "knows no constant '\(word)'", subject: word, span: table.span(id))
    }
  }

  /// The flags that it knows by name; it takes any number besides.
  private static let flags: Set<String> = [
    "SHF_WRITE", "SHF_ALLOC", "SHF_EXECINSTR", "SHF_MERGE", "SHF_STRINGS", "SHF_INFO_LINK",
    "SHF_LINK_ORDER", "SHF_OS_NONCONFORMING", "SHF_GROUP", "SHF_TLS", "SHF_COMPRESSED",
    "SHF_EXCLUDE", "SHF_ARM_PURECODE",
  ]

  private func unknownFlags(_ lld: LinkerDialect) -> [LLDStop] {
    outline.inner.flatMap { statement -> [LLDStop] in
      guard case .inputSections(let input) = statement.kind else { return [] }
      return input.flags.compactMap { flag in
        let word = name(flag.name.name)
        let isNumber = word.first?.isNumber == true
        let isNew = word == "SHF_AARCH64_PURECODE" && lld.follows(.aarch64PureCode)
        guard !isNumber, !isNew, !Self.flags.contains(word) else { return nil }
        return LLDStop(
          words: "knows no section flag '\(word)'", subject: word, span: flag.name.span)
      }
    }
  }

  /// `KEEP(*)` and `KEEP(a.o)`: where all of a file is kept, GNU ld needs no list of sections.
  private var keptFiles: [LLDStop] {
    outline.inner.compactMap { statement in
      guard case .inputSections(let input) = statement.kind, input.isKept, !input.hasSectionList,
        let file = input.file
      else { return nil }
      let word = name(file.pattern.name)
      return LLDStop(
        words: "needs a list of sections behind '\(word)' in KEEP: KEEP(\(word)(*))", subject: word,
        span: statement.span)
    }
  }

  /// A pattern for everything takes the relocations that ld.lld writes as well, and those fit into no section of another
  /// type: `section type mismatch for .rela.dyn`.
  private var catchAll: LLDStop? {
    let own = [".rela.dyn", ".rel.dyn", ".rela.plt", ".rel.plt"].map { Array($0.utf8) }
    for (section, _) in outline.sections {
      for statement in section.body {
        guard case .inputSections(let input) = statement.kind, let file = input.file,
          script.names.bytes(file.pattern.name) == Array("*".utf8), file.excludedFiles.isEmpty,
          input.flags.isEmpty, !input.isKept || input.hasSectionList
        else { continue }
        let globs = input.sections.filter(\.excludedFiles.isEmpty)
          .map { script.names.bytes($0.pattern.name) }
        let takesAll =
          !input.hasSectionList
          || globs.contains { $0 == Array("*".utf8) || $0 == Array(".*".utf8) }
        if takesAll {
          if name(section.name.name) == "/DISCARD/" { return nil }
          return LLDStop(
            words:
              "cannot put everything into '\(name(section.name.name))': the pattern takes its own .rela.dyn, too",
            subject: name(section.name.name), span: statement.span)
        }
        // Who takes them first keeps them.
        if globs.contains(where: { glob in own.contains { Glob(glob).matches($0) } }) { return nil }
      }
    }
    return nil
  }

  /// `x += 1;` above every other assignment of x: each pass adds to what the last one left, and `assignment to symbol x
  /// does not converge`.
  private var growing: [LLDStop] {
    let table = program.expressions
    var seen: Set<NameID> = []
    return program.steps.compactMap { step in
      guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter,
        seen.insert(assignment.target.name).inserted, !assignment.kind.isProvide,
        case .binary(let operation, let left, let right) = table[assignment.value],
        table[left] == .symbol(assignment.target.name),
        [.add, .subtract, .bitXor].contains(operation),
        let number = table.foldedValue(right), number != 0
      else { return nil }
      let word = name(assignment.target.name)
      return LLDStop(
        words: "finds no value for '\(word)', which grows in each of its passes", subject: word,
        span: step.span)
    }
  }

  /// INSERT moves the SECTIONS directly in front of it, beside a section that is none of them.
  private var ownInserts: [LLDStop] {
    var moved: [Statement]?
    return script.statements.compactMap { statement in
      defer { if case .sections(let list) = statement.kind { moved = list } else { moved = nil } }
      guard case .names(let command, let names) = statement.kind, let target = names.first,
        command == .insertAfter || command == .insertBefore
      else { return nil }
      let word = name(target.name)
      guard let moved else {
        return LLDStop(
          words: "knows INSERT only directly behind the braces of SECTIONS", subject: word,
          span: statement.span)
      }
      let isOwn = moved.contains { part in
        if case .outputSection(let section) = part.kind {
          section.name.name == target.name
        } else {
          false
        }
      }
      guard isOwn else { return nil }
      return LLDStop(
        words: "cannot put these sections beside '\(word)', which is one of them", subject: word,
        span: statement.span)
    }
  }

  /// `CLASS(c)` in an output section, without a `CLASS(c) { ... }` above it.
  private var unknownClasses: [LLDStop] {
    var known: Set<NameID> = []
    var stops: [LLDStop] = []
    func visit(_ statements: [Statement]) {
      for statement in statements {
        switch statement.kind {
        case .sections(let body), .include(_, let body), .overwriteSections(let body): visit(body)
        case .sectionClass(let name, _): known.insert(name.name)
        case .outputSection(let section): visit(section.body)
        case .classReference(let name) where !known.contains(name.name):
          let word = self.name(name.name)
          stops.append(
            LLDStop(
              words: "knows no section class '\(word)' above this", subject: word,
              span: statement.span))
        default: break
        }
      }
    }
    visit(script.statements)
    return stops
  }
}
