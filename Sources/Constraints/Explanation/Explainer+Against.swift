// What changed since an older link that was good: the statement that went, the input that grew, up to the shortest
// list whose growth turns the verdict.

public import LdsParser

/// An older link to compare with.
public struct OlderLink: Sendable {
  /// What the older image says of the names of the program.
  let evidence: Evidence
  /// The ASSERTs of the older link; nil if it does not tell them.
  let report: EvaluationReport?
  let comparison: MapComparison
  /// Objects that only the new link has.
  let newObjects: [[UInt8]]
  /// An assignment of the script that shows that another one made the older image; nil if none does.
  let stale: AssignmentReport?
  /// The older image, for people.
  let name: String

  /// Compares the image `new`, which `program` was judged against, with `old`. A GNU ld map is judged by its own
  /// statements; any other file by the program, if that is a script, or by its own symbols alone, if another script made
  /// it.
  public init(old: Image, new: Image, program: Program, dialect: LinkerDialect = .bfd) {
    name = old.path.lastComponent.display
    var stale: AssignmentReport?
    if old.kind.tells(.statements) {
      let own = Program(map: old)
      evidence = Evidence([old], for: own)
      report = EvaluationReport(own, evidence: evidence, dialect: dialect)
    } else {
      evidence = Evidence([old], for: program)
      let own =
        program.isMap ? nil : EvaluationReport(program, evidence: evidence, dialect: dialect)
      stale = own?.assignments.first(where: \.isStale)
      report =
        stale == nil
        ? own : EvaluationReport(program.assertionsAlone, evidence: evidence, dialect: dialect)
    }
    self.stale = stale
    comparison = MapComparison(old: old, new: new)
    let before = Set(Self.objects(old))
    newObjects = before.isEmpty ? [] : Self.objects(new).filter { !before.contains($0) }
  }

  /// Names of the objects of a map, each once, in order.
  private static func objects(_ map: Image) -> [[UInt8]] {
    var seen: Set<[UInt8]> = []
    var names: [[UInt8]] = []
    let text = map.symbols.names
    for row in map.inputSections where row.objectLength > 0 {
      let path = FilePath(
        bytes: text.bytes(
          in: Int(row.objectStart)..<Int(row.objectStart) + Int(row.objectLength)))
      let name = path.lastComponent.bytes
      if seen.insert(name).inserted { names.append(name) }
    }
    return names
  }

  /// The ASSERT with the same message.
  func assertion(_ message: [UInt8]) -> AssertionReport? {
    report?.assertions.first { report?.program.names.bytes($0.message) == message }
  }
}

extension Explainer {
  /// Says what changed since an older link.
  public func compare(_ explanation: Explanation, with older: OlderLink) -> Explanation {
    var explanation = explanation
    let assertion = report.assertions[explanation.assertion]
    let message = program.names.bytes(assertion.message)
    var earlier: Explanation?
    if let stale = older.stale, let value = stale.value, let imageValue = stale.imageValue {
      explanation.since.append(
        "\(older.name) was made by another script: '\(name(stale.symbol))' is \(hexadecimal(imageValue)) there "
          + "and would be \(hexadecimal(value)) by this one; it is judged by its own symbols")
    }
    if let report = older.report {
      guard let before = older.assertion(message) else {
        explanation.since.append("there was no ASSERT with this message")
        return explanation
      }
      earlier = Explainer(report).explain(
        report.assertions.firstIndex { $0.step == before.step } ?? 0)
      let isSame = StatementTexts.isSame(
        before.condition, of: report.program, assertion.condition, of: program)
      if !isSame {
        explanation.since.append(
          "the ASSERT with this message asked for '\(ExpressionWriter.text(of: before.condition, in: report.program.expressions, names: report.program.names, folded: true))' there"
        )
      } else if report.assignments.contains(where: \.isStale) {
        explanation.since.append(
          "another script made the older image: what this one says of it is not its verdict there")
      } else if before.verdict == .fails {
        explanation.since.append("it failed there, too")
      } else if older.stale != nil, before.verdict == .holds {
        explanation.since.append("it held there")
      }
    }
    addMoves(explanation, older, &explanation.since)
    switch decisive(explanation.claim) {
    case .bound, .order: addGrowth(explanation, earlier, older, &explanation.since)
    case .emptiness(let section):
      addContents(program.names.bytes(section), older, &explanation.since)
    default: addStatements(explanation, older, &explanation.since)
    }
    return explanation
  }

  /// The part of a composed claim that decides what is compared.
  private func decisive(_ claim: AssertionClaim) -> AssertionClaim {
    switch claim {
    case .all(let parts), .any(let parts): parts.first.map { decisive($0) } ?? claim
    default: claim
    }
  }

  private func addMoves(
    _ explanation: Explanation, _ older: OlderLink, _ since: inout [String]
  ) {
    for operand in explanation.operands {
      guard case .symbol(let name) = program.expressions[operand.expression],
        let now = operand.value,
        let then = older.evidence.symbols[program.names.bytes(name)]?.address, then != now
      else { continue }
      let distance = now > then ? now &- then : then &- now
      since.append(
        "'\(self.name(name))' moved \(now > then ? "up" : "down") by \(bytesInWords(distance)), from "
          + hexadecimal(then))
    }
  }

  private func addGrowth(
    _ explanation: Explanation, _ earlier: Explanation?, _ older: OlderLink,
    _ since: inout [String]
  ) {
    guard let low = explanation.contributions.map(\.address).min(),
      let high = explanation.contributions.map({ $0.address &+ $0.size }).max()
    else { return }
    let growth = older.comparison.growth(in: AddressRange(start: low, end: high))
    if growth.isEmpty {
      addStatements(explanation, older, &since)
      return
    }
    var shown = growth
    if let room = earlier?.headroom, room >= 0, explanation.headroom ?? 0 < 0 {
      let decisive = MapComparison.decisive(growth, room: UInt64(room))
      if !decisive.isEmpty {
        shown = decisive
        since.append(
          "\(bytesInWords(UInt64(room))) were left; "
            + (decisive.count == 1
              ? "this growth alone is more:" : "these \(decisive.count) together are more:"))
      }
    }
    since += shown.prefix(8).map(Self.text)
    since += (older.comparison.statements ?? []).prefix(4).map(Self.text)
  }

  private static func text(_ input: InputGrowth) -> String {
    input.before == 0
      ? "\(input.description) is new: \(bytesInWords(input.now))"
      : "\(input.description) grew by \(bytesInWords(UInt64(max(input.growth, 0)))) to "
        + bytesInWords(input.now)
  }

  private func addContents(
    _ section: [UInt8], _ older: OlderLink, _ since: inout [String]
  ) {
    since += older.comparison.inputs.filter { $0.output == section && $0.growth > 0 }
      .prefix(8).map(Self.text)
    if !older.newObjects.isEmpty {
      let names = older.newObjects.prefix(8).map { String(decoding: $0, as: UTF8.self) }
      since.append("new in the link: \(names.joined(separator: ", "))")
    }
  }

  private func addStatements(
    _ explanation: Explanation, _ older: OlderLink, _ since: inout [String]
  ) {
    guard let changes = older.comparison.statements else {
      since.append(
        "what the script had there is not known: only a map of GNU ld lists its statements")
      since += older.comparison.inputs.filter { $0.growth > 0 }.prefix(4).map(Self.text)
      return
    }
    if changes.isEmpty {
      let grown = older.comparison.inputs.filter { $0.growth > 0 }
      since.append(
        grown.isEmpty
          ? "the statements that maps list are the same and nothing grew: what maps do not list has changed (SUBALIGN, "
            + "ALIGN of a section, its address, alignments of objects, options)"
          : "the script's statements are the same: what moved it is the contents before it")
      since += grown.prefix(4).map(Self.text)
      return
    }
    since += changes.prefix(6).map(Self.text)
  }

  private static func text(_ change: StatementChange) -> String {
    let start = "the script changed: '\(change.text)'"
    if change.isMoved {
      return start + " moved" + (change.after.map { " behind '\($0)'" } ?? " to the start")
    }
    let place =
      change.before.map { ", before '\($0)'" } ?? change.after.map { ", behind '\($0)'" } ?? ""
    return start + " is \(change.isNew ? "new" : "gone")\(place)"
  }
}
