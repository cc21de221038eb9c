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
  /// Indices of the ASSERTs with this message, in the order of the program's ASSERT statements.
  public var assertions: [Int] = []

  /// Explains `message`.
  ///
  /// `program` is the script or map; its ASSERTs are recognised by their messages, and names in
  /// messages lead to the statements that use them.
  public init(_ message: LinkerMessage, program: Program?) {
    self.message = message
    if let program { assertions = Self.assertions(message, program) }
    if !assertions.isEmpty {
      kind = "assertion"
      meaning = "this is the message of an ASSERT whose condition came out as 0"
      next =
        "give the map that the failed link wrote (-Map): it has the values behind the condition"
      spans = program.map { Self.assertionSpans(message.text, $0) } ?? []
      return
    }
    guard let (known, holes) = LinkerMessageKind.recognise(message.text) else { return }
    kind = known.id
    meaning = known.meaning
    next = known.next
    if let program {
      spans = holes.flatMap { Self.statements(about: $0.name, $0.subject, program) }
    }
  }

  /// Whether the message has a meaning that is known.
  public var isRecognised: Bool { kind != nil }

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
