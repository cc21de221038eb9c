// Symbols by name, without a String: open addressing over the rows of a table, whose order stays the truth.

/// Finds the rows of a ``SymbolTable`` that have a name.
///
/// An index is built when somebody asks, for all names or only for those that will be asked for: two
/// hundred names among a million symbols cost one pass that looks at lengths.
public struct SymbolIndex: Sendable {
  private let table: SymbolTable
  private let seed: UInt64
  /// 0 is free; otherwise the upper half of the name's hash, and the number of its first row plus one.
  private var slots: [UInt64]
  private var used = 0
  /// For rows whose name occurs again: the next such row plus one. Empty while no name repeats.
  private var next: [UInt32] = []

  /// An index of every row of `table`.
  public init(_ table: SymbolTable) {
    self.init(table, expecting: table.records.count)
    // From the last row to the first, so that each chain is in the order of the file.
    for row in table.records.indices.reversed() { insert(row) }
  }

  /// An index of the rows that have one of `names`; asking for other names finds nothing.
  public init(_ table: SymbolTable, names: some Sequence<[UInt8]>) {
    self.init(table, expecting: 16)
    let wanted = WantedNames(names)
    let reader = table.names.reader
    for row in table.records.indices.reversed() {
      let record = table.records[row]
      if wanted.contains(reader, Int(record.nameStart), Int(record.nameLength)) { insert(row) }
    }
  }

  private init(_ table: SymbolTable, expecting count: Int) {
    self.table = table
    // A seed of its own for every index: nobody can prepare names that all fall into one slot.
    seed = UInt64.random(in: .min ... .max)
    var size = 64
    while size < count &* 2 { size &*= 2 }
    slots = [UInt64](repeating: 0, count: size)
  }

  /// The rows named `name`, in file order.
  public func rows(_ name: [UInt8]) -> [Int] {
    let hash = NameHash.of(name[...], seed: seed)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
    while slots[slot] != 0 {
      let row = Int(slots[slot] & 0xffff_ffff) &- 1
      if slots[slot] >> 32 == hash >> 32, isName(name, of: row) { return chain(from: row) }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return []
  }

  private func chain(from first: Int) -> [Int] {
    var rows = [first]
    var row = first
    while row < next.count, next[row] != 0 {
      row = Int(next[row]) &- 1
      rows.append(row)
    }
    return rows
  }

  private func isName(_ name: [UInt8], of row: Int) -> Bool {
    let record = table.records[row]
    guard Int(record.nameLength) == name.count else { return false }
    let reader = table.names.reader
    for index in name.indices where reader[Int(record.nameStart) &+ index] != name[index] {
      return false
    }
    return true
  }

  private mutating func insert(_ row: Int) {
    if (used &+ 1) &* 3 > slots.count &* 2 { grow() }
    let record = table.records[row]
    let reader = table.names.reader
    let hash = NameHash.of(
      reader, Int(record.nameStart), Int(record.nameLength), seed: seed)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
    while slots[slot] != 0 {
      let head = Int(slots[slot] & 0xffff_ffff) &- 1
      if slots[slot] >> 32 == hash >> 32, sameName(head, record, reader) {
        if next.isEmpty { next = [UInt32](repeating: 0, count: table.records.count) }
        next[row] = UInt32(truncatingIfNeeded: head &+ 1)
        slots[slot] = Self.entry(hash, row)
        return
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    slots[slot] = Self.entry(hash, row)
    used &+= 1
  }

  private func sameName(_ row: Int, _ other: SymbolRecord, _ reader: ByteReader) -> Bool {
    let record = table.records[row]
    return record.nameLength == other.nameLength
      && reader.equal(
        Int(record.nameStart), reader, Int(other.nameStart), length: Int(other.nameLength))
  }

  private static func entry(_ hash: UInt64, _ row: Int) -> UInt64 {
    (hash >> 32) << 32 | UInt64(UInt32(truncatingIfNeeded: row &+ 1))
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count &* 2)
    let reader = table.names.reader
    for entry in old where entry != 0 {
      let record = table.records[Int(entry & 0xffff_ffff) &- 1]
      let hash = NameHash.of(
        reader, Int(record.nameStart), Int(record.nameLength), seed: seed)
      var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
      while slots[slot] != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
      slots[slot] = entry
    }
  }
}

/// A handful of names, asked about a million times.
private struct WantedNames {
  private var byLength: [Int: [[UInt8]]] = [:]
  /// Bit n: a name of n bytes is wanted; bit 63 stands for 63 bytes and more.
  private var lengths: UInt64 = 0

  init(_ names: some Sequence<[UInt8]>) {
    for name in Set(names) {
      byLength[name.count, default: []].append(name)
      lengths |= 1 << UInt64(min(name.count, 63))
    }
    for length in Array(byLength.keys) {
      byLength[length]?.sort { $0.lexicographicallyPrecedes($1) }
    }
  }

  @inline(__always)
  func contains(_ reader: ByteReader, _ start: Int, _ length: Int) -> Bool {
    if lengths & (1 << UInt64(min(length, 63))) == 0 { return false }
    return search(reader, start, length)
  }

  private func search(_ reader: ByteReader, _ start: Int, _ length: Int) -> Bool {
    guard let names = byLength[length] else { return false }
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low &+ high) / 2
      switch compare(reader, start, names[middle]) {
      case 0: return true
      case ..<0: high = middle
      default: low = middle &+ 1
      }
    }
    return false
  }

  private func compare(_ reader: ByteReader, _ start: Int, _ name: [UInt8]) -> Int {
    for index in name.indices {
      let difference = Int(reader[start &+ index]) &- Int(name[index])
      if difference != 0 { return difference }
    }
    return 0
  }
}

/// The defined symbols of a table in order of their addresses.
public struct AddressIndex: Sendable {
  private let table: SymbolTable
  private let order: [UInt32]

  /// An index of the rows that have an address: not absolute, undefined or common ones.
  public init(_ table: SymbolTable) {
    self.table = table
    var rows: [UInt32] = []
    for (row, record) in table.records.enumerated() {
      switch record.place {
      case .section, .unknownSection, .unknown: rows.append(UInt32(truncatingIfNeeded: row))
      case .absolute, .undefined, .common: break
      }
    }
    let records = table.records
    order = rows.sorted {
      let (left, right) = (records[Int($0)].value, records[Int($1)].value)
      return left != right ? left < right : $0 < $1
    }
  }

  /// The row of the symbol with the highest address not above `address`; of several at one address the first
  /// global one, else the first in the file.
  public func nearest(at address: UInt64) -> Int? {
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low &+ high) / 2
      if table.records[Int(order[middle])].value <= address {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    guard low > 0 else { return nil }
    let value = table.records[Int(order[low &- 1])].value
    var best = low &- 1
    var position = low &- 1
    while position >= 0, table.records[Int(order[position])].value == value {
      let isGlobal = table.records[Int(order[position])].binding == .global
      if isGlobal || table.records[Int(order[best])].binding != .global { best = position }
      position &-= 1
    }
    return Int(order[best])
  }
}
