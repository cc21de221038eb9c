// Where the names of a script stand: what each is, and the bytes of the author's text that spell it.

internal import LdsParser

/// One place where a name stands.
struct NameOccurrence {
  enum Kind: Hashable {
    case symbol, section, region, segment, pattern, file
  }
  var kind: Kind
  var name: [UInt8]
  var isDefinition: Bool
  /// Where it stands in the text that the linker reads.
  var span: SourceSpan
  /// The author's bytes that spell it, quotes included; nil where they are put together by a macro.
  var spelled: SourceSpan?
}

/// Every name of one script, in the order of the tree.
struct OccurrenceTable {
  private(set) var all: [NameOccurrence] = []
  private let script: LinkerScript

  init(_ script: LinkerScript, main: SourceID) {
    self.script = script
    walk(script.statements)
  }

  /// The occurrence that is spelled at `offset` of an author's file, the narrowest.
  func at(_ offset: Int, in source: SourceID) -> NameOccurrence? {
    all.filter { occurrence in
      guard let spelled = occurrence.spelled, spelled.source == source else { return false }
      return Int(spelled.start) <= offset && offset <= Int(spelled.end)
    }.min { ($0.spelled?.range.count ?? 0) < ($1.spelled?.range.count ?? 0) }
  }

  /// Every place of a name of one kind.
  func of(_ kind: NameOccurrence.Kind, _ name: [UInt8]) -> [NameOccurrence] {
    all.filter { $0.kind == kind && $0.name == name }
  }

  // MARK: - The tree

  private mutating func walk(_ statements: [Statement]) {
    // The parser bounds how deep lists are nested.
    for statement in statements { walk(statement) }
  }

  private mutating func walk(_ statement: Statement) {
    switch statement.kind {
    case .assignment(let assignment):
      if !assignment.isLocationCounter { add(.symbol, assignment.target, isDefinition: true) }
      add(assignment.written)
    case .assertion(let assertion): add(assertion.condition)
    case .entry(let name): add(.symbol, name)
    case .sections(let list), .sectionGroup(let list): walk(list)
    case .memory(let regions):
      for region in regions {
        add(.region, region.name, isDefinition: true)
        add(region.origin)
        add(region.length)
      }
    case .programHeaders(let headers):
      for header in headers { add(.segment, header.name, isDefinition: true) }
    case .outputSection(let section): walk(section)
    case .overlay(let overlay): walk(overlay)
    case .inputSections(let inputs): walk(inputs)
    case .data(_, let value), .fill(let value): add(value)
    case .input(let files, _): for file in files { add(.file, file.name) }
    case .include(let name, let list):
      add(.file, name)
      walk(list)
    case .names(let command, let names): walk(command, names)
    case .sectionClass(_, let list), .overwriteSections(let list): walk(list)
    case .version, .ascii, .linkerVersion, .constructors, .createObjectSymbols, .classReference,
      .bare, .empty:
      break
    }
  }

  private mutating func walk(_ section: OutputSectionDescription) {
    add(.section, section.name, isDefinition: true)
    for value in [section.address, section.loadAddress, section.alignment, section.subalignment] {
      if let value { add(value) }
    }
    walk(section.body)
    walk(section.tail)
  }

  private mutating func walk(_ overlay: OverlayDescription) {
    for value in [overlay.address, overlay.loadAddress, overlay.subalignment] {
      if let value { add(value) }
    }
    for member in overlay.members {
      add(.section, member.name, isDefinition: true)
      walk(member.body)
      for header in member.programHeaders { add(.segment, header) }
    }
    walk(overlay.tail)
  }

  private mutating func walk(_ tail: OutputSectionTail) {
    for region in [tail.region, tail.loadRegion] { if let region { add(.region, region) } }
    for header in tail.programHeaders { add(.segment, header) }
    if let fill = tail.fill { add(fill) }
  }

  private mutating func walk(_ inputs: InputSectionDescription) {
    for pattern in inputs.sections { add(.pattern, pattern.pattern) }
  }

  private mutating func walk(_ command: NameCommand, _ names: [SpannedName]) {
    for (index, name) in names.enumerated() {
      switch command {
      case .extern: add(.symbol, name)
      case .regionAlias: add(.region, name, isDefinition: index == 0)
      case .noCrossReferences, .noCrossReferencesTo, .insertAfter, .insertBefore:
        add(.section, name)
      default: break
      }
    }
  }

  private mutating func add(_ value: ExpressionID) {
    let table = script.expressions
    for index in table.nodes(of: value) {
      let id = ExpressionID(index: index)
      switch table[id] {
      case .symbol(let name): add(.symbol, script.names.bytes(name), table.span(id), false)
      case .nameCall(let function, let name):
        guard let kind = Self.kind(function) else { continue }
        let bytes = script.names.bytes(name)
        if let span = place(of: bytes, in: table.span(id)) { add(kind, bytes, span, false) }
      default: break
      }
    }
  }

  private static func kind(_ function: NameFunction) -> NameOccurrence.Kind? {
    switch function {
    case .sizeOf, .address, .loadAddress, .alignOf: .section
    case .defined: .symbol
    case .origin, .length: .region
    case .constant: nil
    }
  }

  /// The name in `SIZEOF(name)`: the last words before the closing parenthesis.
  private func place(of name: [UInt8], in call: SourceSpan) -> SourceSpan? {
    let bytes = script.sources.buffer(call.source).bytes(in: call.range)
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")) else { return nil }
    var start = open + 1
    while start + name.count <= bytes.count {
      if bytes[start...].starts(with: name) {
        return SourceSpan(
          source: call.source, start: call.start + UInt32(truncatingIfNeeded: start),
          end: call.start + UInt32(truncatingIfNeeded: start + name.count))
      }
      start += 1
    }
    return nil
  }

  private mutating func add(
    _ kind: NameOccurrence.Kind, _ name: SpannedName, isDefinition: Bool = false
  ) {
    var span = name.span
    if name.isQuoted, span.range.count >= 2 {
      span.start += 1
      span.end -= 1
    }
    add(kind, script.names.bytes(name.name), span, isDefinition)
  }

  private mutating func add(
    _ kind: NameOccurrence.Kind, _ name: [UInt8], _ span: SourceSpan, _ isDefinition: Bool
  ) {
    all.append(
      NameOccurrence(
        kind: kind, name: name, isDefinition: isDefinition, span: span,
        spelled: spelled(span, as: name)))
  }

  /// The author's bytes that spell `name` at `span`; nil where no piece of a file does.
  private func spelled(_ span: SourceSpan, as name: [UInt8]) -> SourceSpan? {
    guard let origins = script.sources.origins(span.source), !origins.runs.isEmpty else {
      return span
    }
    guard span.end > span.start, let first = origins.run(at: span.start),
      let last = origins.run(at: span.end - 1), first.spelled.source == last.spelled.source
    else { return nil }
    var place = first.spelled.extended(to: last.spelled)
    let shift = span.start &- first.offset
    // A name inside a longer piece, such as a string.
    if place.range.count > name.count {
      place.start += shift
      place.end = place.start + UInt32(truncatingIfNeeded: name.count)
    }
    guard script.sources.origins(place.source)?.runs.isEmpty ?? true,
      script.sources.buffer(place.source).bytes(in: place.range) == name
    else { return nil }
    return place
  }
}
