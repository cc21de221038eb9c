// Spells a script out into steps.

public import LdsParser

extension Program {
  /// The steps of a script.
  public init(_ script: LinkerScript) {
    self.init(
      names: script.names, expressions: script.expressions, sources: script.sources)
    let overwritten = Self.overwritten(by: script.statements)
    for statement in script.statements { append(statement, in: .top, overwritten) }
    indexAssignments()
  }

  private typealias Descriptions = [NameID: OutputSectionDescription]

  /// The descriptions of OVERWRITE_SECTIONS, each of which stands for another of its name (lld/ELF/LinkerScript.cpp,
  /// processSectionCommands).
  private static func overwritten(by statements: [Statement]) -> Descriptions {
    var result: Descriptions = [:]
    for case .overwriteSections(let body) in statements.openingIncludes.map(\.kind) {
      for case .outputSection(let section) in body.map(\.kind) {
        result[section.name.name] = section
      }
    }
    return result
  }

  private mutating func append(
    _ statement: Statement, in context: StatementContext, _ overwritten: Descriptions = [:]
  ) {
    let span = statement.span
    switch statement.kind {
    case .assignment(let assignment):
      steps.append(Step(.assignment(assignment), in: context, span: span))
    case .assertion(let assertion):
      steps.append(Step(.assertion(assertion), in: context, span: span))
    case .sections(let body):
      for inner in body { append(inner, in: .between, overwritten) }
    case .include(_, let body), .sectionGroup(let body):
      for inner in body { append(inner, in: context, overwritten) }
    case .outputSection(let description):
      append(overwritten[description.name.name] ?? description, span: span)
    case .overlay(let overlay): append(overlay, span: span)
    case .inputSections, .classReference: steps.append(Step(.inputs, in: context, span: span))
    case .data(let width, let value):
      steps.append(
        Step(.data(byteCount: width.byteCount, value: value), in: context, span: span))
    case .ascii(let text):
      let count = UInt64(names.bytes(text.name).count) + 1
      steps.append(Step(.data(byteCount: count, value: nil), in: context, span: span))
    case .linkerVersion, .constructors, .createObjectSymbols:
      steps.append(Step(.opaqueData, in: context, span: span))
    case .memory(let list):
      for region in list { add(region) }
    case .names(let command, let operands): note(command, operands)
    case .programHeaders(let list):
      if list.contains(where: { $0.loadAddress != nil }) {
        loading.headers = .loaded
      } else if loading.headers == .none {
        loading.headers = .named
      }
    case .entry, .version, .fill, .input, .bare, .empty, .sectionClass, .overwriteSections: break
    }
  }

  private mutating func note(_ command: NameCommand, _ operands: [SpannedName]) {
    switch command {
    case .feature:
      // ld compares features without regard to case (ldlex.l, LD_FEATURE).
      isSane =
        isSane
        || operands.contains { operand in
          names.bytes(operand.name).map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
            == Array("SANE_EXPR".utf8)
        }
    case .regionAlias:
      if operands.count == 2 { regionAliases[operands[0].name] = operands[1].name }
    case .outputFormat: outputFormats += operands.map(\.name)
    case .outputArchitecture: architectures += operands.map(\.name)
    case .insertAfter, .insertBefore: hasInsert = true
    default: break
    }
  }

  private mutating func append(_ description: OutputSectionDescription, span: SourceSpan) {
    if description.tail.loadRegion != nil {
      loading.sections = .regions
    } else if description.loadAddress != nil {
      loading.sections = max(loading.sections, .addresses)
    }
    let index = addSection(
      description.name.name, description: description,
      setsSymbols: Self.setsSymbols(description.body))
    appendBody(description.body, of: index, name: description.name.span, span: span)
  }

  private mutating func appendBody(
    _ body: [Statement], of index: Int, name: SourceSpan, span: SourceSpan
  ) {
    steps.append(Step(.enter(index), in: .between, span: name))
    for inner in body { append(inner, in: .inside(index)) }
    steps.append(Step(.leave(index), in: .between, span: span))
  }

  /// Members share a start address; after the overlay the location counter is behind the largest. Each
  /// member provides `__load_start_NAME` and `__load_stop_NAME` (ld-semantics 4).
  private mutating func append(_ overlay: OverlayDescription, span: SourceSpan) {
    var members: [Int] = []
    loading.sections = max(loading.sections, .addresses)
    for member in overlay.members {
      let index = addSection(member.name.name, setsSymbols: Self.setsSymbols(member.body))
      members.append(index)
      appendBody(member.body, of: index, name: member.name.span, span: member.span)
    }
    steps.append(Step(.endOverlay(members), in: .between, span: span))
    for member in overlay.members { appendLoadSymbols(member) }
  }

  private mutating func appendLoadSymbols(_ member: OverlayMember) {
    let section = member.name.name
    let letters = names.bytes(section).filter { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x5F
    }
    let start = expressions.append(.nameCall(.loadAddress, section), span: member.span)
    appendProvide(Array("__load_start_".utf8) + letters, start, span: member.span)
    let again = expressions.append(.nameCall(.loadAddress, section), span: member.span)
    let size = expressions.append(.nameCall(.sizeOf, section), span: member.span)
    let stop = expressions.append(.binary(.add, again, size), span: member.span)
    appendProvide(Array("__load_stop_".utf8) + letters, stop, span: member.span)
  }

  private mutating func appendProvide(
    _ symbol: [UInt8], _ value: ExpressionID, span: SourceSpan
  ) {
    let assignment = Assignment(
      target: SpannedName(names.intern(symbol), span: span), isLocationCounter: false,
      compound: nil, value: value, written: value, kind: .provide)
    steps.append(Step(.assignment(assignment), in: .between, span: span))
  }

  private static func setsSymbols(_ body: [Statement]) -> Bool {
    body.openingIncludes.contains { if case .assignment = $0.kind { true } else { false } }
  }
}

// What INSERT does to the order of statements: `SECTIONS { .note : { start = .; } } INSERT AFTER .text` moves the
// output section with all that stands in it (GNU ld also what stands around it in its SECTIONS).
extension Program {
  /// Whether the order of a step and all assignments to a symbol is that of the script. Those of one output section
  /// stay in order, and a symbol with one assignment has the same value in every pass but the first.
  func keepsOrder(of name: NameID, with step: Int) -> Bool {
    guard hasInsert, let steps = assignments[name], steps.count > 1 else { return true }
    return haveOneContext(steps) && steps.contains { isInContext(step, of: $0) }
  }

  /// Whether a step is the one that gives a symbol its final value.
  func isLastAssignment(_ step: Int, of name: NameID) -> Bool {
    guard let steps = assignments[name], steps.last == step else { return false }
    return !hasInsert || haveOneContext(steps)
  }

  private func haveOneContext(_ steps: [Int]) -> Bool {
    steps.allSatisfy { isInContext($0, of: steps[0]) }
  }

  /// Whether two steps stand in the same output section, or both at the top of the script: INSERT of GNU ld moves
  /// what stands in SECTIONS, outside output sections, as well.
  private func isInContext(_ step: Int, of other: Int) -> Bool {
    guard steps.indices.contains(step), steps.indices.contains(other) else { return false }
    return steps[step].context == steps[other].context && steps[step].context != .between
  }
}
