// Where two states of one script differ, as steps: the same before and behind, a few statements in between.

internal import LdsParser

/// The steps that an edit replaces.
struct ScriptEdit {
  /// In the script as it was.
  let old: Range<Int>
  /// In the edited script.
  let new: Range<Int>

  /// The least stretch of steps in which the programs differ.
  init(_ before: Program, _ after: Program) {
    let one = before.steps.indices.map { Self.text($0, before) }
    let other = after.steps.indices.map { Self.text($0, after) }
    let shorter = min(one.count, other.count)
    var start = 0
    while start < shorter, one[start] == other[start] { start += 1 }
    var end = 0
    while end < shorter - start, one[one.count - 1 - end] == other[other.count - 1 - end] {
      end += 1
    }
    old = start..<one.count - end
    new = start..<other.count - end
  }

  /// The numbers of the ALIGNs among some steps, in order; nil if there is anything beside ALIGNs of the location
  /// counter and symbols.
  func moves(_ program: Program, _ steps: Range<Int>) -> [UInt64]? {
    var numbers: [UInt64] = []
    for step in program.steps[steps] {
      guard case .assignment(let assignment) = step.action else { return nil }
      guard assignment.isLocationCounter else { continue }
      guard case .call1(.align, let amount) = program.expressions[assignment.value],
        let number = program.expressions.foldedValue(amount), number.nonzeroBitCount == 1
      else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// Whether all changed steps stand between or in the same output sections.
  func staysInPlace(_ before: Program, _ after: Program) -> Bool {
    let places = Set(
      before.steps[old].map(\.context) + after.steps[new].map(\.context))
    return places.count <= 1
  }

  /// What decides what a step does, as text that is the same in both programs.
  private static func text(_ index: Int, _ program: Program) -> [UInt8] {
    let step = program.steps[index]
    func written(_ value: ExpressionID) -> [UInt8] {
      ExpressionWriter.bytes(
        of: value, in: program.expressions, names: program.names, folded: true)
    }
    switch step.action {
    case .enter(let section):
      return [0x7B] + Array("\(section)".utf8)
        + (program.sections[section].description?.address.map(written) ?? [])
    case .leave(let section): return [0x7D] + Array("\(section)".utf8)
    case .assignment(let assignment):
      return Array("\(assignment.kind)".utf8) + program.names.bytes(assignment.target.name)
        + [0x3D] + written(assignment.value)
    case .assertion(let assertion): return [0x21] + written(assertion.condition)
    case .inputs: return [0x2A]
    case .contents(let address, let size): return Array("\(address)+\(size)".utf8)
    case .data(let byteCount, _): return Array("data \(byteCount)".utf8)
    case .opaqueData: return [0x3F]
    case .endOverlay: return [0x5D]
    }
  }
}
