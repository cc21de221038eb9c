// A table of an object whose end symbol stands behind more than the table: `*(.text.blob) *(.text) blob_end = .;`

internal import LdsParser

/// An end symbol that is set too late.
struct Overrun {
  /// The end symbol.
  var end: NameID
  /// The description that takes what the start symbol begins.
  var table: SourceSpan
  /// The first one behind it that takes something before the end symbol.
  var stray: SourceSpan
  /// What those behind it take.
  var strayBytes: UInt64
  /// What the bound would measure without them.
  var measure: UInt64
}

extension Explainer {
  /// The overrun that makes a bound fail: behind the table alone it would hold. Where a map tells the contents, and no
  /// pattern names files or leaves any out.
  func overrun(_ bound: ClaimedBound, _ values: ExpressionValues) -> Overrun? {
    guard case .binary(.subtract, let last, let first) = program.expressions[bound.value],
      case .symbol(let end) = program.expressions[last], let step = setter(of: end),
      takesLocationCounter(step), case .inside(let section) = program.steps[step].context,
      case .symbol(let start) = program.expressions[first], setter(of: start) == nil,
      let address = values(first), let limit = values(bound.limit),
      let rows = rows(of: section, before: step),
      let table = rows.firstIndex(where: { $0.inputs.contains { $0.holds(address) } })
    else { return nil }
    let behind = rows[(table + 1)...].filter { !$0.inputs.isEmpty }
    let tableEnd = rows[table].inputs.map { $0.address &+ $0.size }.max() ?? address
    let measure = tableEnd &- address
    guard let stray = behind.first, bound.isStrict ? measure < limit : measure <= limit else {
      return nil
    }
    let bytes = behind.flatMap(\.inputs).reduce(UInt64(0)) { $0 &+ $1.size }
    return Overrun(
      end: end, table: rows[table].statement, stray: stray.statement, strayBytes: bytes,
      measure: measure)
  }

  /// Says it: what came in between, and where the symbol belongs.
  func add(_ overrun: Overrun, _ bound: ClaimedBound, _ explanation: inout Explanation) {
    let name = self.name(overrun.end)
    explanation.causes.append(
      ExplanationNote(
        "'\(name)' is set behind '\(text(at: overrun.stray))'", at: overrun.stray,
        label: "\(bytesInWords(overrun.strayBytes)) come in here, before '\(name)'"))
    explanation.advice = [
      "nothing has to shrink: set '\(name)' directly behind '\(text(at: overrun.table))' (line "
        + "\(program.sources.position(of: overrun.table).line)), and \(text(bound.value)) is "
        + bytesInWords(overrun.measure)
    ]
  }

  private func text(at span: SourceSpan) -> String {
    program.sources.authoredExpression(of: span).text
  }

  /// The input section descriptions of an output section up to a step, with what each takes; nil where that is not
  /// known.
  private func rows(
    of section: Int, before step: Int
  ) -> [(statement: SourceSpan, inputs: [Contribution])]? {
    guard let script = surroundings.script, let contents else { return nil }
    let statements = program.steps[..<step].compactMap { step -> SourceSpan? in
      guard step.context == .inside(section), case .inputs = step.action else { return nil }
      return step.span
    }
    guard statements.count > 1 else { return nil }
    let patterns = PlacedPattern.all(of: script).filter { statements.contains($0.statement) }
    guard patterns.allSatisfy({ $0.file == nil && $0.excluded.isEmpty && $0.flags.isEmpty }) else {
      return nil
    }
    var rows = statements.map { (statement: $0, inputs: [Contribution]()) }
    for input in contents.inputs(ofSection: program.names.bytes(program.sections[section].name)) {
      guard let pattern = patterns.first(where: { $0.section.matches(input.section) }),
        let row = statements.firstIndex(of: pattern.statement)
      else { continue }
      rows[row].inputs.append(input)
    }
    return rows
  }
}

extension Contribution {
  /// Whether an address lies in it.
  fileprivate func holds(_ address: UInt64) -> Bool {
    AddressRange(start: self.address, byteCount: size).contains(address)
  }
}
