// Symbols by address: which one stands at or below a place.

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
