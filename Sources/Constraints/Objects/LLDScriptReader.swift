// Reads a script as lld does: which names its expressions refer to, in which order things were read, and what the parser
// alone notes of a section (lld/ELF/ScriptParser.cpp).

internal import LdsParser

/// What lld notes while it reads a script.
struct LLDReferences {
  /// The symbols that expressions name (`referencedSymbols`).
  var names: [NameID] = []
  /// What each PROVIDE names (`provideMap`).
  var provided: [(name: NameID, names: [NameID])] = []
  var kept: [LLDInputs] = []
  var endsRelro = false
}

/// Reads one script.
final class LLDScriptReader {
  private let link: LLDLink
  private var order = 1
  private var hasDataAlign = false
  private var hasRelroEnd = false
  /// The PROVIDE whose value is read.
  private var provide: NameID?

  init(_ link: LLDLink) { self.link = link }

  func read(_ script: LinkerScript) throws(LayoutStop) {
    readRegions(script.statements)
    for alias in link.script.aliases {
      link.regionsByName[alias.key] = link.regionsByName[alias.value]
    }
    for statement in link.script.statements {
      switch statement {
      case .assignment(let statement):
        // `__load_start_X` of OVERLAY, which is of no text, is GNU ld's alone.
        if statement.assignment.target.span.end == 0 { continue }
        link.commands.append(.assignment(assignment(statement.assignment)))
      case .assertion(let assertion):
        scan(assertion.condition)
        link.commands.append(.assertion(assertion))
      case .section(let section):
        let output = try output(section)
        link.commands.append(.section(output))
        if !section.overlayEnd.isEmpty { endOverlay(of: section.overlayEnd.count) }
      }
    }
    link.references.endsRelro = hasRelroEnd
    guard !hasRelroEnd else { return }
    for output in link.outputs { output.isRelro = false }
  }

  private func readRegions(_ statements: [Statement]) {
    for statement in statements.openingIncludes {
      switch statement.kind {
      case .memory(let list):
        for line in list {
          let region = LLDRegion(line, link.names)
          link.regions.append(region)
          link.regionsByName[region.name] = region
        }
      case .sections(let body): readRegions(body)
      default: break
      }
    }
  }

  private func output(_ section: SectionStatement) throws(LayoutStop) -> LLDOutput {
    if section.alignsWithInput {
      throw .linkerStops("ALIGN_WITH_INPUT is not known to ld.lld")
    }
    if section.isDummy {
      throw .refused("DSECT, which is the address of a symbol to ld.lld, is not modelled")
    }
    let output = link.makeOutput(section.name, statement: section)
    output.isRelro = hasDataAlign && !hasRelroEnd
    switch section.kind {
    case .noLoad:
      output.type = ObjectSection.Kind.noBits
      output.typeIsSet = true
    case .noAllocation: output.isNonAlloc = true
    case .firstOverlay, .overlay:
      if !link.regions.isEmpty {
        throw .refused("OVERLAY beside memory regions is not modelled for ld.lld")
      }
      if section.kind == .firstOverlay, section.address == nil {
        throw .refused("OVERLAY without an address is not modelled for ld.lld")
      }
      try join(output, isFirst: section.kind == .firstOverlay)
    case .readOnly: throw .linkerStops("READONLY is not known to ld.lld")
    default: break
    }
    let before = link.references.names.count
    let address = section.kind == .overlay ? nil : section.address
    for expression in [address, section.loadAddress, section.alignment, section.subalignment] {
      if let expression { scan(expression) }
    }
    for statement in section.body {
      if let command = try command(statement) { output.commands.append(command) }
    }
    output.expressionsUseSymbols = link.references.names.count > before
    return output
  }

  /// Members of an OVERLAY begin where the first does, and are loaded one behind the other.
  private func join(_ output: LLDOutput, isFirst: Bool) throws(LayoutStop) {
    if isFirst {
      output.overlayStart = output
      output.isUsedInExpression = true
    } else if case .section(let before)? = link.commands.last(where: { command in
      if case .section = command { true } else { false }
    }) {
      output.overlayStart = before.overlayStart
      output.overlayBefore = before
    }
  }

  private func endOverlay(of count: Int) {
    let sections = link.commands.compactMap { command in
      if case .section(let output) = command { output } else { nil }
    }
    link.commands.append(.overlayEnd(Array(sections.suffix(count))))
  }

  private func command(_ statement: BodyStatement) throws(LayoutStop) -> LLDCommand? {
    switch statement {
    case .inputs(let inputs):
      let description = try LLDInputs(
        inputs.description, link.names, link.text, link.dialect)
      if description.isKept { link.references.kept.append(description) }
      return .inputs(description)
    case .data(let data):
      guard let value = data.value else { throw .linkerStops("ASCIZ is not known to ld.lld") }
      scan(value)
      return .data(size: data.size, value: value)
    case .assignment(let statement): return .assignment(assignment(statement.assignment))
    case .assertion(let assertion):
      scan(assertion.condition)
      return .assertion(assertion)
    case .placed, .objectSymbols, .other: return nil
    }
  }

  private func assignment(_ assignment: Assignment) -> LLDAssignment {
    let ended = hasRelroEnd
    if assignment.kind.isProvide, link.dialect.follows(.providesReferLate) {
      provide = assignment.target.name
      if !link.references.provided.contains(where: { $0.name == assignment.target.name }) {
        link.references.provided.append((assignment.target.name, []))
      }
    }
    scan(assignment.written)
    provide = nil
    defer { order += 1 }
    // What an option defines counts as defined from the beginning.
    let span = assignment.target.span
    let isOfOption = link.text.isOfOption(span)
    return LLDAssignment(
      assignment, order: isOfOption ? 0 : order, endsRelro: !ended && hasRelroEnd)
  }

  /// Notes what an expression names.
  private func scan(_ expression: ExpressionID) {
    for index in link.script.expressions.nodes(of: expression) {
      switch link.script.expressions[ExpressionID(index: index)] {
      case .symbol(let name):
        if let provide,
          let place = link.references.provided.firstIndex(where: { $0.name == provide })
        {
          link.references.provided[place].names.append(name)
        } else {
          link.references.names.append(name)
        }
      case .nameCall(.defined, _):
        link.definedOrders[index] = order
        order += 1
      case .nameCall(.address, let name), .nameCall(.loadAddress, let name):
        link.namesUsedInExpressions.insert(name)
      case .call2(.dataSegmentAlign, _, _): hasDataAlign = true
      case .call2(.dataSegmentRelroEnd, _, _): hasRelroEnd = true
      default: break
      }
    }
  }
}

extension LLDScriptText {
  /// Whether a place is in an option of the command line.
  func isOfOption(_ span: SourceSpan) -> Bool {
    sources.buffer(span.source).path.bytes.starts(with: "--defsym".utf8)
  }
}
