// Identifiers as numbers, with what the preprocessor knows of each: a macro look-up is one array access.

/// Every identifier met, by number in order of first use.
struct IdentifierTable {
  /// What is known of one identifier.
  struct Entry {
    /// Range of the name in the table's bytes.
    var start: UInt32
    var length: UInt32
    var hash: UInt32
    /// Index of the macro definition in force, or -1.
    var definition: Int32 = -1
    /// Number plus one of the parameter of the macro being defined, or 0.
    var parameter: UInt32 = 0
    /// Raw value of the ``Directive`` of this name, or 0.
    var directive: UInt8 = 0
    /// Whether the macro is being expanded, so that it does not expand again.
    var isDisabled = false
    /// Index of the definition that stands in if no file defines the name, or -1.
    var standIn: Int32 = -1
  }

  private(set) var bytes: [UInt8] = []
  var entries: [Entry] = []
  /// Open addressing: 0 is free, otherwise the number plus one.
  private var slots: [UInt32] = Array(repeating: 0, count: 2048)

  /// A seed of its own for every table: nobody can prepare names that all fall into one slot.
  private let seed = UInt64.random(in: .min ... .max)

  /// The number of the name at `start..<end` of `reader`.
  mutating func intern(_ reader: ByteReader, _ start: Int, _ end: Int) -> Int {
    let hash = UInt32(
      truncatingIfNeeded: NameHash.of(reader, start, end &- start, seed: seed))
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, equals(index, reader, start, end) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return add(reader.copy(start, end), hash: hash, slot: slot)
  }

  /// The number of `name`.
  mutating func intern(_ name: [UInt8]) -> Int {
    let hash = UInt32(truncatingIfNeeded: NameHash.of(name[...], seed: seed))
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, self.name(index).elementsEqual(name) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return add(name, hash: hash, slot: slot)
  }

  /// The number of the UTF-8 bytes of `name`.
  mutating func intern(_ name: StaticString) -> Int {
    intern(Array(name.description.utf8))
  }

  /// The bytes of a name.
  func name(_ index: Int) -> ArraySlice<UInt8> {
    let entry = entries[index]
    return bytes[Int(entry.start)..<Int(entry.start &+ entry.length)]
  }

  /// The name for people to read.
  func string(_ index: Int) -> String {
    String(decoding: name(index), as: UTF8.self)
  }

  private func equals(_ index: Int, _ reader: ByteReader, _ start: Int, _ end: Int) -> Bool {
    let entry = entries[index]
    guard Int(entry.length) == end &- start else { return false }
    var mine = Int(entry.start)
    var theirs = start
    while theirs < end {
      if bytes[mine] != reader[theirs] { return false }
      mine &+= 1
      theirs &+= 1
    }
    return true
  }

  private mutating func add(_ name: [UInt8], hash: UInt32, slot: Int) -> Int {
    entries.append(
      Entry(
        start: UInt32(truncatingIfNeeded: bytes.count),
        length: UInt32(truncatingIfNeeded: name.count), hash: hash))
    bytes.append(contentsOf: name)
    slots[slot] = UInt32(truncatingIfNeeded: entries.count)
    if entries.count * 2 > slots.count { grow() }
    return entries.count - 1
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for index in entries.indices {
      var slot = Int(entries[index].hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(truncatingIfNeeded: index + 1)
    }
  }
}
