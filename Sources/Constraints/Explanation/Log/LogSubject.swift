// What a log is explained with: the scripts that were linked, or the map alone.

public import LdsParser

/// A place in one of the sources of a script or map.
public struct LogPlace: Sendable {
  /// What the span points into.
  public var sources: SourceSet
  /// The text.
  public var span: SourceSpan

  /// The text at `span`.
  public init(_ span: SourceSpan, in sources: SourceSet) {
    self.sources = sources
    self.span = span
  }
}

/// The scripts and the map of the link that a log is of.
public struct LogSubject: Sendable {
  /// A script or map in steps.
  struct Part: Sendable {
    let program: Program
    /// Nil for a map.
    let outline: ScriptOutline?
    /// Why the linker does not read the script; nil for one that it reads, and for a map.
    let refusal: Diagnostic?
    /// `INSERT` with the section that it names.
    let inserts: [(anchor: NameID, span: SourceSpan)]
  }

  let parts: [Part]
  /// The map that the link wrote.
  let map: Image?
  /// The script, where the link has one.
  let script: LinkerScript?
  /// Whether the linker was asked for a map and wrote none.
  public var wroteNoMap = false
  /// Whether the linker speaks another language than English.
  let isTranslated: Bool

  /// - Parameters:
  ///   - scripts: every script of the link.
  ///   - program: what stands in for them where there is none: the statements of a map.
  ///   - map: the map that the link wrote.
  ///   - isTranslated: whether the linker speaks another language than English.
  public init(
    scripts: [LinkerScript], program: Program? = nil, map: Image? = nil, isTranslated: Bool = false
  ) {
    self.map = map
    script = scripts.count == 1 ? scripts[0] : nil
    self.isTranslated = isTranslated
    let parts = scripts.map {
      Part(
        program: Program($0), outline: ScriptOutline($0), refusal: Self.refusal(of: $0),
        inserts: Self.inserts($0.statements))
    }
    self.parts =
      parts.isEmpty
      ? program.map { [Part(program: $0, outline: nil, refusal: nil, inserts: [])] } ?? [] : parts
  }

  /// Whether there is neither a script nor a map.
  public var isEmpty: Bool { parts.isEmpty }

  private static func inserts(_ statements: [Statement]) -> [(anchor: NameID, span: SourceSpan)] {
    statements.openingIncludes.flatMap { statement -> [(anchor: NameID, span: SourceSpan)] in
      switch statement.kind {
      case .names(let command, let names)
      where command == .insertAfter || command == .insertBefore:
        names.map { ($0.name, statement.span) }
      default: []
      }
    }
  }

  // MARK: Text

  private static func refusal(of script: LinkerScript) -> Diagnostic? {
    script.diagnostics.first { $0.id == .needsPreprocessor }
      ?? script.diagnostics.first { $0.severity == .error && $0.id != .includeNotFound }
  }

  /// What is wrong with the text of the script that `message` is about.
  ///
  /// A linker stumbles at the mistake or behind it: what the script has only below that line is of another state of it.
  func refusal(behind message: LinkerMessage) -> (fault: Diagnostic, place: LogPlace)? {
    for part in parts {
      guard let fault = part.refusal, let span = fault.span else { continue }
      let sources = part.program.sources
      let position = sources.position(of: span)
      if let file = message.file,
        FilePath(bytes: file).lastComponent == position.path.lastComponent
      {
        // GNU ld gives the end of a script the number 0.
        guard message.line.map({ $0 == 0 || position.line <= $0 }) != false else { continue }
      } else if parts.count > 1 {
        continue
      }
      return (fault, LogPlace(span, in: sources))
    }
    return nil
  }

  // MARK: ASSERTs

  /// An ASSERT of the input.
  struct FoundAssertion {
    let place: LogPlace
    let message: [UInt8]
  }

  /// The ASSERTs with the message that a linker printed as `printed` and the lines behind.
  ///
  /// Blanks at the ends of lines do not count: CI services and cargo move them.
  func assertions(printed: [UInt8], following: [[UInt8]]) -> [FoundAssertion] {
    let first = Self.lines(printed)
    guard !first.isEmpty else { return [] }
    let all = first + following.map { Self.trimmed($0[...]) }
    func found(_ name: NameID, at span: SourceSpan, _ program: Program) -> FoundAssertion? {
      let bytes = program.names.bytes(name)
      let lines = Self.lines(bytes)
      guard lines.count >= first.count, all.starts(with: lines) else { return nil }
      return FoundAssertion(place: LogPlace(span, in: program.sources), message: bytes)
    }
    return parts.flatMap { part -> [FoundAssertion] in
      let stated = part.program.steps.flatMap { step -> [FoundAssertion] in
        Self.messages(of: step, part.program).compactMap {
          found($0, at: step.span, part.program)
        }
      }
      if !stated.isEmpty { return stated }
      // `BYTE(ASSERT(...))` and `.text ASSERT(...) : { }` are no statements of their own.
      let table = part.program.expressions
      return (0..<table.count).compactMap { index in
        let id = ExpressionID(index: UInt32(index))
        guard case .assertion(_, let message) = table[id] else { return nil }
        return found(message, at: table.span(id), part.program)
      }
    }
  }

  /// The messages of a step's ASSERT, or of those inside the value that it assigns.
  private static func messages(of step: Step, _ program: Program) -> [NameID] {
    switch step.action {
    case .assertion(let assertion): [assertion.message.name]
    case .assignment(let assignment):
      program.expressions.nodes(of: assignment.value).compactMap { index in
        guard case .assertion(_, let message) = program.expressions[ExpressionID(index: index)]
        else { return nil }
        return message
      }
    default: []
    }
  }

  private static func lines(_ text: [UInt8]) -> [[UInt8]] {
    text.split(separator: 0x0A).map { trimmed($0) }.filter { !$0.isEmpty }
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    return Array(line.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }

  // MARK: Names

  /// Where the input speaks of a name, what defines it first.
  func places(of name: [UInt8], _ hole: MessageHole) -> [LogPlace] {
    parts.flatMap { part -> [LogPlace] in
      guard let id = part.program.names.find(name) else { return [] }
      return spans(of: id, hole, part).map { LogPlace($0, in: part.program.sources) }
    }
  }

  private func spans(of name: NameID, _ hole: MessageHole, _ part: Part) -> [SourceSpan] {
    switch hole {
    case .symbol:
      let set = (part.program.assignments[name] ?? []).map { part.program.steps[$0].span }
      return set.isEmpty ? users(part.program) { $0 == .symbol(name) } : set
    case .section:
      let described = sections(part, called: name)
      guard described.isEmpty else { return described }
      return users(part.program) { node in
        if case .nameCall(let function, name) = node { return function.isOfSection }
        return false
      }
    case .region: return regions(part, called: name) + regionUsers(part, of: name)
    case .segment:
      let declared = part.outline?.headers.filter { $0.name.name == name }.map(\.span) ?? []
      let used = part.outline?.sections.flatMap(\.section.tail.programHeaders) ?? []
      return declared + used.filter { $0.name == name }.map(\.span)
    case .anchor: return part.inserts.filter { $0.anchor == name }.map(\.span)
    case .file, .number, .hex, .word, .text: return []
    }
  }

  private func sections(_ part: Part, called name: NameID) -> [SourceSpan] {
    part.program.steps.compactMap { step in
      guard case .enter(let section) = step.action, part.program.sections[section].name == name
      else { return nil }
      return step.span
    }
  }

  private func regions(_ part: Part, called name: NameID) -> [SourceSpan] {
    guard let outline = part.outline else {
      return part.program.regions.filter { $0.name == name }.map {
        part.program.expressions.span($0.length)
      }
    }
    return outline.regions.filter { $0.name.name == name }.map(\.span)
  }

  /// Sections that go to a region, and expressions that ask for it.
  private func regionUsers(_ part: Part, of name: NameID) -> [SourceSpan] {
    let tails = part.outline?.sections.flatMap { section, _ in
      [section.tail.region, section.tail.loadRegion].compactMap { $0 }
    }
    let placed = (tails ?? []).filter { $0.name == name }.map(\.span)
    return expressions(part, askingFor: name) + placed
  }

  /// Statements with `ORIGIN(name)` or `LENGTH(name)`.
  private func expressions(_ part: Part, askingFor name: NameID) -> [SourceSpan] {
    users(part.program) {
      $0 == .nameCall(.origin, name) || $0 == .nameCall(.length, name)
    }
  }

  /// The statements, at most four, with an expression of which a node is `wanted`.
  private func users(
    _ program: Program, _ wanted: (ExpressionNode) -> Bool
  ) -> [SourceSpan] {
    let steps = program.steps.filter { step in
      guard let expression = step.expression else { return false }
      return program.expressions.nodes(of: expression).contains {
        wanted(program.expressions[ExpressionID(index: $0)])
      }
    }
    return steps.prefix(4).map(\.span)
  }

  /// Where a region is asked for in front of the MEMORY command that declares it; nil if it is not, or not declared.
  func useBeforeDeclaration(ofRegion name: [UInt8]) -> (use: LogPlace, declaration: LogPlace)? {
    for part in parts {
      guard let id = part.program.names.find(name),
        let declaration = regions(part, called: id).first
      else { continue }
      for use in expressions(part, askingFor: id)
      where use.source == declaration.source && use.start < declaration.start {
        let sources = part.program.sources
        return (LogPlace(use, in: sources), LogPlace(declaration, in: sources))
      }
    }
    return nil
  }

  /// What gives an output section its address: '. = X' in front of it, or the address that it is described with.
  func placement(ofSection name: [UInt8]) -> [LogPlace] {
    parts.compactMap { part -> LogPlace? in
      guard let id = part.program.names.find(name) else { return nil }
      return placement(of: id, part.program).map { LogPlace($0, in: part.program.sources) }
    }
  }

  private func placement(of name: NameID, _ program: Program) -> SourceSpan? {
    let entry = program.steps.firstIndex { step in
      if case .enter(let section) = step.action { return program.sections[section].name == name }
      return false
    }
    guard var index = entry, case .enter(let section) = program.steps[index].action else {
      return nil
    }
    if let address = program.sections[section].description?.address {
      return program.expressions.span(address)
    }
    while index > 0 {
      index -= 1
      switch program.steps[index].action {
      case .assignment(let assignment) where assignment.isLocationCounter:
        return program.steps[index].span
      case .assignment, .assertion: continue
      default: return nil
      }
    }
    return nil
  }

  /// Entries of PHDRS that cover the file or program headers.
  var headerEntries: [LogPlace] {
    parts.flatMap { part in
      (part.outline?.headers ?? []).filter { $0.hasFileHeader || $0.hasProgramHeaders }.map {
        LogPlace($0.span, in: part.program.sources)
      }
    }
  }

  /// Where the scripts ask for a file that the linker is to load, and whether they do so inside an output section.
  func request(ofFile name: [UInt8]) -> (place: LogPlace, isBare: Bool)? {
    for part in parts {
      guard let outline = part.outline, let id = part.program.names.find(name) else { continue }
      let sources = part.program.sources
      if let file = outline.inputs.first(where: { $0.name == id }) {
        return (LogPlace(file.span, in: sources), false)
      }
      if let file = outline.bareFiles.first(where: { $0.name == id }) {
        return (LogPlace(file.span, in: sources), true)
      }
    }
    return nil
  }

  /// Symbols that the scripts set, each once, sorted.
  var assignedSymbols: [String] {
    Set(parts.flatMap { part in part.program.assignments.keys.map(part.program.names.string) })
      .sorted()
  }
}

extension NameFunction {
  /// Whether its operand is an output section.
  fileprivate var isOfSection: Bool {
    switch self {
    case .sizeOf, .address, .loadAddress, .alignOf: true
    case .defined, .constant, .origin, .length: false
    }
  }
}
