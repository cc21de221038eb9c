// The location counter of a link by lld, as far as the image tells it (lld/ELF/LinkerScript.cpp, assignOffsets;
// Writer.cpp, findOrphanPos).

internal import LdsParser

extension EvidenceOracle {
  /// A dropped section is as if it were not there.
  mutating func enterLLD(_ index: Int, from dot: Number) -> Number {
    guard evidenceIndex[index] != nil else {
      entryDot = program.hasInsert ? Number(unknown: Lack(.insertedStatement)) : dot
      return evidence.hasAllSections ? entryDot : Number(unknown: Lack(.locationCounter))
    }
    entryDot = behindOrphansLLD(dot)
    return base(of: .listed(index))
  }

  /// Sections that are not allocated and thread-local ones without contents take no addresses.
  mutating func leaveLLD(_ index: Int) -> Number {
    guard let place = evidenceIndex[index] else {
      return evidence.hasAllSections ? entryDot : Number(unknown: Lack(.locationCounter))
    }
    lastSection = index
    orphansPassed = false
    let section = sections[place]
    guard let flags = section.flags else {
      // A map has no flags: an address of 0 and a name are all there is to go by.
      let mayTakeNone = section.vma == 0 || section.name.starts(with: ".tbss".utf8)
      return mayTakeNone ? Number(unknown: Lack(.locationCounter)) : end(of: place)
    }
    let takesNone =
      !flags.contains(.allocated) || flags.contains(.threadLocal) && flags.contains(.noBits)
    return takesNone ? entryDot : end(of: place)
  }

  /// lld takes an ASSERT for an assignment to the location counter.
  mutating func beforeReadLLD(step: Int, _ dot: Number) -> Number {
    if case .assertion = program.steps[step].action { return behindOrphansLLD(dot) }
    return program.sections.isEmpty ? Number(unknown: Lack(.locationCounter)) : dot
  }

  /// The location counter before an ASSERT, an assignment to it, or a section: lld puts orphans there and not
  /// before assignments to symbols. One that no other section follows comes after every statement.
  mutating func behindOrphansLLD(_ dot: Number) -> Number {
    guard !program.sections.isEmpty, evidence.hasAllSections else {
      return Number(unknown: Lack(.locationCounter))
    }
    guard !orphansPassed else { return dot }
    let last = lastSection ?? -1
    let orphans = facts.value.binding.allocatedOrphans(after: last, evidence, dialect)
    let isFollowed = evidenceIndex[(last + 1)...].contains { $0 != nil }
    guard isFollowed ? !orphans.isEmpty : orphans.count > 1 else { return dot }
    orphansPassed = true
    return Number(unknown: Lack(.locationCounter))
  }
}
