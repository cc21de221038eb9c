// Looking up by name and by address, compared with looking at every row.

import LdsParser
import Testing

struct SymbolIndexTests {
  /// A table of `count` names, some of them several times.
  private func table(_ count: Int, repeats: Int) -> SymbolTable {
    var text = ""
    var rows: [SymbolRecord] = []
    for index in 0..<count {
      let name = "symbol_\(index % repeats)" + String(repeating: "x", count: index % repeats % 40)
      rows.append(
        SymbolRecord(
          nameStart: UInt32(text.utf8.count), nameLength: UInt32(name.utf8.count),
          value: UInt64((index * 7919) % 1000), place: .unknownSection,
          binding: index % 3 == 0 ? .global : .local))
      text += name
    }
    return SymbolTable(names: SourceBuffer(name: "n", text: text), records: rows)
  }

  @Test(arguments: [(0, 1), (1, 1), (50, 50), (1000, 1000), (1000, 37), (5000, 1)])
  func findsExactlyTheRowsOfAName(count: Int, repeats: Int) {
    let table = table(count, repeats: repeats)
    var expected: [[UInt8]: [Int]] = [:]
    for (row, record) in table.records.enumerated() {
      expected[table.nameBytes(record), default: []].append(row)
    }
    let full = SymbolIndex(table)
    let some = SymbolIndex(table, names: Array(expected.keys.prefix(20)) + [Array("absent".utf8)])
    for (name, rows) in expected { #expect(full.rows(name) == rows) }
    for (name, rows) in expected.prefix(20) { #expect(some.rows(name) == rows) }
    #expect(full.rows(Array("absent".utf8)) == [])
    #expect(some.rows(Array("absent".utf8)) == [])
    #expect(full.rows([]) == [])
  }

  @Test func nearestIsTheHighestNotAbove() {
    let table = table(700, repeats: 700)
    let index = AddressIndex(table)
    for address in UInt64(0)..<1100 {
      let below = table.records.enumerated().filter { $0.element.value <= address }
      let top = below.map(\.element.value).max()
      let best =
        below.first { $0.element.value == top && $0.element.binding == .global }
        ?? below.first { $0.element.value == top }
      #expect(index.nearest(at: address) == best?.offset)
    }
  }
}
