// The explanations for one image, with what it takes to show them.

public import LdsParser

/// Explanations of the ASSERTs of one program against one image.
public struct ExplainedImage: Sendable {
  /// What is explained.
  public let subject: ExplanationSubject
  /// In script order.
  public let explanations: [Explanation]
  /// Whether the user chose them, so that they need not fail.
  public let isChosen: Bool

  /// The verdicts.
  public var report: EvaluationReport { subject.report }
  /// Where spans of the explanations point.
  public var sources: SourceSet { report.program.sources }

  /// Explains the ASSERTs that hold one of `texts` in message or expression; without texts, those that fail.
  ///
  /// - Parameters:
  ///   - good: the map or image of an older link to compare with.
  ///   - reader: reads edited scripts, to check what would mend an ASSERT.
  public init(
    _ subject: ExplanationSubject, matching texts: [[UInt8]] = [], against good: Image? = nil,
    reader: any ScriptReader
  ) {
    self.subject = subject
    isChosen = !texts.isEmpty
    let report = subject.report
    let wanted = texts.map { String(decoding: $0, as: UTF8.self) }
    let indices = report.assertions.indices.filter { index in
      guard !wanted.isEmpty else { return report.assertions[index].verdict == .fails }
      let words = Self.texts(of: report.assertions[index], report.program)
      return wanted.contains { text in words.contains { $0.includes(text) } }
    }
    let explainer = Explainer(
      report,
      surroundings: .init(
        map: subject.map, plan: subject.plan, script: subject.judged.script?.script),
      dialect: subject.dialect)
    var found = explainer.explain(indices)
    if let good, let new = subject.map ?? subject.judged.images.first {
      let older = OlderLink(
        old: good, new: new, program: report.program, dialect: subject.dialect)
      found = found.map { explainer.compare($0, with: older) }
    }
    for index in found.indices {
      found[index].advice += Self.missingNames(found[index], subject, reader)
      found[index].advice += Self.numbersOfMap(found[index], subject)
    }
    let constraints = subject.judged.constraints
    for index in found.indices where constraints.indices.contains(found[index].assertion) {
      let assertion = report.assertions[found[index].assertion]
      found[index].advice += subject.judged.setters(of: assertion)
      found[index].advice += subject.judged.protectionAdvice(
        assertion, at: found[index].assertion)
      guard let why = constraints[found[index].assertion].why else { continue }
      found[index].advice.append("the project asks for it: \(why)")
    }
    // What would mend the script is checked in it as it can be read, without the numbers of the map.
    let isMendable =
      report.program.numbersOfMap.isEmpty && found.contains { !$0.candidates.isEmpty }
    if isMendable, let offers = MendOffers(subject, explainer, reader) {
      explanations = found.map(offers.checked)
    } else {
      explanations = found
    }
  }

  /// What would give the names of a condition their values, where include files were not found.
  private static func missingNames(
    _ explanation: Explanation, _ subject: ExplanationSubject, _ reader: any ScriptReader
  ) -> [String] {
    let program = subject.report.program
    guard let script = subject.judged.script else { return [] }
    return explanation.operands.compactMap { operand in
      guard operand.value == nil,
        case .symbol(let name) = program.expressions[operand.expression],
        program.assignments[name] == nil
      else { return nil }
      return reader.missingDefinition(of: program.names.string(name), in: script)
    }
  }

  /// The numbers of a condition that only the map of the link has.
  private static func numbersOfMap(
    _ explanation: Explanation, _ subject: ExplanationSubject
  ) -> [String] {
    let program = subject.report.program
    guard !program.numbersOfMap.isEmpty, let map = subject.map?.path.display else { return [] }
    let condition = subject.report.assertions[explanation.assertion].condition
    var said: Set<NameID> = []
    return program.expressions.nodes(of: condition).compactMap { node in
      guard let name = program.numbersOfMap[node], said.insert(name).inserted,
        case .integer(let number) = program.expressions[ExpressionID(index: node)]
      else { return nil }
      let macro = program.names.string(name)
      return
        "'\(macro)' is \(hexadecimal(number)) in \(map), and no file that was found defines it: with -I for its "
        + "header, or -D\(macro)=\(hexadecimal(number)), edits are checked and offered, too"
    }
  }

  /// Whether an explained ASSERT fails.
  public var hasFailure: Bool {
    explanations.contains { report.assertions[$0.assertion].verdict == .fails }
  }

  /// The messages of the explained ASSERTs.
  public var messages: [[UInt8]] {
    explanations.flatMap { [$0.assertion] + $0.sameCause }.map {
      report.program.names.bytes(report.assertions[$0].message)
    }
  }

  /// Sections of the image that take room and that the script does not describe.
  public var orphans: [(name: String, size: UInt64)] {
    guard !report.program.isMap else { return [] }
    let described = Set(report.program.sections.map { report.program.names.bytes($0.name) })
    return report.evidence.sections.compactMap { section in
      guard !described.contains(section.name), section.size != 0,
        section.flags?.contains(.allocated) ?? (section.vma ?? 0 != 0)
      else { return nil }
      return (String(decoding: section.name, as: UTF8.self), section.size ?? 0)
    }
  }

  /// What the author wrote for the condition.
  public func source(_ assertion: AssertionReport) -> String {
    sources.authoredExpression(of: report.program.expressions.span(assertion.condition)).text
  }

  /// The condition after macros, constants folded.
  public func expression(_ assertion: AssertionReport) -> String {
    ExpressionWriter.text(
      of: assertion.condition, in: report.program.expressions, names: report.program.names,
      folded: true)
  }

  /// What the linker prints.
  public func message(_ assertion: AssertionReport) -> String {
    report.program.names.string(assertion.message)
  }

  private static func texts(of assertion: AssertionReport, _ program: Program)
    -> [String]
  {
    [
      program.names.string(assertion.message),
      program.sources.authoredExpression(of: program.expressions.span(assertion.condition)).text,
      ExpressionWriter.text(
        of: assertion.condition, in: program.expressions, names: program.names, folded: true),
    ]
  }
}
