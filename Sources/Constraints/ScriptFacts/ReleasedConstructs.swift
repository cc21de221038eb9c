// What some releases of linkers take in a script and others refuse, each with the rule of the table of linkers that says
// which.

import LdsParser

/// A construct that not every linker takes.
struct ReleasedConstruct {
  /// What it is called in a sentence.
  let name: String
  /// Who takes it.
  let rule: LinkerRule
  let span: SourceSpan
}

extension ScriptFacts {
  /// Every one of them, in no particular order.
  var releasedConstructs: [ReleasedConstruct] {
    releasedExpressions + releasedCommands + releasedSections + releasedAssignments
      + releasedRegions
  }

  private var releasedExpressions: [ReleasedConstruct] {
    let table = script.expressions
    return self.nodes.compactMap { id in
      let span = table.span(id)
      switch table[id] {
      case .unary(.plus, _):
        return ReleasedConstruct(name: "'+' before a value", rule: .unaryPlus, span: span)
      case .call1(.align, _) where bytes(span).starts(with: "BLOCK".utf8):
        return ReleasedConstruct(name: "BLOCK", rule: .blockFunction, span: span)
      default: return nil
      }
    }
  }

  private var releasedCommands: [ReleasedConstruct] {
    let named = outline.commands.compactMap { command, span -> ReleasedConstruct? in
      switch command {
      case .noCrossReferences, .noCrossReferencesTo:
        ReleasedConstruct(name: command.rawValue, rule: .noCrossReferences, span: span)
      case .systemLibraries:
        ReleasedConstruct(name: command.rawValue, rule: .oldCommands, span: span)
      default: nil
      }
    }
    let bare = outline.bareCommands.compactMap { command, span -> ReleasedConstruct? in
      switch command {
      case .forceGroupAllocation, .inhibitCommonAllocation:
        ReleasedConstruct(name: command.rawValue, rule: .oldCommands, span: span)
      default: nil
      }
    }
    let headers = outline.headers.compactMap { header -> ReleasedConstruct? in
      guard case .symbol(let name) = script.expressions[header.type] else { return nil }
      switch self.name(name) {
      case "PT_GNU_PROPERTY":
        return ReleasedConstruct(
          name: "PT_GNU_PROPERTY", rule: .propertyHeaderType, span: header.span)
      case "PT_GNU_RELRO":
        return ReleasedConstruct(name: "PT_GNU_RELRO", rule: .relroHeaderType, span: header.span)
      default: return nil
      }
    }
    let formats = outline.outputFormats.compactMap { format in
      // `OUTPUT_FORMAT(a,b,c)` is one name to GNU ld and three to lld.
      let word = String(name(format.name).prefix { $0 != "," })
      return LinkerRule.outputFormat(word).map { rule in
        ReleasedConstruct(name: "OUTPUT_FORMAT(\(word))", rule: rule, span: format.span)
      }
    }
    return named + bare + headers + formats
  }

  private var releasedSections: [ReleasedConstruct] {
    let own = outline.sections.compactMap { section, span -> ReleasedConstruct? in
      if section.constraint == .special {
        return ReleasedConstruct(name: "SPECIAL", rule: .specialConstraint, span: span)
      }
      if case .type = section.type {
        return ReleasedConstruct(name: "TYPE=", rule: .typeNumber, span: span)
      }
      return nil
    }
    let overlays = outline.overlays.flatMap { overlay, span -> [ReleasedConstruct] in
      var found: [ReleasedConstruct] = []
      if overlay.address == nil || overlay.loadAddress == nil {
        found.append(
          ReleasedConstruct(
            name: "OVERLAY without address or AT", rule: .floatingOverlay, span: span))
      }
      if overlay.forbidsCrossReferences {
        found.append(
          ReleasedConstruct(
            name: "NOCROSSREFS of an OVERLAY", rule: .overlayNoCrossReferences, span: span))
      }
      if overlay.tail.fill != nil {
        found.append(
          ReleasedConstruct(name: "a fill behind an OVERLAY", rule: .overlayFill, span: span))
      }
      return found
    }
    let patterns = outline.inner.compactMap { statement -> ReleasedConstruct? in
      guard case .inputSections(let input) = statement.kind, let file = input.file,
        !file.sorts.isEmpty
      else { return nil }
      return ReleasedConstruct(name: "sorted files", rule: .sortedFiles, span: statement.span)
    }
    return own + overlays + patterns
  }

  private var releasedAssignments: [ReleasedConstruct] {
    program.steps.compactMap { step in
      switch step.action {
      case .assignment(let assignment):
        if assignment.kind.isProvide, assignment.compound != nil {
          return ReleasedConstruct(name: "PROVIDE(x += y)", rule: .compoundProvide, span: step.span)
        }
      // Behind an ASSERT in an output section lld takes it for the name of a file.
      case .assertion where step.context == .top || step.context == .between: break
      default: return nil
      }
      if case .assignment(let assignment) = step.action,
        step.context == .top || step.context == .between, assignment.compound == nil,
        SignText(script, assignment.target.span, upTo: Int(step.span.end)).runsOn("=")
      {
        return ReleasedConstruct(
          name: "'=' with a blank before and none behind", rule: .assignmentsSplitWords,
          span: step.span)
      }
      guard byteBehind(step.span) == UInt8(ascii: ",") else { return nil }
      return ReleasedConstruct(
        name: "',' behind a statement", rule: .commaSeparator, span: step.span)
    }
  }

  private var releasedRegions: [ReleasedConstruct] {
    outline.regions.flatMap { region -> [ReleasedConstruct] in
      var found: [ReleasedConstruct] = []
      let letters = region.attributes.flatMap { script.names.bytes($0.name.name) }
      if letters.contains(where: { !"rwxaRWXA!".utf8.contains($0) }) {
        found.append(
          ReleasedConstruct(
            name: "memory attributes other than r, w, x, a", rule: .moreMemoryAttributes,
            span: region.span))
      }
      let end = Int(program.expressions.span(region.origin).end)
      let text = SignText(script, region.name.span, upTo: Int(region.span.end))
      if text.hasBlankInParentheses {
        found.append(
          ReleasedConstruct(
            name: "memory attributes with blanks between", rule: .memorySigns, span: region.span))
      }
      if text.runsOn(":") || text.runsOn("=") || text.from(end).runsOn("=") {
        found.append(
          ReleasedConstruct(
            name: "':' and '=' without a blank behind in MEMORY", rule: .memorySigns,
            span: region.span))
      }
      return found
    }
  }

  /// The first byte behind a statement that is no blank.
  private func byteBehind(_ span: SourceSpan) -> UInt8? {
    let buffer = script.sources.buffer(span.source)
    let start = Int(span.end)
    return buffer.bytes(in: start..<min(buffer.count, start + 64)).first {
      $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D
    }
  }
}

/// The text behind a name of a statement, in which signs are looked for.
private struct SignText {
  private let bytes: [UInt8]
  private let start: Int

  init(_ script: LinkerScript, _ name: SourceSpan, upTo end: Int) {
    start = Int(name.end)
    let buffer = script.sources.buffer(name.source)
    bytes = start < end ? Array(buffer.bytes(in: start..<min(end, buffer.count))) : []
  }

  private init(_ bytes: [UInt8], _ start: Int) {
    self.bytes = bytes
    self.start = start
  }

  /// The part from `offset` of the file on.
  func from(_ offset: Int) -> SignText {
    SignText(Array(bytes.dropFirst(offset - start)), offset)
  }

  /// Whether the first `sign` outside of comments and parentheses has a byte directly behind it that lld takes for a part
  /// of the same word.
  func runsOn(_ sign: Character) -> Bool {
    guard let sign = sign.asciiValue else { return false }
    var depth = 0
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if bytes[at...].starts(with: "/*".utf8) {
        at += 2
        while at < bytes.count, !bytes[at...].starts(with: "*/".utf8) { at += 1 }
        at += 2
        continue
      }
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if byte == sign, depth == 0 { return at + 1 < bytes.count && Self.isInWord(bytes[at + 1]) }
      at += 1
    }
    return false
  }

  /// Whether there is a blank between the words of the first parentheses.
  var hasBlankInParentheses: Bool {
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
      bytes[..<open].allSatisfy(Self.isBlank),
      let close = bytes[open...].firstIndex(of: UInt8(ascii: ")"))
    else { return false }
    return bytes[(open + 1)..<close].split(whereSeparator: Self.isBlank).count > 1
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  /// Outside of expressions lld cuts at blanks, brackets, quotes, commas and semicolons only (ScriptLexer.cpp).
  private static func isInWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: "_.$/\\~=+[]*?-!^:".utf8.contains(byte)
    }
  }
}
