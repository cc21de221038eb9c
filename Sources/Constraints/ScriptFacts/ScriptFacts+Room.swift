// Whether there is room to align a place: an edit that mends an ASSERT and overflows a region, or runs into a
// section with a fixed address, gives the link two errors for one.

import LdsParser

extension ScriptFacts {
  /// Whether the place of a symbol may be aligned as it has to be, as far as the script tells: a byte of contents
  /// before it must not push it past its region, or past an address that the script fixes behind it.
  func hasRoom(for fault: BoundaryFault) -> Bool {
    guard let result = places.result(of: fault.step) else { return true }
    // Where orphans may stand, the layout promises nothing; a mend is about the link without them.
    let least = max(result.locationCounter.least, lastFixedAddress(before: fault.step))
    let (last, isPastEnd) = least.addingReportingOverflow(fault.alignment)
    if isPastEnd { return false }
    let end = last & ~(fault.alignment &- 1)
    if let fixed = nextFixedAddress(after: fault.step, above: least), end > fixed { return false }
    guard let index = openSection(at: fault.step),
      let section = program.sections[index].description
    else { return true }
    if let region = places.region(ofSection: index).flatMap(extent(ofRegion:)),
      region.start &+ region.byteCount < max(end, region.start)
    {
      return false
    }
    if runsIntoLoadAddress(section, endingAt: end, before: fault.step) { return false }
    // The load image grows as the section does, from wherever it begins.
    guard let load = places.loadRegion(ofSection: index).flatMap(extent(ofRegion:)) else {
      return true
    }
    return fault.alignment <= load.byteCount
  }

  /// Whether a section that ends at `end` at least is loaded over the next load address that the script fixes.
  private func runsIntoLoadAddress(
    _ section: OutputSectionDescription, endingAt end: UInt64, before step: Int
  ) -> Bool {
    let table = program.expressions
    guard let load = section.loadAddress.flatMap(table.foldedValue) else { return false }
    let start = section.address.flatMap(table.foldedValue) ?? lastFixedAddress(before: step)
    guard end > start else { return false }
    return outline.sections.contains { other, _ in
      guard let next = other.loadAddress.flatMap(table.foldedValue), next > load else {
        return false
      }
      return next - load < end - start
    }
  }

  /// The last address that the script fixes before a step: from there on the location counter goes forward.
  private func lastFixedAddress(before step: Int) -> UInt64 {
    for earlier in program.steps[..<step].reversed() {
      if let address = fixedAddress(earlier) { return address }
    }
    return 0
  }

  /// The first address above `least` at which the script puts something behind a step.
  private func nextFixedAddress(after step: Int, above least: UInt64) -> UInt64? {
    for later in program.steps[(step + 1)...] {
      if let address = fixedAddress(later), address > least { return address }
    }
    return nil
  }

  /// The number at which a step puts an output section or the location counter.
  private func fixedAddress(_ step: Step) -> UInt64? {
    switch step.action {
    case .enter(let section):
      return program.sections[section].description?.address
        .flatMap(program.expressions.foldedValue)
    case .assignment(let assignment) where assignment.isLocationCounter:
      // Inside an output section a number is an offset.
      if case .inside = step.context { return nil }
      return program.expressions.foldedValue(assignment.value)
    default: return nil
    }
  }

  /// The output section that a step stands in, or that was closed last before it.
  private func openSection(at step: Int) -> Int? {
    if case .inside(let index) = program.steps[step].context { return index }
    for earlier in program.steps[..<step].reversed() {
      if case .leave(let index) = earlier.action { return index }
    }
    return nil
  }

  private func extent(ofRegion index: Int) -> (start: UInt64, byteCount: UInt64)? {
    let name = program.regions[index].name
    return outline.regions.first { $0.name.name == name }.flatMap(extent)
  }
}
