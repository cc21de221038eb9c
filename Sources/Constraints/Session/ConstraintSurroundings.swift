// What stands around the constraints of a configuration, which are no part of any script: its regions of memory, where it
// sets the symbols, and what would make a range one region of a protection unit.

internal import LdsParser

extension Evidence {
  /// Takes the regions of `scripts` that no file lists, under every name; those that two scripts declare differently stay
  /// unknown.
  mutating func adoptRegions(of scripts: [LinkerScript]) {
    hasAllRegions = false
    var declared: [[UInt8]: Set<Region>] = [:]
    for script in scripts where !script.isRefused {
      let program = Program(script)
      let outline = ScriptOutline(script)
      let found = RegionDeclaration.all(of: program, outline, linker: .bfd) ?? []
      let aliases = outline.aliases.map { (program.names.bytes($0), program.names.bytes($1)) }
      for region in found {
        let value = Region(origin: region.origin, length: region.length, file: 0)
        let names = [region.name] + aliases.filter { $0.1 == region.name }.map(\.0)
        for name in names { declared[name, default: []].insert(value) }
      }
    }
    for (name, values) in declared where regions[name] == nil && values.count == 1 {
      regions[name] = values.first
    }
  }
}

extension JudgedImage {
  /// Where the scripts set what a constraint is about: its causes stand in another file than it does.
  func setters(of assertion: AssertionReport) -> [String] {
    let programs = scripts.map { ($0, Program($0.script)) }
    return assertion.operands.compactMap { operand in
      guard case .symbol(let id) = report.program.expressions[operand.expression] else {
        return nil
      }
      let name = report.program.names.string(id)
      for (loaded, program) in programs {
        guard let step = program.names.find(name).flatMap({ program.assignments[$0]?.last }) else {
          continue
        }
        let sources = loaded.script.sources
        let place = sources.position(of: program.steps[step].span)
        let text = sources.authoredExpression(of: program.steps[step].span).text
        return
          "'\(name)' is set on line \(place.line) of \(loaded.path.lastComponent.display): \(text)"
      }
      return nil
    }
  }
}

extension JudgedImage {
  /// What would make the range of a failing constraint one region of its protection unit; empty for any other constraint,
  /// and where an end has no value.
  func protectionAdvice(_ assertion: AssertionReport, at index: Int) -> [String] {
    guard constraints.indices.contains(index), assertion.verdict == .fails,
      let protection = constraints[index].protection
    else { return [] }
    let table = report.program.expressions
    var condition = assertion.condition
    while case .binary(.logicalAnd, let left, _) = table[condition] { condition = left }
    guard case .binary(.greater, let end, let start) = table[condition],
      let end = assertion.value(of: end, in: table),
      let start = assertion.value(of: start, in: table)
    else { return [] }
    return ProtectionAdvice(
      unit: protection.unit, granule: protection.granule, start: start, end: end
    ).sentences
  }
}

extension AssertionReport {
  /// The value of a part of the condition that is made of its names, numbers, sums and differences.
  fileprivate func value(of part: ExpressionID, in table: ExpressionTable) -> UInt64? {
    if let operand = operands.first(where: { table[$0.expression] == table[part] }) {
      return operand.value
    }
    switch table[part] {
    case .binary(.add, let left, let right):
      guard let left = value(of: left, in: table), let right = value(of: right, in: table) else {
        return nil
      }
      return left &+ right
    case .binary(.subtract, let left, let right):
      guard let left = value(of: left, in: table), let right = value(of: right, in: table) else {
        return nil
      }
      return left &- right
    default: return table.foldedValue(part)
    }
  }
}
