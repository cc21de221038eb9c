// What an edited script moves, without knowing where everything stands: behind the edit every place moves up by
// a bounded distance, and each ALIGN makes that a multiple of its number. What is only moved by multiples of 4K
// is as aligned to 4 bytes as before, and what moves together keeps its size.
//
// It needs neither the sizes nor the alignments of sections, so that it works for PE images and maps, with
// orphans, and for edits inside output sections.

internal import LdsParser

/// Distances by which an edit moves the symbols and sections of an image.
struct ShiftAnalysis: Sendable {
  /// Why the effect of an edit cannot be followed.
  enum Obstacle: Error {
    /// The linker chooses the MEMORY region of this section.
    case region([UInt8])
    /// An orphan stands where the edit is made: which of the two comes first is not known.
    case orphan([UInt8])
    /// The edit, or a statement behind it, is none that can be followed.
    case statement

    /// The reason for people to read.
    var text: String {
      switch self {
      case .region(let name):
        "the script names no region for '\(String(decoding: name, as: UTF8.self))', and which one the linker chooses is "
          + "not computed"
      case .orphan(let name):
        "the orphan \(String(decoding: name, as: UTF8.self)) stands there, and whether the linker puts it before "
          + "or behind a new statement is not known"
      case .statement: "a statement behind it puts '.' somewhere that is not known"
      }
    }
  }

  let trace: StatementTrace
  let evidence: Evidence
  /// Symbols that the script sets, by name; nil for a distance that is not known.
  private(set) var symbols: [NameID: Shift?] = [:]
  /// Places of the evidence whose sections do not keep their inside, or were not passed.
  var sections: [Int: SectionShift] = [:]
  /// The location counter's distance before each ASSERT; absent if it is not known.
  private(set) var assertionDots: [Int: Shift] = [:]

  /// What becomes of a section.
  struct SectionShift: Sendable {
    /// How far it moves; nil if unknown.
    var start: Shift?
    /// How far every place in it moves, if all move alike.
    var inside: Shift?
    /// How far its load address moves; nil if unknown.
    var load: Shift?
    /// By how much it grows; nil if unknown.
    var growth: Shift?
  }

  var program: Program { trace.program }
  private let orphansAfter: [Int: [Int]]
  let evidenceIndex: [Int?]
  var dot: Shift? = .zero
  /// The location counter as the edited script leaves it, directly behind a move that makes it known.
  private var newDot: UInt64?
  var entry: Shift?
  var isEven = true
  private var lastGroup = 0
  /// How far the next free place of each memory region moves; those that are not listed stay.
  var regions: [Int: Shift?] = [:]

  /// Follows an edit through the rest of the script.
  init(from trace: StatementTrace, to edited: Program, evidence: Evidence) throws(Obstacle) {
    self.trace = trace
    self.evidence = evidence
    guard !trace.program.isMap, !trace.program.hasInsert, !edited.hasInsert else {
      throw .statement
    }
    let binding = SectionBinding(trace.program, evidence, trace.walker.dialect)
    orphansAfter = binding.orphansAfter
    evidenceIndex = binding.evidenceIndex
    let edit = ScriptEdit(program, edited)
    for step in program.steps[..<edit.old.lowerBound] { passUnmoved(step) }
    dot = try start(edit, edited)
    for index in edit.old { forget(program.steps[index]) }
    for index in edit.old.upperBound..<program.steps.count { try run(index) }
  }

  // MARK: The edit

  /// Before the edit nothing moves.
  private mutating func passUnmoved(_ step: Step) {
    switch step.action {
    case .assignment(let assignment) where !assignment.isLocationCounter:
      symbols[assignment.target.name] = .some(.zero)
    case .enter(let section):
      isEven = true
      entry = .zero
      mark(section, inside: .zero)
      if let place = evidenceIndex[section] { sections[place]?.load = .zero }
    case .leave(let section):
      for orphan in orphans(after: section) {
        sections[orphan] = SectionShift(start: .zero, inside: .zero)
      }
    default: break
    }
  }

  /// Symbols that the edit sets otherwise than before.
  private mutating func forget(_ step: Step) {
    guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter else {
      return
    }
    symbols[assignment.target.name] = .some(nil)
  }

  /// How far the location counter moves behind the statements that were changed.
  private mutating func start(
    _ edit: ScriptEdit, _ edited: Program
  ) throws(Obstacle) -> Shift? {
    guard let before = edit.moves(program, edit.old), let now = edit.moves(edited, edit.new),
      edit.staysInPlace(program, edited)
    else { throw .statement }
    if before == now { return .zero }
    try checkOrphans(before: edit.old.lowerBound)
    // At the end of a section, what is put in still stands inside.
    let changed = program.steps[edit.old].map(\.context) + edited.steps[edit.new].map(\.context)
    if changed.contains(where: { if case .inside = $0 { true } else { false } }) { isEven = false }
    lastGroup += 1
    if let place = place(before: edit.old.lowerBound) {
      let old = before.reduce(place) { LinkerArithmetic.alignUp($0, to: $1) }
      let new = now.reduce(place) { LinkerArithmetic.alignUp($0, to: $1) }
      guard new >= old else { throw .statement }
      newDot = new
      return Shift(by: new &- old, group: lastGroup)
    }
    let largest = before.max() ?? 1
    guard let most = now.max(), most > largest else { throw .statement }
    return Shift(upTo: most, granule: largest, group: lastGroup)
  }

  /// Where the location counter was: the end of a section is where its contents end.
  private func place(before step: Int) -> UInt64? {
    if let known = trace.locationCounter(before: step) { return known }
    guard program.steps.indices.contains(step),
      case .leave(let section) = program.steps[step].action
    else { return nil }
    return evidenceIndex[section].flatMap { evidence.sections[$0].end }
  }

  /// Orphans stand somewhere behind the section that they follow, before or behind the edit.
  private func checkOrphans(before step: Int) throws(Obstacle) {
    for earlier in program.steps[..<step].reversed() {
      switch earlier.action {
      case .assignment(let assignment) where assignment.isLocationCounter: return
      case .leave(let section):
        if let orphan = orphans(after: section).first {
          throw .orphan(evidence.sections[orphan].name)
        }
        return
      case .assignment, .assertion: continue
      default: return
      }
    }
  }

  // MARK: What follows

  private mutating func run(_ index: Int) throws(Obstacle) {
    let step = program.steps[index]
    switch step.action {
    case .enter(let section): try enter(section)
    case .leave(let section):
      newDot = nil
      leave(section)
    case .assignment(let assignment):
      if assignment.isLocationCounter {
        try move(assignment.value, from: trace.locationCounter(before: index))
      } else {
        symbols[assignment.target.name] = .some(distance(of: assignment.value, dot))
      }
    case .assertion: if let dot { assertionDots[index] = dot }
    case .endOverlay:
      guard program.regions.isEmpty else { throw .statement }
      dot = nil
    case .inputs, .contents, .data, .opaqueData: newDot = nil
    }
  }

  private mutating func enter(_ section: Int) throws(Obstacle) {
    isEven = true
    defer { entry = dot }
    guard let place = evidenceIndex[section] else {
      passEmpty(section)
      return
    }
    try enterRegion(of: section, place)
    if let address = program.sections[section].description?.address {
      try jump(to: address, place)
    } else {
      align(for: place)
    }
    mark(section, inside: dot)
  }

  /// A section with an address of its own.
  private mutating func jump(to address: ExpressionID, _ place: Int) throws(Obstacle) {
    if case .call1(.align, let amount) = program.expressions[address] {
      try align(to: program.expressions.foldedValue(amount))
      // The address need not suit the alignment of the contents.
      isEven = dot.map { $0.isZero } ?? false
      return
    }
    let isAllocated =
      evidence.sections[place].flags?.contains(.allocated)
      ?? (evidence.sections[place].vma ?? 0 != 0)
    let stays = dot?.isZero == true
    guard program.expressions.foldedValue(address) != nil, !isAllocated || stays else {
      throw .statement
    }
    if !stays { dot = nil }
  }

  private mutating func leave(_ section: Int) {
    mark(section, inside: isEven ? entry : nil)
    fillRegions(of: section)
    for orphan in orphans(after: section) {
      let before = dot
      align(for: orphan)
      sections[orphan] = SectionShift(start: dot, inside: dot)
      // What stands between the section and its orphan is not known.
      if before != dot { dot = nil }
    }
    if let region = trace.region(ofSection: section), evidenceIndex[section] != nil {
      regions[region] = .some(dot)
    }
  }

  private mutating func mark(_ section: Int, inside: Shift?) {
    guard let place = evidenceIndex[section] else { return }
    sections[place] = SectionShift(
      start: entry ?? dot, inside: inside, load: sections[place]?.load)
  }

  private func orphans(after section: Int) -> [Int] {
    (orphansAfter[section] ?? []).filter { place in
      let orphan = evidence.sections[place]
      return orphan.size != 0
        && (orphan.flags?.contains(.allocated) ?? (orphan.vma.map { $0 != 0 } ?? true))
    }
  }

  /// A section's start is aligned as its contents ask; where that is not known, no more than it was.
  private mutating func align(for place: Int) {
    let section = evidence.sections[place]
    defer { newDot = nil }
    guard let current = dot, !current.isZero else { return }
    if let newDot, let start = section.vma, newDot >= start,
      newDot.trailingZeroBitCount >= start.trailingZeroBitCount
    {
      // It suits every alignment that the section can have, as it stood where it stood.
      lastGroup += 1
      dot = Shift(by: newDot &- start, group: lastGroup)
      return
    }
    if let alignment = section.alignment, alignment > 0, alignment.nonzeroBitCount == 1 {
      dot = current.aligned(to: alignment, group: &lastGroup)
    } else if let start = section.vma, start != 0 {
      dot = current.aligned(upTo: 1 << UInt64(start.trailingZeroBitCount), group: &lastGroup)
    } else {
      dot = nil
    }
  }

  /// An ALIGN, of which it may be known where it finds the location counter in the image.
  private mutating func align(to amount: UInt64?, from place: UInt64? = nil) throws(Obstacle) {
    guard let amount, amount == 0 || amount.nonzeroBitCount == 1 else { throw .statement }
    guard amount > 1, let before = dot else { return }
    dot = before.aligned(to: amount, from: place, group: &lastGroup)
    newDot = nil
    if let place, let dot, dot.least == dot.most {
      newDot = LinkerArithmetic.alignUp(place, to: amount) &+ dot.most
    }
    if dot != before { isEven = false }
  }

  private mutating func move(_ value: ExpressionID, from place: UInt64?) throws(Obstacle) {
    switch program.expressions[value] {
    case .call1(.align, let amount):
      try align(to: program.expressions.foldedValue(amount), from: place)
    case .call2(.align, let operand, let amount):
      guard case .locationCounter = program.expressions[operand] else { throw .statement }
      try align(to: program.expressions.foldedValue(amount), from: place)
    default:
      newDot = nil
      if dot?.isZero == true, distance(of: value, dot)?.isZero == true { return }
      // `. = . + n` moves along; anything else may go back behind what has moved.
      guard case .binary(.add, let left, let right) = program.expressions[value],
        case .locationCounter = program.expressions[left],
        program.expressions.foldedValue(right) != nil
      else { throw .statement }
    }
  }

  /// How far the value of an assignment moves; nil if unknown.
  private mutating func distance(of value: ExpressionID, _ dot: Shift?) -> Shift? {
    if case .call1(.align, let amount) = program.expressions[value],
      let number = program.expressions.foldedValue(amount), number.nonzeroBitCount == 1
    {
      return dot?.aligned(to: number, group: &lastGroup)
    }
    return ShiftedForm(value, self, dot: dot)?.distance
  }
}
