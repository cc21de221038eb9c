// Whether what an edit moves still has room. GNU ld accepts no link in which a region, or the flash behind AT>,
// overflows, a section runs into one with a fixed address, or the location counter would go back.

internal import LdsParser

/// Follows the room that an edit of a script takes, from the image of the script as it was.
struct MendRoom {
  private let explainer: Explainer
  private let binding: SectionBinding

  private var program: Program { explainer.program }
  private var evidence: Evidence { explainer.report.evidence }

  init(_ explainer: Explainer) {
    self.explainer = explainer
    binding = SectionBinding(
      explainer.program, explainer.report.evidence, explainer.trace.walker.dialect)
  }

  /// How far things move up, at most, and where.
  private struct Growth {
    var bytes: UInt64
    /// The output section that grows; nil for an edit between sections.
    var section: Int?
    /// The end of what was passed; nil if unknown.
    var position: UInt64?
  }

  /// Why there is no room for what `edited` does; nil if there is, or the edit moves nothing.
  func obstacle(to edited: Program) -> String? {
    let edit = ScriptEdit(program, edited)
    guard var growth = growth(edit, edited), growth.bytes > 0 else { return nil }
    let home = growth.section ?? sectionBefore(edit.old.lowerBound)
    if let inside = growth.section, let record = record(inside), let start = record.vma,
      let size = record.size
    {
      growth.bytes = rounded(
        growth.bytes, grain(inside, record, from: growth.position ?? start))
      growth.position = start &+ size
      if let home, let fault = overflow(home, start &+ size, growth.bytes) { return fault }
      if let fault = loadOverflow(inside, growth.bytes) ?? loadCollision(inside, growth.bytes) {
        return fault
      }
    }
    return follow(growth, behind: edit.old.upperBound, home)
  }

  /// What the ALIGNs of the edit add where they stand.
  private func growth(_ edit: ScriptEdit, _ edited: Program) -> Growth? {
    guard let before = edit.moves(program, edit.old), let now = edit.moves(edited, edit.new) else {
      return nil
    }
    let first = min(edit.old.lowerBound, program.steps.count - 1)
    var section: Int?
    if case .inside(let index) = program.steps[first].context { section = index }
    // At the end of a section, what is put in still stands inside.
    if case .leave(let index) = program.steps[first].action { section = index }
    guard
      let place = explainer.locationCounter(before: first) ?? section.flatMap({ record($0)?.end })
    else {
      let (old, new) = (before.max() ?? 1, now.max() ?? 1)
      return Growth(bytes: new > old ? new - 1 : 0, section: section)
    }
    let old = before.reduce(place) { LinkerArithmetic.alignUp($0, to: $1) }
    let new = now.reduce(place) { LinkerArithmetic.alignUp($0, to: $1) }
    return Growth(bytes: new > old ? new - old : 0, section: section, position: old)
  }

  /// Follows what stands behind the edit, until a gap takes the growth up.
  private func follow(_ start: Growth, behind step: Int, _ home: Int?) -> String? {
    var growth = start
    var isAbsorbed = true
    for index in step..<max(step, program.steps.count) {
      switch program.steps[index].action {
      case .assignment(let assignment)
      where assignment.isLocationCounter && program.steps[index].context == .between:
        if let fixed = program.expressions.foldedValue(assignment.value) {
          return isPassed(fixed, by: growth)
            ? "'\(explainer.statement(index))' would move '.' backwards" : nil
        }
        isAbsorbed = isAbsorbed && isAlign(assignment.value)
      case .enter(let section):
        guard let record = record(section), let vma = record.vma, let size = record.size, size > 0,
          record.flags?.contains(.allocated) != false, isBehind(section, home)
        else { continue }
        if let address = program.sections[section].description?.address,
          program.expressions.foldedValue(address) != nil
        {
          return isPassed(vma, by: growth)
            ? "what it moves would reach past the start of \(name(section)), which has a fixed address, "
              + hexadecimal(vma) : nil
        }
        if isAbsorbed, let position = growth.position, position <= vma,
          growth.bytes <= vma - position
        {
          return nil
        }
        growth.bytes = rounded(growth.bytes, grain(section, record))
        growth.position = vma &+ size
        isAbsorbed = true
        if let fault = overflow(section, vma &+ size, growth.bytes) { return fault }
      default: break
      }
    }
    return nil
  }

  private func isPassed(_ fixed: UInt64, by growth: Growth) -> Bool {
    guard let position = growth.position else { return false }
    return position <= fixed && growth.bytes > fixed - position
  }

  // MARK: Regions

  /// Whether a section is placed behind another: in the same region, where there are any.
  private func isBehind(_ section: Int, _ home: Int?) -> Bool {
    guard !program.regions.isEmpty, let home, let own = region(home), let other = region(section)
    else { return true }
    return own == other
  }

  private func region(_ section: Int) -> Int? {
    explainer.trace.region(ofSection: section)
  }

  private func loadRegion(_ section: Int) -> Int? {
    explainer.trace.loadRegion(ofSection: section) ?? region(section)
  }

  private func extent(_ region: Int) -> AddressRange? {
    let declared = program.regions[region]
    if let known = evidence.regions[program.names.bytes(declared.name)] {
      return AddressRange(start: known.origin, byteCount: known.length)
    }
    guard let origin = program.expressions.foldedValue(declared.origin),
      let length = program.expressions.foldedValue(declared.length)
    else { return nil }
    return AddressRange(start: origin, byteCount: length)
  }

  /// Says that the region of a section, which ends at `end` now, has no room for more.
  private func overflow(_ section: Int, _ end: UInt64, _ growth: UInt64) -> String? {
    region(section).flatMap { fault($0, end, growth) }
  }

  /// The load image behind AT> grows as the section does.
  private func loadOverflow(_ section: Int, _ growth: UInt64) -> String? {
    guard let region = loadRegion(section), region != self.region(section) else { return nil }
    var grain: UInt64 = 1
    var end: UInt64 = 0
    for other in program.sections.indices where loadRegion(other) == region {
      guard let record = record(other), let size = record.size, size > 0,
        record.flags?.contains(.noBits) != true, let start = record.lma ?? record.vma
      else { continue }
      // The link had room: what ends behind its region, and of which a map does not tell it, is not loaded.
      if record.flags == nil, let extent = extent(region),
        start &+ size &- extent.start > extent.byteCount
      {
        continue
      }
      if other > section { grain = max(grain, self.grain(other, record)) }
      end = max(end, start &+ size)
    }
    return fault(region, end, rounded(growth, grain))
  }

  /// A load address that the script fixes does not move out of the way.
  private func loadCollision(_ section: Int, _ growth: UInt64) -> String? {
    guard let own = record(section), let start = own.lma ?? own.vma, let size = own.size else {
      return nil
    }
    let end = start &+ size
    let hit = program.sections.indices.first { other in
      guard other != section, let address = program.sections[other].description?.loadAddress,
        let fixed = program.expressions.foldedValue(address), record(other)?.size ?? 0 > 0
      else { return false }
      return fixed >= end && fixed &- end < growth
    }
    return hit.map { "its load image would run into that of \(name($0))" }
  }

  private func fault(_ region: Int, _ end: UInt64, _ growth: UInt64) -> String? {
    guard let extent = extent(region), extent.byteCount > 0, end >= extent.start,
      end &- extent.start <= extent.byteCount
    else { return nil }
    let left = extent.byteCount &- (end &- extent.start)
    guard growth > left else { return nil }
    let name = program.names.string(program.regions[region].name)
    return "region '\(name)' would overflow by up to \(bytesInWords(growth - left))"
  }

  // MARK: Sections

  private func record(_ section: Int) -> Evidence.Section? {
    binding.evidenceIndex[section].map { evidence.sections[$0] }
  }

  private func name(_ section: Int) -> String { explainer.name(program.sections[section].name) }

  private func sectionBefore(_ step: Int) -> Int? {
    for earlier in program.steps[..<min(step, program.steps.count)].reversed() {
      if case .leave(let section) = earlier.action { return section }
    }
    return nil
  }

  private func isAlign(_ value: ExpressionID) -> Bool {
    switch program.expressions[value] {
    case .call1(.align, _): true
    case .call2(.align, let operand, _): program.expressions[operand] == .locationCounter
    default: false
    }
  }

  /// What moves by multiples of this keeps its inside: the largest alignment in a section. A map does not tell the
  /// section's, but where its inputs stand; those before `position` do not move.
  private func grain(
    _ section: Int, _ record: Evidence.Section, from position: UInt64 = 0
  ) -> UInt64 {
    let own = record.alignment ?? record.vma.map { lowestBit($0) } ?? 1
    let inside = program.steps.compactMap { step -> UInt64? in
      guard step.context == .inside(section), case .assignment(let assignment) = step.action,
        assignment.isLocationCounter,
        case .call1(.align, let amount) = program.expressions[assignment.value],
        let number = program.expressions.foldedValue(amount), number.nonzeroBitCount == 1
      else { return nil }
      return number
    }
    let inputs = explainer.contents.map { contents in
      contents.inputs(ofSection: record.name).filter { $0.address >= position }
        .map { lowestBit($0.address) }.max() ?? 1
    }
    let asked = record.alignment ?? min(own, inputs ?? own)
    return max(inside.max() ?? 1, asked, 1)
  }

  private func lowestBit(_ address: UInt64) -> UInt64 { address & (0 &- address) }

  private func rounded(_ bytes: UInt64, _ grain: UInt64) -> UInt64 {
    max(bytes, LinkerArithmetic.alignUp(bytes, to: grain))
  }
}
