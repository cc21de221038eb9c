// What differs between two layouts of one program.

/// What an edit or more code changes.
public struct LayoutChanges: Sendable {
  /// One change.
  public struct Change: Sendable {
    /// What it is about.
    public enum Kind: String, Sendable {
      case verdict, section, symbol
    }

    /// What it is about.
    public var kind: Kind
    /// The message of an ASSERT, the name of a section or symbol.
    public var name: [UInt8]
    /// What of it changes: `verdict`, `address`, `size`, `load address`, `value`.
    public var aspect: String
    /// Before; nil where it was not there. Of a verdict 1 if it held.
    public var from: UInt64?
    /// After; nil where it is no more.
    public var to: UInt64?
  }

  /// Verdicts, then sections, then global symbols.
  public private(set) var changes: [Change] = []

  /// Compares two layouts.
  public init(from old: LayoutPrediction, to new: LayoutPrediction) {
    compareVerdicts(old, new)
    compareSections(old, new)
    compareSymbols(old, new)
  }

  private mutating func compareVerdicts(_ old: LayoutPrediction, _ new: LayoutPrediction) {
    for (before, after) in zip(old.assertions, new.assertions) where before.holds != after.holds {
      changes.append(
        Change(
          kind: .verdict, name: after.message, aspect: "verdict", from: before.holds ? 1 : 0,
          to: after.holds ? 1 : 0))
    }
  }

  private struct Key: Hashable {
    var name: [UInt8]
    var ordinal: Int
  }

  private static func keyed<Item>(_ items: [Item], _ name: (Item) -> [UInt8]) -> [(Key, Item)] {
    var counts: [[UInt8]: Int] = [:]
    return items.map { item in
      let name = name(item)
      defer { counts[name, default: 0] += 1 }
      return (Key(name: name, ordinal: counts[name, default: 0]), item)
    }
  }

  private mutating func compareSections(_ old: LayoutPrediction, _ new: LayoutPrediction) {
    let before = Self.keyed(old.sections, \.name)
    let after = Dictionary(uniqueKeysWithValues: Self.keyed(new.sections, \.name))
    for (key, section) in before {
      let other = after[key]
      add(.section, key.name, "address", section.vma, other?.vma)
      guard let other else { continue }
      add(.section, key.name, "load address", section.lma, other.lma)
      add(.section, key.name, "size", section.size, other.size)
    }
    let known = Set(before.map(\.0))
    for (key, section) in Self.keyed(new.sections, \.name) where !known.contains(key) {
      add(.section, key.name, "address", nil, section.vma)
    }
  }

  private mutating func compareSymbols(_ old: LayoutPrediction, _ new: LayoutPrediction) {
    let after = Dictionary(
      new.symbols.filter(\.isGlobal).map { ($0.name, $0.value) },
      uniquingKeysWith: { one, _ in one })
    for symbol in old.symbols where symbol.isGlobal {
      add(.symbol, symbol.name, "value", symbol.value, after[symbol.name])
    }
  }

  private mutating func add(
    _ kind: Change.Kind, _ name: [UInt8], _ aspect: String, _ from: UInt64?, _ to: UInt64?
  ) {
    guard from != to else { return }
    changes.append(Change(kind: kind, name: name, aspect: aspect, from: from, to: to))
  }
}
