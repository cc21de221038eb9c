// Who grew and who shrank between two images: output sections, input sections of objects, symbols; and runs of places
// that moved together.

internal import LdsParser

/// Something that takes room, in two images.
public struct SizeChange: Sendable, Hashable {
  /// What it is.
  public enum Kind: String, Sendable {
    case section, input, symbol
  }

  /// What it is.
  public var kind: Kind
  /// Its name; of an input section with its object.
  public var name: [UInt8]
  /// Bytes in the older image; nil if it is not there.
  public var before: UInt64?
  /// Bytes in the newer image; nil if it is not there.
  public var now: UInt64?

  /// Bytes more than before.
  public var growth: Int64 { Int64(clamping: now ?? 0) - Int64(clamping: before ?? 0) }
}

/// Symbols or sections that stand behind one another and moved by the same distance.
public struct ShiftRun: Sendable, Hashable {
  /// The changes, by their address before.
  public var changes: [ValueChange]
  /// How far they moved, as the linker subtracts.
  public var distance: Int64

  /// The runs of `changes` that are in both images, the farthest first.
  public static func all(_ changes: [ValueChange]) -> [ShiftRun] {
    var runs: [ShiftRun] = []
    let moved = changes.filter { $0.before != nil && $0.now != nil }.sorted { one, other in
      one.before != other.before
        ? one.before ?? 0 < other.before ?? 0 : one.name.lexicographicallyPrecedes(other.name)
    }
    for change in moved {
      let distance = Int64(bitPattern: (change.now ?? 0) &- (change.before ?? 0))
      if runs.last?.distance == distance {
        runs[runs.count - 1].changes.append(change)
      } else {
        runs.append(ShiftRun(changes: [change], distance: distance))
      }
    }
    return runs
  }
}

/// How much room symbols of one image take: their size where the file tells it, else what lies up to the next symbol of
/// their section.
struct SymbolExtents {
  /// Room of one symbol.
  struct Extent: Equatable {
    var bytes: UInt64
    /// What ends it: another symbol, or nothing where the section or the symbol itself ends.
    var next: [UInt8]?
  }

  private(set) var extents: [[UInt8]: Extent] = [:]

  init(_ image: Image) {
    var places: [(address: UInt64, name: [UInt8])] = []
    var seen: Set<[UInt8]> = []
    var twice: Set<[UInt8]> = []
    let marks = Self.marks(of: image)
    seen.reserveCapacity(image.symbols.records.count)
    extents.reserveCapacity(image.symbols.records.count)
    for record in image.symbols.records where Self.isPlace(record) {
      let name = image.symbols.nameBytes(record)
      // `$t`, `.Lx`: marks of assemblers.
      guard let first = name.first, first != 0x24, first != 0x2E else { continue }
      if !seen.insert(name).inserted { twice.insert(name) }
      if record.size > 0 {
        extents[name] = Extent(bytes: record.size)
      } else if record.binding != .local {
        places.append((record.value, name))
      }
    }
    places.sort { one, other in
      one.address != other.address
        ? one.address < other.address : one.name.lexicographicallyPrecedes(other.name)
    }
    let sections = image.outputSections.compactMap { section -> AddressRange? in
      guard let vma = section.vma, section.size > 0 else { return nil }
      return AddressRange(start: vma, byteCount: section.size)
    }.sorted { $0.start < $1.start }
    // The place behind, at another address.
    var next: (address: UInt64, name: [UInt8])?
    for (index, place) in places.enumerated().reversed() {
      if index + 1 < places.count, places[index + 1].address > place.address {
        next = places[index + 1]
      }
      guard extents[place.name] == nil, !marks.contains(place.name),
        let section = Self.section(of: place.address, sections)
      else { continue }
      if let next, section.contains(next.address) {
        extents[place.name] = Extent(bytes: next.address - place.address, next: next.name)
      } else {
        extents[place.name] = Extent(bytes: section.end &- place.address)
      }
    }
    // One name of several objects is no one's.
    for name in twice { extents[name] = nil }
  }

  /// Symbols that the script of a map sets: they mark places and take no room.
  private static func marks(of image: Image) -> Set<[UInt8]> {
    Set(
      image.statements.compactMap { statement in
        guard case .assignment(let assignment, _) = statement.kind, !assignment.isLocationCounter
        else { return nil }
        return image.names.bytes(assignment.target.name)
      })
  }

  private static func isPlace(_ record: SymbolRecord) -> Bool {
    switch record.place {
    case .undefined, .common, .absolute: false
    case .section, .unknownSection, .unknown: true
    }
  }

  private static func section(of address: UInt64, _ sections: [AddressRange]) -> AddressRange? {
    var low = 0
    var high = sections.count
    while low < high {
      let middle = (low + high) / 2
      if sections[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, sections[low - 1].contains(address) else { return nil }
    return sections[low - 1]
  }
}

enum SizeComparison {
  /// What takes another room in `new` than in `old`, the largest growth first, then what shrank.
  static func changes(_ old: Image, _ new: Image) -> [SizeChange] {
    let sections = self.sections(old, new)
    let comparison = MapComparison(old: old, new: new)
    let inputs = comparison.inputs.filter { !$0.object.isEmpty }.map { input in
      SizeChange(
        kind: .input, name: Array(input.description.utf8),
        before: input.before == 0 ? nil : input.before, now: input.now == 0 ? nil : input.now)
    }
    return (sections + inputs + symbols(old, new)).sorted { one, other in
      if one.growth != other.growth { return one.growth > other.growth }
      return one.kind != other.kind
        ? one.kind.order < other.kind.order : one.name.lexicographicallyPrecedes(other.name)
    }
  }

  private static func sections(_ old: Image, _ new: Image) -> [SizeChange] {
    func sizes(_ image: Image) -> [[UInt8]: UInt64] {
      var sizes: [[UInt8]: UInt64] = [:]
      for record in image.outputSections where record.vma != nil && record.size > 0 {
        sizes[record.name, default: 0] &+= record.size
      }
      return sizes
    }
    let (before, now) = (sizes(old), sizes(new))
    // A listing has no sections: that is not one where all are gone.
    guard !old.outputSections.isEmpty, !new.outputSections.isEmpty else { return [] }
    return Set(before.keys).union(now.keys).compactMap { name in
      before[name] == now[name]
        ? nil : SizeChange(kind: .section, name: name, before: before[name], now: now[name])
    }
  }

  /// Symbols whose room changed although the same thing ends it.
  private static func symbols(_ old: Image, _ new: Image) -> [SizeChange] {
    let before = SymbolExtents(old).extents
    return SymbolExtents(new).extents.compactMap { name, now in
      guard let then = before[name], then.bytes != now.bytes, then.next == now.next else {
        return nil
      }
      return SizeChange(kind: .symbol, name: name, before: then.bytes, now: now.bytes)
    }
  }
}

extension SizeChange.Kind {
  fileprivate var order: Int {
    switch self {
    case .section: 0
    case .input: 1
    case .symbol: 2
    }
  }
}

extension ImageKind {
  /// Whether it lists every global symbol of a link: a map leaves out absolute symbols of objects, and what its linker
  /// made local.
  var listsAllSymbols: Bool {
    switch self {
    case .elf, .pe, .nm: true
    default: false
    }
  }
}
