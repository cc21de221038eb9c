// The constants and strings of sections that are merged: each is kept once, strings that end others are part of them
// (bfd/merge.c). They are ranges of one stretch of bytes, found again by a hash of them: large objects bring a hundred
// thousand strings of debugging information.

internal import LdsParser

/// The elements of sections that are merged with one another.
struct MergedElements {
  /// A constant or string.
  struct Element {
    /// Where its bytes are, without the zero that ends a string.
    let bytes: Range<Int>
    /// Its alignment in bytes; 0 for one that is given up.
    var alignment: UInt64
    /// The section that it is kept in, by the order in which they were added.
    let section: Int
    /// The element that it is the end of.
    var tailOf: Int?
    /// Where it is kept in its section.
    var offset: UInt64 = 0
  }

  /// How sections of a group are taken apart.
  struct Rules {
    let isStrings: Bool
    let entrySize: Int
    let alignment: UInt64
    /// Whether all goes into the first section.
    let isGathered: Bool

    /// The alignment that a string at a place of its section has.
    func alignment(at position: Int) -> UInt64 {
      position == 0 ? alignment : min(1 << UInt64(position.trailingZeroBitCount), alignment)
    }
  }

  /// The contents of all sections.
  private var pool: [UInt8] = []
  /// Where those of each section are.
  private var ranges: [Range<Int>] = []
  private var elements: [Element] = []
  /// The number of an element and one more at the place that the hash of its bytes says, or at the next that is free; 0 for
  /// a free one. A power of two.
  private var slots = [Int32](repeating: 0, count: 64)
  private var slotsTaken = 0

  subscript(index: Int) -> Element { elements[index] }

  /// The first element that is kept.
  var firstLive: Int? { elements.firstIndex { $0.alignment > 0 } }

  func contents(of section: Int) -> Range<Int> { ranges[section] }

  /// Whether a section keeps nothing.
  func isEmpty(_ section: Int) -> Bool {
    !elements.contains { $0.section == section && $0.alignment > 0 }
  }

  // MARK: Adding

  mutating func add(_ bytes: [UInt8], _ rules: Rules) {
    let start = pool.count
    pool += bytes
    let number = ranges.count
    ranges.append(start..<pool.count)
    if rules.isStrings {
      enterStrings(start..<pool.count, number, rules)
    } else {
      for place in stride(from: start, to: pool.count, by: rules.entrySize) {
        enter(place..<min(place + rules.entrySize, pool.count), 1, number, rules)
      }
    }
  }

  private mutating func enterStrings(_ range: Range<Int>, _ number: Int, _ rules: Rules) {
    var position = range.lowerBound
    var hasEmpty = false
    while position < range.upperBound {
      let end = end(ofStringAt: position, before: range.upperBound, rules.entrySize)
      let alignment = rules.alignment(at: position - range.lowerBound)
      enter(position..<end, alignment, number, rules)
      position = end + rules.entrySize
      // Padding at an aligned place counts as one empty string; from 2.41 on each unit of it is one.
      while position < range.upperBound, isZero(position, rules.entrySize) {
        let place = position - range.lowerBound
        if rules.isGathered {
          enter(position..<position, rules.alignment(at: place), number, rules)
        } else if UInt64(place) & (rules.alignment - 1) == 0, !hasEmpty {
          hasEmpty = true
          enter(position..<position, rules.alignment, number, rules)
        }
        position += rules.entrySize
      }
    }
  }

  func isZero(_ position: Int, _ width: Int) -> Bool {
    if width == 1 { return pool[position] == 0 }
    return pool[position..<min(position + width, pool.count)].allSatisfy { $0 == 0 }
  }

  /// Where the string that begins at `position` ends.
  func end(ofStringAt position: Int, before limit: Int, _ width: Int) -> Int {
    var end = position
    while end < limit, !isZero(end, width) { end += width }
    return min(end, limit)
  }

  /// An element that is there with a smaller alignment is given up for a new one, or gets that alignment.
  private mutating func enter(
    _ bytes: Range<Int>, _ alignment: UInt64, _ number: Int, _ rules: Rules
  ) {
    let slot = slot(of: bytes)
    let known = Int(slots[slot]) - 1
    if known >= 0 {
      if elements[known].alignment >= alignment { return }
      guard !rules.isGathered else {
        elements[known].alignment = alignment
        return
      }
      elements[known].alignment = 0
    } else {
      slotsTaken += 1
    }
    elements.append(
      Element(bytes: bytes, alignment: alignment, section: rules.isGathered ? 0 : number))
    slots[slot] = Int32(truncatingIfNeeded: elements.count)
    if slotsTaken * 2 > slots.count { growSlots() }
  }

  // MARK: Finding

  /// The element of these bytes that was entered last.
  func find(_ bytes: Range<Int>) -> Int? {
    let known = Int(slots[slot(of: bytes)]) - 1
    return known < 0 ? nil : known
  }

  /// Where bytes are in the table, or would be.
  private func slot(of bytes: Range<Int>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in bytes { hash = (hash ^ UInt64(pool[index])) &* 0x100_0000_01b3 }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (hash ^ hash >> 32) & UInt64(mask))
    while slots[slot] != 0, !areEqual(elements[Int(slots[slot]) - 1].bytes, bytes) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func areEqual(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    guard one.count == other.count else { return false }
    var (left, right) = (one.lowerBound, other.lowerBound)
    while left < one.upperBound {
      if pool[left] != pool[right] { return false }
      left += 1
      right += 1
    }
    return true
  }

  private mutating func growSlots() {
    let old = slots
    slots = [Int32](repeating: 0, count: old.count * 4)
    for entry in old where entry != 0 {
      slots[slot(of: elements[Int(entry) - 1].bytes)] = entry
    }
  }

  // MARK: Sizes

  /// Gives elements their places.
  ///
  /// - Returns: the size of each section, nil for one with nothing left, and the section that was filled last.
  mutating func settle(terminator: Int) -> (sizes: [UInt64?], last: Int?) {
    var sizes: [UInt64?] = Array(repeating: nil, count: ranges.count)
    var last: Int?
    for index in elements.indices where elements[index].alignment > 0 {
      let section = elements[index].section
      let start = LinkerArithmetic.alignUp(sizes[section] ?? 0, to: elements[index].alignment)
      elements[index].offset = start
      sizes[section] = start &+ UInt64(elements[index].bytes.count + terminator)
      last = section
    }
    if terminator == 0, let element = elements.last { last = element.section }
    return (sizes, last)
  }

  /// Strings that others end in become parts of them.
  mutating func joinTails(entrySize: Int) {
    var live = elements.indices.filter { elements[$0].alignment > 0 }
    let alignments = Set(live.map { elements[$0].alignment })
    var modulus = 1
    if alignments.count == 1, let only = alignments.first, only > UInt64(entrySize) {
      modulus = Int(truncatingIfNeeded: only)
    }
    live.sort { left, right in
      let (one, other) = (elements[left].bytes, elements[right].bytes)
      let classes = (one.count & (modulus - 1), other.count & (modulus - 1))
      if classes.0 != classes.1 { return classes.0 < classes.1 }
      return isBefore(one, other)
    }
    guard var longer = live.popLast() else { return }
    for index in live.reversed() {
      let (element, other) = (elements[index], elements[longer])
      let distance = UInt64(max(0, other.bytes.count - element.bytes.count))
      let isTail =
        other.bytes.count > element.bytes.count && other.alignment >= element.alignment
        && distance & (element.alignment - 1) == 0
        && areEqual(other.bytes.suffix(element.bytes.count), element.bytes)
      if isTail {
        elements[index].tailOf = longer
        elements[index].alignment = 0
      } else {
        longer = index
      }
    }
  }

  /// Whether one string comes before another, read from their ends.
  private func isBefore(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    var (left, right) = (one.upperBound, other.upperBound)
    while left > one.lowerBound, right > other.lowerBound {
      left -= 1
      right -= 1
      if pool[left] != pool[right] { return pool[left] < pool[right] }
    }
    return one.count < other.count
  }
}
