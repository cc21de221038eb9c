// Names as small numbers: a script's symbols, sections and patterns are compared and looked up by number.

/// A name of one ``NameTable``.
public struct NameID: Hashable, Sendable {
  /// Position in the table, in order of first use.
  public let index: UInt32

  package init(index: UInt32) {
    self.index = index
  }
}

/// Every distinct name once, byte for byte.
///
/// Iteration order is order of first use, so what is printed from it is the same run after run.
public struct NameTable: Sendable {
  private var storage: [UInt8] = []
  private var ends: [UInt32] = []
  /// Open addressing: 0 is free, otherwise the index plus one.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)
  /// A seed of its own for every table: nobody can prepare names that all fall into one slot.
  private let seed = UInt64.random(in: .min ... .max)

  /// An empty table.
  public init() {}

  /// Number of names.
  public var count: Int { ends.count }

  /// The number of `name`, which is added if it is new.
  public mutating func intern(_ name: some Collection<UInt8>) -> NameID {
    let bytes = Array(name)
    if let known = find(bytes) { return known }
    storage.append(contentsOf: bytes)
    ends.append(UInt32(truncatingIfNeeded: storage.count))
    if ends.count * 3 > slots.count * 2 { grow() } else { place(ends.count - 1) }
    return NameID(index: UInt32(truncatingIfNeeded: ends.count - 1))
  }

  /// The number of the name that the bytes `start..<end` of `reader` spell, without a copy if it is known.
  package mutating func intern(_ reader: ByteReader, _ start: Int, _ end: Int) -> NameID {
    let hash = NameHash.of(reader, start, max(0, end - start), seed: seed)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = slots[slot] - 1
      if matches(Int(index), reader, start, end) { return NameID(index: index) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return intern(reader.copy(start, max(start, end)))
  }

  private func matches(_ index: Int, _ reader: ByteReader, _ start: Int, _ end: Int) -> Bool {
    let first = index == 0 ? 0 : Int(ends[index - 1])
    guard Int(ends[index]) - first == end - start else { return false }
    for offset in 0..<(end - start) where storage[first + offset] != reader[start + offset] {
      return false
    }
    return true
  }

  /// The number of the UTF-8 bytes of `name`.
  public mutating func intern(_ name: String) -> NameID {
    intern(Array(name.utf8))
  }

  /// The number of `name` if the table has it.
  public func find(_ name: [UInt8]) -> NameID? {
    var slot = Int(truncatingIfNeeded: NameHash.of(name[...], seed: seed)) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = slots[slot] - 1
      if slice(Int(index)).elementsEqual(name) { return NameID(index: index) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The number of the UTF-8 bytes of `name` if the table has it.
  public func find(_ name: String) -> NameID? {
    find(Array(name.utf8))
  }

  /// The bytes of a name.
  public func bytes(_ id: NameID) -> [UInt8] {
    Array(slice(Int(id.index)))
  }

  /// The bytes of the name at `index`, in order of first use.
  public func bytes(at index: Int) -> [UInt8] {
    Array(slice(index))
  }

  /// The name for people to read.
  public func string(_ id: NameID) -> String {
    String(decoding: slice(Int(id.index)), as: UTF8.self)
  }

  private func slice(_ index: Int) -> ArraySlice<UInt8> {
    storage[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for index in ends.indices { place(index) }
  }

  private mutating func place(_ index: Int) {
    var slot = Int(truncatingIfNeeded: NameHash.of(slice(index), seed: seed)) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(truncatingIfNeeded: index + 1)
  }
}
