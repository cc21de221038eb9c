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
    var hash = Self.seed
    for offset in start..<max(start, end) { hash = Self.mix(hash, reader[offset]) }
    var slot = Int(truncatingIfNeeded: Self.finish(hash)) & (slots.count - 1)
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
    var slot = Int(truncatingIfNeeded: Self.hash(name[...])) & (slots.count - 1)
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
    var slot = Int(truncatingIfNeeded: Self.hash(slice(index))) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(truncatingIfNeeded: index + 1)
  }

  /// FNV-1a with a final mix; names are short, and a script has few of them.
  private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    finish(bytes.reduce(seed, mix))
  }

  private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

  private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }

  private static func finish(_ hash: UInt64) -> UInt64 { hash ^ (hash >> 29) }
}
