// What the pieces of a section are called: by section, object, archive or symbol.

internal import LdsParser

/// Names the pieces of sections and adds them to rows.
struct PieceNamer {
  private let image: MemoryImage
  private let grouping: MemoryGrouping
  private let symbols: SymbolCover?

  init(_ image: MemoryImage, _ grouping: MemoryGrouping) {
    self.image = image
    self.grouping = grouping
    symbols = grouping == .symbol ? SymbolCover(image) : nil
  }

  /// Adds what `resident` takes.
  func add(_ resident: MemoryUse.Resident, to rows: inout MemoryRows) {
    let here = resident.isLoadImage
    guard grouping != .section else {
      rows.add(.section, resident.name, signed(resident.size), isLoadImage: here)
      return
    }
    guard resident.size > 0 else { return }
    for piece in image.contents.pieces(of: resident.section) {
      switch piece.owner {
      case .padding:
        rows.add(
          .padding, Array("(inside ".utf8) + resident.name + Array(")".utf8), signed(piece.size),
          isLoadImage: here)
      case .data, .reserved:
        rows.add(
          .script, Array("(script, in ".utf8) + resident.name + Array(")".utf8),
          signed(piece.size), isLoadImage: here)
      case .input(let row): add(input: row, piece, resident, to: &rows)
      case .unknown: add(unknown: piece, resident, to: &rows)
      }
    }
  }

  private func add(
    input row: Int, _ piece: MemoryPiece, _ resident: MemoryUse.Resident, to rows: inout MemoryRows
  ) {
    let here = resident.isLoadImage
    if grouping == .symbol {
      addSymbols(piece, resident, else: inputName(row), to: &rows)
      return
    }
    let record = image.layout.inputSections[row]
    var object = record.object(in: image.layout)
    // gold's merged strings, and what else is of no object.
    if object.isEmpty { object = Array("(made by the linker, in \(sectionName(resident)))".utf8) }
    if let sharers = image.contents.sharers[row] {
      let name = Array("(merged ".utf8) + record.name(in: image.layout) + Array(")".utf8)
      rows.add(.shared, name, signed(piece.size), isLoadImage: here, sharers: sharers.count + 1)
    } else if grouping == .object || Self.archive(of: object) == nil {
      let name = grouping == .archive ? Array("(objects in no archive)".utf8) : object
      rows.add(
        grouping == .archive ? .archive : .object, name, signed(piece.size), isLoadImage: here)
    } else if let archive = Self.archive(of: object) {
      rows.add(.archive, archive, signed(piece.size), isLoadImage: here)
    }
  }

  private func add(
    unknown piece: MemoryPiece, _ resident: MemoryUse.Resident, to rows: inout MemoryRows
  ) {
    if grouping == .symbol {
      addSymbols(piece, resident, else: nil, to: &rows)
    } else {
      rows.add(
        .section, resident.name, signed(piece.size), isLoadImage: resident.isLoadImage)
    }
  }

  /// The symbols in a piece; what they do not cover belongs to the input section, or to none.
  private func addSymbols(
    _ piece: MemoryPiece, _ resident: MemoryUse.Resident, else name: [UInt8]?,
    to rows: inout MemoryRows
  ) {
    let here = resident.isLoadImage
    let start = (image.layout.outputSections[resident.section].vma ?? 0) &+ piece.offset
    var rest = piece.size
    for (symbol, bytes) in symbols?.symbols(from: start, size: piece.size) ?? [] {
      rows.add(.symbol, symbol, signed(bytes), isLoadImage: here)
      rest &-= bytes
    }
    let left = name ?? Array("(no symbol, in ".utf8) + resident.name + Array(")".utf8)
    rows.add(.unnamed, left, signed(rest), isLoadImage: here)
  }

  private func inputName(_ row: Int) -> [UInt8] {
    let record = image.layout.inputSections[row]
    return record.name(in: image.layout) + Array(" of ".utf8)
      + MemoryNames.short(record.object(in: image.layout))
  }

  private func sectionName(_ resident: MemoryUse.Resident) -> String {
    String(decoding: resident.name, as: UTF8.self)
  }

  private func signed(_ bytes: UInt64) -> Int64 { Int64(truncatingIfNeeded: bytes) }

  /// `libc.a` of `libc.a(printf.o)`; mold and lld write `libc.a(printf.o)` and `libc.a:printf.o` alike.
  static func archive(of object: [UInt8]) -> [UInt8]? {
    guard object.last == UInt8(ascii: ")"), let open = object.lastIndex(of: UInt8(ascii: "(")),
      open > 0
    else { return nil }
    return Array(object[..<open])
  }
}

/// Names of files as people know them.
public enum MemoryNames {
  /// `libc.a(printf.o)` of `/usr/lib/thumb/libc.a(printf.o)`: the last part, and the folder of an object.
  public static func short(_ name: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    let end = PieceNamer.archive(of: name)?.count ?? name.count
    guard let last = name[..<end].lastIndex(of: slash) else { return name }
    if end < name.count { return Array(name[(last + 1)...]) }
    guard let before = name[..<last].lastIndex(of: slash) else { return name }
    return Array(name[(before + 1)...])
  }
}

/// Which symbols cover which addresses.
struct SymbolCover {
  private struct Entry {
    var address: UInt64
    var size: UInt64
    var name: [UInt8]
  }

  /// In order of addresses; without overlap.
  private var entries: [Entry] = []

  /// The symbols of the file that has their sizes: the linked image, or a map of lld.
  init?(_ image: MemoryImage) {
    let source = image.binary ?? image.layout
    guard source.kind == .elf || source.kind == .lldMap else { return nil }
    let rows = source.symbols.records.filter { record in
      guard record.size > 0, record.isDefinition, !record.isThreadLocal else { return false }
      switch record.place {
      case .section(let index):
        guard source.outputSections.indices.contains(index) else { return false }
        return source.outputSections[index].flags?.contains(.allocated) ?? true
      default: return false
      }
    }
    // Of several names for one place the global one counts, then the first.
    let sorted = rows.enumerated().sorted { left, right in
      if left.element.value != right.element.value {
        return left.element.value < right.element.value
      }
      let globals = (left.element.binding == .global, right.element.binding == .global)
      if globals.0 != globals.1 { return globals.0 }
      return left.offset < right.offset
    }
    var end: UInt64 = 0
    for (_, record) in sorted {
      let last = record.value &+ record.size
      if last <= max(end, record.value) { continue }
      let start = max(record.value, end)
      entries.append(
        Entry(address: start, size: last &- start, name: source.symbols.nameBytes(record)))
      end = last
    }
  }

  /// The symbols between two addresses with their bytes there.
  func symbols(from start: UInt64, size: UInt64) -> [(name: [UInt8], bytes: UInt64)] {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].address &+ entries[middle].size <= start {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var found: [(name: [UInt8], bytes: UInt64)] = []
    let end = start &+ size
    while low < entries.count, entries[low].address < end {
      let first = max(entries[low].address, start)
      let last = min(entries[low].address &+ entries[low].size, end)
      if last > first { found.append((entries[low].name, last &- first)) }
      low += 1
    }
    return found
  }
}
