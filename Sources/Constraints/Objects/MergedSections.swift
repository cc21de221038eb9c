// SHF_MERGE: equal constants and strings are kept once, and strings that end others are part of them (bfd/merge.c): up to
// 2.40 each element stays in the section that met it first, from 2.41 on all are in the first section.

internal import LdsParser

/// The contents of input sections that are merged with one another.
final class MergedGroup {
  /// A constant or string.
  struct Element {
    /// Its bytes, without the zero that ends a string.
    let bytes: [UInt8]
    /// Its alignment in bytes; 0 for one that is given up.
    var alignment: UInt64
    /// The section that it is kept in, by its place in ``sections``.
    let section: Int
    /// The element that it is the end of.
    var tailOf: Int?
    /// Where it is kept in its section.
    var offset: UInt64 = 0
  }

  private(set) var sections: [InputSection] = []
  private var contents: [[UInt8]] = []
  private var elements: [Element] = []
  private var table: [[UInt8]: Int] = [:]
  /// Whether each section's size was a multiple of the alignment.
  private var isPadded = true
  /// Whether all goes into the first section, and a string that is there gets the alignment of its repetition; else each
  /// section keeps what it brought first.
  private let isGathered: Bool
  let isStrings: Bool
  let entrySize: Int
  let alignmentPower: Int
  unowned let output: OutputSection

  init(_ first: InputSection, in output: OutputSection, by dialect: LinkerDialect) {
    isGathered = dialect.follows(.mergingGathers)
    isStrings = first.bits.contains(.strings)
    entrySize = Int(truncatingIfNeeded: first.entrySize)
    alignmentPower = first.alignmentPower
    self.output = output
  }

  private var alignment: UInt64 { 1 << UInt64(alignmentPower) }

  func takes(_ section: InputSection, in output: OutputSection) -> Bool {
    self.output === output && Int(truncatingIfNeeded: section.entrySize) == entrySize
      && section.alignmentPower == alignmentPower
      && section.bits.contains(.strings) == isStrings
  }

  /// Adds a section; its elements come behind those that are there.
  func add(_ section: InputSection, _ bytes: [UInt8]) {
    let number = sections.count
    sections.append(section)
    contents.append(bytes)
    section.merging = self
    section.rawSize = section.size
    if UInt64(bytes.count) & (alignment - 1) != 0 { isPadded = false }
    if isStrings { enterStrings(bytes, number) } else { enterConstants(bytes, number) }
  }

  private func enterConstants(_ bytes: [UInt8], _ number: Int) {
    for start in stride(from: 0, to: bytes.count, by: entrySize) {
      enter(Array(bytes[start..<min(start + entrySize, bytes.count)]), 1, number)
    }
  }

  private func enterStrings(_ bytes: [UInt8], _ number: Int) {
    var position = 0
    var hasEmpty = false
    while position < bytes.count {
      let end = end(ofStringAt: position, in: bytes)
      enter(Array(bytes[position..<end]), alignment(at: position), number)
      position = end + entrySize
      // Padding at an aligned place counts as one empty string; from 2.41 on each unit of it is one.
      while position < bytes.count, isZero(bytes, position) {
        if isGathered {
          enter([], alignment(at: position), number)
        } else if UInt64(position) & (alignment - 1) == 0, !hasEmpty {
          hasEmpty = true
          enter([], alignment, number)
        }
        position += entrySize
      }
    }
  }

  /// The alignment that a string at a place of its section has.
  private func alignment(at position: Int) -> UInt64 {
    position == 0 ? alignment : min(1 << UInt64(position.trailingZeroBitCount), alignment)
  }

  private func isZero(_ bytes: [UInt8], _ position: Int) -> Bool {
    bytes[position..<min(position + entrySize, bytes.count)].allSatisfy { $0 == 0 }
  }

  /// Where the string that begins at `position` ends.
  private func end(ofStringAt position: Int, in bytes: [UInt8]) -> Int {
    var end = position
    while end < bytes.count, !isZero(bytes, end) { end += entrySize }
    return min(end, bytes.count)
  }

  /// An element that is there with a smaller alignment is given up for a new one, or gets that alignment.
  private func enter(_ bytes: [UInt8], _ alignment: UInt64, _ number: Int) {
    if let known = table[bytes] {
      if elements[known].alignment >= alignment { return }
      guard !isGathered else {
        elements[known].alignment = alignment
        return
      }
      elements[known].alignment = 0
    }
    table[bytes] = elements.count
    elements.append(
      Element(bytes: bytes, alignment: alignment, section: isGathered ? 0 : number))
  }

  // MARK: Sizes

  /// Joins tails, and gives every section its new size; one with nothing left is excluded.
  func finish() {
    if isStrings { joinTails() }
    var sizes: [UInt64?] = Array(repeating: nil, count: sections.count)
    var last: Int?
    for index in elements.indices where elements[index].alignment > 0 {
      let section = elements[index].section
      let start = LinkerArithmetic.alignUp(sizes[section] ?? 0, to: elements[index].alignment)
      elements[index].offset = start
      sizes[section] =
        start &+ UInt64(elements[index].bytes.count + (isStrings ? entrySize : 0))
      last = section
    }
    if !isStrings, let element = elements.last { last = element.section }
    for (number, section) in sections.enumerated() {
      if let size = sizes[number] {
        section.size = size
      } else {
        section.bits.formUnion([.excluded, .kept])
      }
    }
    guard isPadded, let last else { return }
    sections[last].size = LinkerArithmetic.alignUp(sections[last].size, to: alignment)
  }

  private func joinTails() {
    var live = elements.indices.filter { elements[$0].alignment > 0 }
    let alignments = Set(live.map { elements[$0].alignment })
    var modulus: UInt64 = 1
    if alignments.count == 1, let only = alignments.first, only > UInt64(entrySize) {
      modulus = only
    }
    let keys = elements.map { Array($0.bytes.reversed()) }
    live.sort { left, right in
      let classes = (
        UInt64(keys[left].count) & (modulus - 1), UInt64(keys[right].count) & (modulus - 1)
      )
      if classes.0 != classes.1 { return classes.0 < classes.1 }
      return keys[left].lexicographicallyPrecedes(keys[right])
    }
    guard var longer = live.popLast() else { return }
    for index in live.reversed() {
      let element = elements[index]
      let other = elements[longer]
      let distance = UInt64(max(0, other.bytes.count - element.bytes.count))
      let isTail =
        other.bytes.count > element.bytes.count && other.alignment >= element.alignment
        && distance & (element.alignment - 1) == 0 && keys[longer].starts(with: keys[index])
      if isTail {
        elements[index].tailOf = longer
        elements[index].alignment = 0
      } else {
        longer = index
      }
    }
  }

  // MARK: Places

  /// Where a place in one of the sections went (merge.c, _bfd_merged_section_offset).
  func place(of offset: UInt64, in section: InputSection) -> (section: InputSection, offset: UInt64)
  {
    guard let number = sections.firstIndex(where: { $0 === section }) else {
      return (section, offset)
    }
    let bytes = contents[number]
    guard let position = Int(exactly: offset), position < bytes.count else {
      let isEmpty = !elements.contains { $0.section == number && $0.alignment > 0 }
      return (section, isEmpty ? 0 : section.size)
    }
    var start = position / entrySize * entrySize
    var end = start + entrySize
    if isStrings {
      while start > 0, !isZero(bytes, start - entrySize) { start -= entrySize }
      end = self.end(ofStringAt: start, in: bytes)
    }
    if let index = table[Array(bytes[start..<min(end, bytes.count)])] {
      return place(ofElement: index, at: position - start)
    }
    // In the padding behind a string: the linker takes it for the end of the first string of all.
    guard let first = elements.firstIndex(where: { $0.alignment > 0 }) else {
      return (section, offset)
    }
    let length = elements[first].bytes.count + entrySize
    return place(
      ofElement: first, at: position - (position / entrySize + 1) * entrySize + length)
  }

  private func place(ofElement index: Int, at distance: Int) -> (InputSection, UInt64) {
    var index = index
    var distance = distance
    while let longer = elements[index].tailOf {
      distance += elements[longer].bytes.count - elements[index].bytes.count
      index = longer
    }
    let element = elements[index]
    return (sections[element.section], element.offset &+ UInt64(truncatingIfNeeded: distance))
  }
}

extension ObjectLink {
  /// Merges the contents of all sections that ask for it, group by group, the sections in input order.
  func mergeSections() throws(LayoutStop) {
    var groups: [MergedGroup] = []
    for file in files {
      for section in file.sections {
        guard let output = section.output, isMergeable(section) else { continue }
        guard section.bits.contains(.contents) else {
          throw .refused(
            "\(names.string(section.name)) is to be merged and has no contents, which is not modelled"
          )
        }
        let bytes = try contents(of: section)
        let known = groups.first { $0.takes(section, in: output) }
        let group = known ?? MergedGroup(section, in: output, by: options.dialect)
        if known == nil { groups.append(group) }
        group.add(section, bytes)
      }
    }
    for group in groups {
      group.finish()
    }
  }

  /// Whether anything merged is written at all: else global symbols stay where they were (elflink.c,
  /// bfd_elf_final_link).
  var writesMerged: Bool {
    files.contains { file in
      file.sections.contains { section in
        guard section.merging != nil, let output = section.output else { return false }
        return !output.bits.contains(.neverLoaded)
      }
    }
  }

  /// merge.c, _bfd_add_merge_section
  private func isMergeable(_ section: InputSection) -> Bool {
    let entry = section.entrySize
    guard section.bits.contains(.merged), !section.bits.contains(.excluded),
      !section.bits.contains(.relocated), section.size > 0, entry > 0, section.size % entry == 0,
      section.record != nil
    else { return false }
    let alignment: UInt64 = 1 << UInt64(section.alignmentPower)
    if entry < alignment {
      return entry & (entry - 1) == 0 && section.bits.contains(.strings)
    }
    return entry & (alignment - 1) == 0
  }

  /// The bytes of an input section.
  func contents(of section: InputSection) throws(LayoutStop) -> [UInt8] {
    guard let object = section.file.object, let record = section.record else { return [] }
    do throws(ReadError) {
      return try object.contents(of: record)
    } catch {
      throw .unreadable(FilePath(bytes: section.file.label), error)
    }
  }

  /// The relocations of an input section.
  func relocations(of section: InputSection) throws(LayoutStop) -> [ObjectRelocation] {
    guard let object = section.file.object, let record = section.record else { return [] }
    do throws(ReadError) {
      return try object.relocations(of: record)
    } catch {
      throw .unreadable(FilePath(bytes: section.file.label), error)
    }
  }
}
