// One message of a linker, explained: what it means, the statement it is about, what to do next.

public import LdsParser

/// A linker's message with its meaning.
public struct LogExplanation: Sendable {
  /// The message.
  public var message: LinkerMessage
  /// Stable name of its kind; `assertion` for the message of an ASSERT, nil for one that is not known.
  public var kind: String?
  /// What is wrong, in plain words.
  public var meaning: String?
  /// What to do.
  public var next: String?
  /// The statements it is about, in the sources of the program, the first the most likely.
  public var spans: [SourceSpan] = []
  /// What the map tells about it: what fills a region that overflowed.
  public var details: [String] = []
  /// Indices of the ASSERTs with this message, in the order of the program's ASSERT statements.
  public var assertions: [Int] = []

  /// Explains `message`.
  ///
  /// - Parameters:
  ///   - program: the script or map; its ASSERTs are recognised by their messages, and names in messages lead
  ///     to the statements that use them.
  ///   - map: the map that the link wrote.
  public init(_ message: LinkerMessage, program: Program?, map: Image? = nil) {
    self.message = message
    if let program { assertions = Self.assertions(message, program) }
    if !assertions.isEmpty {
      kind = "assertion"
      meaning = "this is the message of an ASSERT whose condition came out as 0"
      next =
        "link once more with -Map=FILE and give that map, too: it is written even if the link fails, and has the "
        + "values behind the condition"
      spans = program.map { Self.assertionSpans(message.text, $0) } ?? []
      return
    }
    guard let (known, holes) = LinkerMessageKind.recognise(message.text) else { return }
    kind = known.id
    meaning = known.meaning
    next = known.next
    if known.id == "unplaced-orphan",
      let name = holes.first(where: { $0.subject == .section })?.name
    {
      next = Self.orphanAdvice(String(decoding: name, as: UTF8.self), known.next)
    }
    if let map, let region = holes.firstIndex(where: { $0.subject == .region }),
      let fill = RegionFill(
        holes[region].name,
        overflow: holes[(region + 1)...].lazy.compactMap { Self.number($0.name) }.first, in: map)
    {
      details = [fill.summary] + fill.rows
    }
    if known.id == "region-overflow", details.isEmpty {
      next =
        "link once more with -Map=FILE and give that map, too: it tells what fills the region; then "
        + known.next
    }
    if let program {
      spans = holes.flatMap { Self.statements(about: $0.name, $0.subject, program) }
    }
  }

  /// Whether the message has a meaning that is known.
  public var isRecognised: Bool { kind != nil }

  /// lld takes its own tables for orphans, too, and refuses to discard them.
  private static func orphanAdvice(_ name: String, _ others: String) -> String {
    [".symtab", ".strtab", ".shstrtab"].contains(name)
      ? "add '\(name) 0 : { *(\(name)) }': lld counts the tables that it makes itself"
      : "add '*(\(name))' " + others
  }

  private static func number(_ bytes: [UInt8]) -> UInt64? {
    UInt64(String(decoding: bytes, as: UTF8.self))
  }

  private static func assertions(_ message: LinkerMessage, _ program: Program) -> [Int] {
    guard message.severity == .error, let name = program.names.find(message.text) else { return [] }
    var found: [Int] = []
    var index = 0
    for step in program.steps {
      guard case .assertion(let assertion) = step.action else { continue }
      if assertion.message.name == name { found.append(index) }
      index += 1
    }
    return found
  }

  private static func assertionSpans(_ text: [UInt8], _ program: Program) -> [SourceSpan] {
    program.steps.compactMap { step in
      guard case .assertion(let assertion) = step.action,
        program.names.bytes(assertion.message.name) == text
      else { return nil }
      return step.span
    }
  }

  private static func statements(
    about name: [UInt8], _ subject: MessageSubject, _ program: Program
  ) -> [SourceSpan] {
    guard let id = program.names.find(name) else { return [] }
    switch subject {
    case .symbol:
      let users = program.steps.filter { step in
        expression(of: step).map { uses(id, $0, program) } ?? false
      }
      return users.prefix(4).map(\.span)
    case .section:
      return program.steps.compactMap { step in
        if case .enter(let section) = step.action, program.sections[section].name == id {
          return step.span
        }
        return nil
      }
    case .region:
      return program.regions.filter { $0.name == id }.map { program.expressions.span($0.length) }
    case .text: return []
    }
  }

  private static func expression(of step: Step) -> ExpressionID? {
    switch step.action {
    case .assignment(let assignment): assignment.value
    case .assertion(let assertion): assertion.condition
    case .data(_, let value): value
    default: nil
    }
  }

  private static func uses(_ name: NameID, _ expression: ExpressionID, _ program: Program) -> Bool {
    program.expressions.nodes(of: expression).contains { index in
      if case .symbol(name) = program.expressions[ExpressionID(index: index)] { return true }
      return false
    }
  }
}
