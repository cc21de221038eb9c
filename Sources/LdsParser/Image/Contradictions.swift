// Where files that describe one image contradict each other, and which of them go together all the same.

/// A fact that two files of one image do not agree on.
public struct Contradiction: Sendable {
  /// What they disagree on.
  public enum Subject: Sendable, Hashable {
    /// A symbol's value.
    case symbol
    /// An output section's address.
    case sectionAddress
    /// An output section's size.
    case sectionSize
    /// How many output sections of a name there are: none in one of the files.
    case sectionCount
  }

  /// What it is.
  public var subject: Subject
  /// The symbol's or section's name.
  public var name: [UInt8]
  /// The first file, and the value that it gives.
  public var first: (file: Int, value: UInt64)
  /// The second file, and the value that it gives.
  public var second: (file: Int, value: UInt64)
}

/// All contradictions among files that describe one image: what is left of an earlier link beside the image of
/// a later one, most often.
public struct Contradictions: Sendable {
  /// The contradictions of two files.
  public struct Pair: Sendable {
    /// The first of them, sections before symbols, at most as many as were asked for.
    public var examples: [Contradiction]
    /// How many there are.
    public var count: Int
    /// The better informed file, an index of the files given.
    public var first: Int
    /// The other one.
    public var second: Int
  }

  /// Every two files that contradict each other.
  public private(set) var pairs: [Pair] = []
  /// The files in parts that are free of contradictions, the part of the best informed file first.
  public private(set) var parts: [[Int]] = []

  /// Whether the files all agree.
  public var isEmpty: Bool { pairs.isEmpty }

  private let files: [Image]
  private let limit: Int

  /// Compares `files`, which must be of one image; see ``ImageEvidence/grouping(_:)``: global symbols with
  /// different values, allocated output sections with different addresses or sizes, and those that only one of
  /// a linker's map and its image has. Load addresses are left out: ld's map and the segments of its image differ in
  /// those of thread-local sections, and of what stands behind the bytes of a segment.
  ///
  /// `limit` says how many examples are kept of every pair.
  public init(_ files: [Image], limit: Int = 5) {
    self.files = files
    self.limit = limit
    let order = files.indices.sorted { (files[$0].kind.rank, $0) < (files[$1].kind.rank, $1) }
    for (position, second) in order.enumerated() {
      compare(second, with: Array(order[..<position]))
      let contradicted = Set(pairs.filter { $0.second == second }.map(\.first))
      let home = parts.firstIndex { contradicted.isDisjoint(with: $0) }
      if let home { parts[home].append(second) } else { parts.append([second]) }
    }
  }

  private mutating func compare(_ second: Int, with others: [Int]) {
    if others.isEmpty || files[second].isRelocatable { return }
    let index = SymbolIndex(files[second].symbols)
    for first in others where !files[first].isRelocatable {
      var pair = Pair(examples: [], count: 0, first: first, second: second)
      sectionConflicts(first, second, &pair)
      symbolConflicts(first, second, index, &pair)
      if pair.count > 0 { pairs.append(pair) }
    }
  }

  private func note(
    _ subject: Contradiction.Subject, _ name: @autoclosure () -> [UInt8], _ first: UInt64,
    _ second: UInt64, _ pair: inout Pair
  ) {
    pair.count += 1
    if pair.examples.count >= limit { return }
    pair.examples.append(
      Contradiction(
        subject: subject, name: name(), first: (pair.first, first), second: (pair.second, second)))
  }

  /// Definitions of one global name that are compared with each of the other file's: linkers give it one.
  private static let mostRows = 64

  private func symbolConflicts(
    _ first: Int, _ second: Int, _ index: SymbolIndex, _ pair: inout Pair
  ) {
    let bit = files[first].instructionBit | files[second].instructionBit
    let mask = addressMask(first, second) & ~bit
    var repeated: Set<[UInt8]> = []
    for record in files[first].symbols.records {
      guard record.isDefinition, record.binding == .global, !record.isThreadLocal else { continue }
      let name = files[first].symbols.nameBytes(record)
      // A name that both files have many times would cost the product of both numbers.
      if repeated.contains(name) { continue }
      let rows = index.rows(name)
      if rows.count > Self.mostRows { repeated.insert(name) }
      let others = rows.map { files[second].symbols.records[$0] }
        .filter { $0.isDefinition && !$0.isThreadLocal }
      let globals = others.filter { $0.binding != .local }
      // A global that is local elsewhere was hidden; another object's local may share its name.
      let candidates = globals.isEmpty ? others : globals
      guard let other = candidates.first,
        !candidates.contains(where: { ($0.value ^ record.value) & mask == 0 }),
        !isOfDroppedSection(record, in: first, second),
        !isOfDroppedSection(other, in: second, first)
      else { continue }
      note(.symbol, name, record.value, other.value, &pair)
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
    files[map].kind.tells(.droppedSections) && files[image].kind == .pe
      && files[map].outputSections.contains { $0.size == 0 && $0.vma == record.value }
  }

  private func sectionConflicts(_ first: Int, _ second: Int, _ pair: inout Pair) {
    let others = Dictionary(grouping: files[second].outputSections, by: \.name)
    var counts: [[UInt8]: Int] = [:]
    for section in files[first].outputSections { counts[section.name, default: 0] += 1 }
    let isPE = files[first].kind == .pe || files[second].kind == .pe
    let mask = addressMask(first, second)
    for section in files[first].outputSections {
      guard let candidates = others[section.name],
        let other = Self.partner(of: section, among: candidates, isOnly: counts[section.name] == 1),
        let left = section.vma, let right = other.vma, isAllocated(section, other)
      else { continue }
      if (left ^ right) & mask != 0, section.size != 0, other.size != 0 {
        note(.sectionAddress, section.name, left, right, &pair)
      } else if section.size != other.size, !isPE {
        note(.sectionSize, section.name, section.size, other.size, &pair)
      }
    }
    if !isPE { countConflicts(first, second, &pair) }
  }

  /// What another file has of a section. Of several with one name, such as those of ONLY_IF_RO and ONLY_IF_RW, that is one
  /// that is as large, if there is one, and an empty one need not be in both.
  private static func partner(
    of section: OutputSectionRecord, among candidates: [OutputSectionRecord], isOnly: Bool
  ) -> OutputSectionRecord? {
    if isOnly, candidates.count == 1 { return candidates[0] }
    if section.size == 0 { return nil }
    return candidates.first { $0.size == section.size && $0.vma == section.vma }
      ?? candidates.first { $0.size == section.size } ?? candidates.first { $0.size != 0 }
  }

  /// Sections that take room in memory in an image and that its map does not list, or the other way round: tools behind
  /// the link add and remove some.
  private func countConflicts(_ first: Int, _ second: Int, _ pair: inout Pair) {
    guard files[first].kind == .elf, files[second].kind.isMap,
      files[second].kind.tells(.everySection),
      !files[first].outputSections.isEmpty, !files[second].outputSections.isEmpty
    else { return }
    let listed = Set(files[second].outputSections.map(\.name))
    let present = Set(files[first].outputSections.map(\.name))
    for section in files[first].outputSections
    where section.size != 0 && section.flags?.contains(.allocated) == true
      && !listed.contains(section.name)
    {
      note(.sectionCount, section.name, 1, 0, &pair)
    }
    for section in files[second].outputSections
    where section.size != 0 && (section.vma ?? 0) != 0 && !present.contains(section.name) {
      note(.sectionCount, section.name, 0, 1, &pair)
    }
  }

  /// Sections outside memory are dropped and packed by later tools; only what the image runs with counts.
  private func isAllocated(_ left: OutputSectionRecord, _ right: OutputSectionRecord) -> Bool {
    if let flags = left.flags ?? right.flags { return flags.contains(.allocated) }
    return left.vma != 0 || right.vma != 0
  }
}
