// Which files belong to one image, and where files of one image contradict each other.

/// Two files of one image that do not agree.
public struct EvidenceConflict: Sendable {
  /// What they disagree on.
  public enum Subject: Sendable, Hashable {
    /// A symbol's value.
    case symbol
    /// An output section's address.
    case sectionAddress
    /// An output section's size.
    case sectionSize
  }

  /// What it is.
  public var subject: Subject
  /// The symbol's or section's name.
  public var name: [UInt8]
  /// The first file, its value, and where it says so, if it is text.
  public var first: (file: Int, value: UInt64)
  /// The second file and its value.
  public var second: (file: Int, value: UInt64)
}

extension ImageEvidence {
  /// Names that are compared to tell whether two files are of one image.
  private static let sampleSize = 2048
  /// Two links of one source agree on much of their text; files of one image on nearly all: but for a few
  /// symbols that a map shows in another form, such as thread-local ones.
  private static let sameImageShare = 0.98
  private static let toleratedDifferences = 16

  /// Puts files that describe the same image together, in the order they were given.
  ///
  /// Two files of one kind are two images. A map, an image and listings are of one image if nearly all
  /// global symbols they share have the same value; where only some differ, the group has
  /// ``conflicts(limit:)``.
  public static func grouping(_ files: [Image]) -> [[Int]] {
    var groups: [[Int]] = []
    for index in files.indices {
      var best: (group: Int, share: Double)?
      for (group, members) in groups.enumerated() {
        guard members.allSatisfy({ canJoin(files[$0], files[index]) }) else { continue }
        let share = members.map { agreement(files[$0], files[index]) }.max() ?? 0
        if share > 0.5, share > best?.share ?? 0 { best = (group, share) }
      }
      if let best { groups[best.group].append(index) } else { groups.append([index]) }
    }
    return groups
  }

  private static func canJoin(_ left: Image, _ right: Image) -> Bool {
    if left.kind == right.kind || (left.kind.rank == right.kind.rank && left.kind.rank < 2) {
      return false
    }
    if left.isRelocatable != right.isRelocatable, left.kind.rank == 0, right.kind.rank == 0 {
      return false
    }
    if let leftBits = left.is32Bit, let rightBits = right.is32Bit, leftBits != rightBits {
      return false
    }
    return true
  }

  /// Share of the global names both have that have one value in both; 0 without a common name.
  private static func agreement(_ left: Image, _ right: Image) -> Double {
    let fewer = left.symbols.records.count < right.symbols.records.count ? left : right
    let more = left.symbols.records.count < right.symbols.records.count ? right : left
    let globals = fewer.symbols.records.filter { $0.isDefinition && $0.binding != .local }
    let step = max(1, globals.count / sampleSize)
    let sample = stride(from: 0, to: globals.count, by: step).map { globals[$0] }
    let index = SymbolIndex(more.symbols, names: sample.map { fewer.symbols.nameBytes($0) })
    var same = 0
    var shared = 0
    for record in sample {
      let others = index.rows(fewer.symbols.nameBytes(record)).map { more.symbols.records[$0] }
        .filter(\.isDefinition)
      if others.isEmpty { continue }
      shared += 1
      if others.contains(where: { UInt32(truncatingIfNeeded: $0.value ^ record.value) == 0 }) {
        same += 1
      }
    }
    guard shared > 0 else { return 0 }
    let share = Double(same) / Double(shared)
    return share >= sameImageShare || shared - same <= toleratedDifferences ? share : 0
  }

  /// Where the files contradict each other, at most `limit` findings: global symbols with different values,
  /// allocated output sections with different addresses or sizes.
  public func conflicts(limit: Int = 20) -> [EvidenceConflict] {
    var found: [EvidenceConflict] = []
    for second in files.indices.dropFirst() {
      for first in 0..<second where found.count < limit {
        sectionConflicts(first, second, &found)
        symbolConflicts(first, second, &found, limit: limit)
      }
    }
    return Array(found.prefix(limit))
  }

  private func symbolConflicts(
    _ first: Int, _ second: Int, _ found: inout [EvidenceConflict], limit: Int
  ) {
    let index = SymbolIndex(files[second].symbols)
    let mask = addressMask(first, second)
    for record in files[first].symbols.records where found.count < limit {
      guard record.isDefinition, record.binding == .global, !record.isThreadLocal else { continue }
      let name = files[first].symbols.nameBytes(record)
      let others = index.rows(name).map { files[second].symbols.records[$0] }
        .filter { $0.isDefinition && !$0.isThreadLocal }
      let globals = others.filter { $0.binding != .local }
      // A global that is local elsewhere was hidden; another object's local may share its name.
      let candidates = globals.isEmpty ? others : globals
      guard let other = candidates.first,
        !candidates.contains(where: { ($0.value ^ record.value) & mask == 0 }),
        !isOfDroppedSection(record, in: first, second),
        !isOfDroppedSection(other, in: second, first)
      else { continue }
      found.append(
        EvidenceConflict(
          subject: .symbol, name: name, first: (first, record.value),
          second: (second, other.value)))
    }
  }

  /// Bits of an address that count: maps and listings of 32-bit images show 32, whatever their linker
  /// computed with.
  private func addressMask(_ first: Int, _ second: Int) -> UInt64 {
    files[first].is32Bit == true || files[second].is32Bit == true ? 0xffff_ffff : .max
  }

  /// Whether a map has `record` in an empty section beside a PE image, which gives such symbols to another
  /// section.
  private func isOfDroppedSection(_ record: SymbolRecord, in map: Int, _ image: Int) -> Bool {
    files[map].kind == .gnuMap && files[image].kind == .pe
      && files[map].outputSections.contains { $0.size == 0 && $0.vma == record.value }
  }

  private func sectionConflicts(_ first: Int, _ second: Int, _ found: inout [EvidenceConflict]) {
    var others: [[UInt8]: OutputSectionRecord] = [:]
    for section in files[second].outputSections where others[section.name] == nil {
      others[section.name] = section
    }
    let isPE = files[first].kind == .pe || files[second].kind == .pe
    let mask = addressMask(first, second)
    for section in files[first].outputSections {
      guard let other = others[section.name], let left = section.vma, let right = other.vma,
        isAllocated(section, other)
      else { continue }
      if (left ^ right) & mask != 0, section.size != 0, other.size != 0 {
        found.append(
          EvidenceConflict(
            subject: .sectionAddress, name: section.name, first: (first, left),
            second: (second, right)))
      } else if section.size != other.size, !isPE {
        found.append(
          EvidenceConflict(
            subject: .sectionSize, name: section.name, first: (first, section.size),
            second: (second, other.size)))
      }
    }
  }

  /// Sections outside memory are dropped and packed by later tools; only what the image runs with counts.
  private func isAllocated(_ left: OutputSectionRecord, _ right: OutputSectionRecord) -> Bool {
    if let flags = left.flags ?? right.flags { return flags.contains(.allocated) }
    return left.vma != 0 || right.vma != 0
  }
}
