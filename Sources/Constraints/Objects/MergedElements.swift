// The constants and strings of sections that are merged: each is kept once, strings that end others are part of them
// (bfd/merge.c). They are ranges of the objects' own bytes, found again by a hash of them: large objects bring a hundred
// thousand strings of debugging information.

internal import LdsParser

/// The elements of sections that are merged with one another.
struct MergedElements {
  /// A constant or string.
  struct Element {
    /// Where its bytes are, without the zero that ends a string.
    let bytes: Bytes
    /// Its alignment in bytes; 0 for one that is given up.
    var alignment: UInt64
    /// The section that it is kept in, by the order in which they were added.
    let section: Int
    /// The element that it is the end of.
    var tailOf: Int?
    /// Where it is kept in its section.
    var offset: UInt64 = 0
  }

  /// Bytes of a section, by the order in which they were added.
  struct Bytes {
    let source: Int
    let start: Int
    let count: Int

    var end: Int { start &+ count }
  }

  /// The same in half the room, for what is looked at most.
  private struct Place {
    private let source: UInt32
    private let count: UInt32
    private let start: Int

    init(_ bytes: Bytes) {
      source = UInt32(truncatingIfNeeded: bytes.source)
      count = UInt32(truncatingIfNeeded: bytes.count)
      start = bytes.start
    }

    var bytes: Bytes { Bytes(source: Int(source), start: start, count: Int(count)) }
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

  /// The contents of each section; whoever adds one holds the object.
  private var sources: [ByteReader] = []
  private var elements: [Element] = []
  /// Where the bytes of each element are.
  private var places: [Place] = []
  /// The number of an element and one more, and above it half of the hash of its bytes, at the place that the hash says, or
  /// at the next that is free; 0 for a free one. A power of two.
  private var slots = [UInt64](repeating: 0, count: 64)
  private var slotsTaken = 0
  private let seed = UInt64.random(in: .min ... .max)

  subscript(index: Int) -> Element { elements[index] }

  /// The first element that is kept.
  var firstLive: Int? { elements.firstIndex { $0.alignment > 0 } }

  /// How many bytes a section has.
  func size(of section: Int) -> Int { sources[section].count }

  /// Whether a section keeps nothing.
  func isEmpty(_ section: Int) -> Bool {
    !elements.contains { $0.section == section && $0.alignment > 0 }
  }

  // MARK: Adding

  mutating func add(_ source: ByteReader, _ rules: Rules) {
    let number = sources.count
    sources.append(source)
    if rules.isStrings {
      enterStrings(of: number, rules)
    } else {
      for place in stride(from: 0, to: source.count, by: rules.entrySize) {
        let count = min(rules.entrySize, source.count - place)
        enter(Bytes(source: number, start: place, count: count), 1, rules)
      }
    }
  }

  private mutating func enterStrings(of number: Int, _ rules: Rules) {
    let limit = sources[number].count
    var position = 0
    var hasEmpty = false
    while position < limit {
      let end = end(ofStringAt: position, in: number, rules.entrySize)
      let bytes = Bytes(source: number, start: position, count: end - position)
      enter(bytes, rules.alignment(at: position), rules)
      position = end + rules.entrySize
      // Padding at an aligned place counts as one empty string; from 2.41 on each unit of it is one.
      while position < limit, isZero(position, in: number, rules.entrySize) {
        let empty = Bytes(source: number, start: position, count: 0)
        if rules.isGathered {
          enter(empty, rules.alignment(at: position), rules)
        } else if UInt64(position) & (rules.alignment - 1) == 0, !hasEmpty {
          hasEmpty = true
          enter(empty, rules.alignment, rules)
        }
        position += rules.entrySize
      }
    }
  }

  func isZero(_ position: Int, in source: Int, _ width: Int) -> Bool {
    let reader = sources[source]
    for index in position..<min(position + width, reader.count) where reader[index] != 0 {
      return false
    }
    return true
  }

  /// Where the string that begins at `position` ends.
  func end(ofStringAt position: Int, in source: Int, _ width: Int) -> Int {
    let limit = sources[source].count
    if width == 1 {
      return sources[source].firstIndex(of: 0, from: position, to: limit) ?? limit
    }
    var end = position
    while end < limit, !isZero(end, in: source, width) { end += width }
    return min(end, limit)
  }

  /// An element that is there with a smaller alignment is given up for a new one, or gets that alignment.
  private mutating func enter(_ bytes: Bytes, _ alignment: UInt64, _ rules: Rules) {
    let hash = hash(bytes)
    let slot = slot(of: bytes, hash)
    let known = Int(slots[slot] & 0xffff_ffff) - 1
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
    places.append(Place(bytes))
    elements.append(
      Element(bytes: bytes, alignment: alignment, section: rules.isGathered ? 0 : bytes.source))
    slots[slot] = hash & ~0xffff_ffff | UInt64(elements.count)
    if slotsTaken * 2 > slots.count { growSlots() }
  }

  // MARK: Finding

  /// The element of these bytes that was entered last.
  func find(_ bytes: Bytes) -> Int? {
    let known = Int(slots[slot(of: bytes, hash(bytes))] & 0xffff_ffff) - 1
    return known < 0 ? nil : known
  }

  private func hash(_ bytes: Bytes) -> UInt64 {
    sources[bytes.source].hash(bytes.start, bytes.count, seed: seed)
  }

  /// Where bytes are in the table, or would be.
  private func slot(of bytes: Bytes, _ hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while slots[slot] != 0 {
      if (slots[slot] ^ hash) >> 32 == 0,
        areEqual(places[Int(slots[slot] & 0xffff_ffff) - 1].bytes, bytes)
      {
        break
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func areEqual(_ one: Bytes, _ other: Bytes) -> Bool {
    one.count == other.count
      && sources[one.source].equal(
        one.start, sources[other.source], other.start, length: one.count)
  }

  private mutating func growSlots() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    let mask = slots.count - 1
    for entry in old where entry != 0 {
      var slot = Int(truncatingIfNeeded: entry >> 32) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }

  // MARK: Sizes

  /// Gives elements their places.
  ///
  /// - Returns: the size of each section, nil for one with nothing left, and the section that was filled last.
  mutating func settle(terminator: Int) -> (sizes: [UInt64?], last: Int?) {
    var sizes: [UInt64?] = Array(repeating: nil, count: sources.count)
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
    var keyed = live.map { (key: ending(elements[$0].bytes, entrySize), index: $0) }
    keyed.sort { left, right in
      if modulus == 1, left.key != right.key { return left.key < right.key }
      let (one, other) = (elements[left.index].bytes, elements[right.index].bytes)
      let classes = (one.count & (modulus - 1), other.count & (modulus - 1))
      if classes.0 != classes.1 { return classes.0 < classes.1 }
      return left.key == right.key ? isBefore(one, other) : left.key < right.key
    }
    live = keyed.map(\.index)
    guard var longer = live.popLast() else { return }
    for index in live.reversed() {
      let (element, other) = (elements[index], elements[longer])
      let distance = UInt64(max(0, other.bytes.count - element.bytes.count))
      let isTail =
        other.bytes.count > element.bytes.count && other.alignment >= element.alignment
        && distance & (element.alignment - 1) == 0
        && sources[other.bytes.source].equal(
          other.bytes.end - element.bytes.count, sources[element.bytes.source],
          element.bytes.start, length: element.bytes.count)
      if isTail {
        elements[index].tailOf = longer
        elements[index].alignment = 0
      } else {
        longer = index
      }
    }
  }

  /// The last eight bytes, the last one first, as a number that sorts strings as they do read from their ends; a string of
  /// bytes has no zeros, so that a shorter one comes first.
  private func ending(_ bytes: Bytes, _ width: Int) -> UInt64 {
    if width > 1 { return 0 }
    let reader = sources[bytes.source]
    if bytes.end >= 8 {
      return reader.word64(bytes.end - 8) & .max << UInt64(64 - 8 * min(bytes.count, 8))
    }
    var word: UInt64 = 0
    for index in bytes.start..<bytes.end {
      word |= UInt64(reader[index]) << UInt64(64 - 8 * (bytes.end - index))
    }
    return word
  }

  /// Whether one string comes before another, read from their ends.
  private func isBefore(_ one: Bytes, _ other: Bytes) -> Bool {
    let (first, second) = (sources[one.source], sources[other.source])
    var (left, right) = (one.end, other.end)
    while left > one.start, right > other.start {
      left -= 1
      right -= 1
      if first[left] != second[right] { return first[left] < second[right] }
    }
    return one.count < other.count
  }
}
