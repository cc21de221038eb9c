// What an edited script moves in MEMORY regions: a section begins behind what its region has already, wherever '.' is
// (ldlang.c, lang_size_sections_1), and its load image behind what that of AT> has.

internal import LdsParser

extension ShiftAnalysis {
  private func shift(ofRegion region: Int) -> Shift? { regions[region] ?? .zero }

  /// Puts the location counter where the region of a section is filled to.
  mutating func enterRegion(of section: Int, _ place: Int) throws(Obstacle) {
    guard !program.regions.isEmpty else { return }
    let record = evidence.sections[place]
    guard let region = trace.region(ofSection: section) else {
      let isAllocated = record.flags?.contains(.allocated) ?? (record.vma ?? 0 != 0)
      guard !isAllocated || record.size == 0 else { throw .region(record.name) }
      return
    }
    if program.sections[section].description?.address == nil { dot = shift(ofRegion: region) }
    sections[place] = SectionShift(load: load(of: section, record, from: region))
  }

  /// Where a section that was dropped leaves the location counter is not worked out.
  mutating func passEmpty(_ section: Int) {
    guard let region = trace.region(ofSection: section) else { return }
    if shift(ofRegion: region) != dot { dot = nil }
  }

  /// How far the load address of a section moves that begins at the location counter.
  private func load(of section: Int, _ record: Evidence.Section, from region: Int) -> Shift? {
    guard let description = program.sections[section].description else { return nil }
    if let address = description.loadAddress {
      return ShiftedForm(address, self, dot: dot)?.distance
    }
    guard let target = trace.loadRegion(ofSection: section), target != region else {
      // Where it runs, unless it keeps the distance of the section before.
      return dot?.isZero == true ? .zero : nil
    }
    let shift = shift(ofRegion: target)
    let isAligned = description.alignment != nil || description.alignsWithInput
    return isAligned && shift?.isZero != true ? nil : shift
  }

  /// What a section adds to the region of its load image.
  mutating func fillRegions(of section: Int) {
    guard let place = evidenceIndex[section] else { return }
    let growth: Shift? = isEven ? .zero : entry?.isZero == true ? dot : nil
    sections[place]?.growth = growth
    guard let target = trace.loadRegion(ofSection: section),
      target != trace.region(ofSection: section)
    else { return }
    let load = sections[place]?.load
    regions[target] = .some(load?.isZero == true ? growth : growth?.isZero == true ? load : nil)
  }
}
