// Common symbols get their places in the order of the linker's hash table of symbols (ldlang.c, lang_one_common;
// bfd/hash.c): neither file order nor size decides.

internal import LdsParser

extension ObjectLink {
  /// Gives every common symbol a place in the COMMON of its file.
  func allocateCommons() {
    guard symbols.all.contains(where: { $0.state == .common }) else { return }
    var commons = SymbolHashTable(symbols.all, names).order.filter { $0.state == .common }
    if options.sortsCommons {
      commons = commons.enumerated().sorted { left, right in
        let powers = (min(left.element.alignmentPower, 4), min(right.element.alignmentPower, 4))
        return powers.0 == powers.1 ? left.offset < right.offset : powers.0 > powers.1
      }.map(\.element)
    }
    for symbol in commons {
      guard case .input(let section) = symbol.home else { continue }
      let start = LinkerArithmetic.alignUp(section.size, toPower: symbol.alignmentPower)
      section.alignmentPower = max(section.alignmentPower, symbol.alignmentPower)
      section.size = start &+ symbol.size
      section.rawSize = section.size
      symbol.state = .defined
      symbol.value = start
    }
  }
}

/// BFD's hash table of global symbols: chains of entries, new ones at the head; it grows when it is three quarters full.
private struct SymbolHashTable {
  private struct Entry {
    let hash: UInt64
    let symbol: LinkSymbol
  }

  /// Each chain with its head last.
  private var chains: [[Entry]]
  private var count = 0

  private static let primes = [
    31, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131_071, 262_139, 524_287,
    1_048_573, 2_097_143, 4_194_301,
  ]

  init(_ symbols: [LinkSymbol], _ names: NameTable) {
    chains = Array(repeating: [], count: 4051)
    for symbol in symbols {
      let hash = Self.hash(names.bytes(symbol.name))
      chains[Int(hash % UInt64(chains.count))].append(Entry(hash: hash, symbol: symbol))
      count += 1
      if count > chains.count * 3 / 4 { grow() }
    }
  }

  /// The symbols as the linker meets them when it walks the table.
  var order: [LinkSymbol] { chains.flatMap { chain in chain.reversed().map(\.symbol) } }

  private static func hash(_ name: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0
    func mix(_ value: UInt64) {
      hash = hash &+ value &+ (value << 17)
      hash ^= hash >> 2
    }
    for byte in name { mix(UInt64(byte)) }
    mix(UInt64(name.count))
    return hash
  }

  /// Runs of entries with one hash move together, to the head of their new chain (hash.c, bfd_hash_insert).
  private mutating func grow() {
    guard let size = Self.primes.first(where: { $0 > chains.count }) else { return }
    var larger: [[Entry]] = Array(repeating: [], count: size)
    for chain in chains {
      var rest = chain[...]
      while let head = rest.last {
        let start = rest.lastIndex { $0.hash != head.hash }.map { $0 + 1 } ?? rest.startIndex
        larger[Int(head.hash % UInt64(size))] += rest[start...]
        rest = rest[..<start]
      }
    }
    chains = larger
  }
}
