// Records of `.eh_frame` as the linker takes them apart to edit them (bfd/elf-eh-frame.c, _bfd_elf_parse_eh_frame; LSB
// core, "Exception Frames").

internal import LdsParser

/// A record of `.eh_frame`.
struct FrameRecord {
  enum Kind {
    /// The zero that ends all records.
    case end
    /// What several descriptions share.
    case common(FrameKey)
    /// The description of one function: by the record that it shares, and the relocation of its start.
    case description(common: Int, symbol: Int?)
  }

  let kind: Kind
  /// Where it begins.
  let offset: Int
  /// Its size without the padding behind its instructions.
  let size: Int
  /// The bytes of a pointer in it.
  let width: Int
}

/// What makes common records equal.
struct FrameKey: Hashable {
  /// The record behind its head, without padding.
  let bytes: [UInt8]
  /// The routine that it names.
  let routine: FrameRoutine?
}

/// A routine that common records name.
enum FrameRoutine: Hashable {
  case global(NameID)
  case local(file: ObjectIdentifier, symbol: Int)
}

/// Takes a section apart.
struct FrameReader {
  private let bytes: [UInt8]
  private let is64Bit: Bool
  /// The symbols of relocations by their places.
  private let symbols: [Int: Int]
  private let routine: (Int) -> FrameRoutine?

  init(
    _ bytes: [UInt8], is64Bit: Bool, symbols: [Int: Int], routine: @escaping (Int) -> FrameRoutine?
  ) {
    self.bytes = bytes
    self.is64Bit = is64Bit
    self.symbols = symbols
    self.routine = routine
  }

  /// The records in order; nil where the linker leaves the section as it is.
  func records() -> [FrameRecord]? {
    var records: [FrameRecord] = []
    var commons: [Int: (record: Int, encoding: UInt8, isAugmented: Bool)] = [:]
    var position = 0
    while position < bytes.count {
      guard let length = word(position) else { return nil }
      if length == 0 {
        records.append(FrameRecord(kind: .end, offset: position, size: 4, width: 0))
        position += 4
        // Behind the end there is nothing.
        if position != bytes.count { return nil }
        continue
      }
      let end = position + 4 + Int(length)
      guard end <= bytes.count, length >= 4, let id = word(position + 4) else { return nil }
      if id == 0 {
        guard let (record, encoding, isAugmented) = common(position, end) else { return nil }
        commons[position] = (records.count, encoding, isAugmented)
        records.append(record)
      } else {
        guard let shared = commons[position + 4 - Int(id)],
          let record = description(position, end, shared)
        else { return nil }
        records.append(record)
      }
      position = end
    }
    return records
  }

  private func common(_ start: Int, _ end: Int) -> (FrameRecord, UInt8, Bool)? {
    var cursor = start + 8
    guard let version = byte(&cursor, end) else { return nil }
    var augmentation: [UInt8] = []
    while let letter = byte(&cursor, end), letter != 0 { augmentation.append(letter) }
    if augmentation == Array("eh".utf8) { return nil }
    guard leb(&cursor, end) != nil, leb(&cursor, end) != nil else { return nil }
    if version == 1 {
      guard byte(&cursor, end) != nil else { return nil }
    } else {
      guard leb(&cursor, end) != nil else { return nil }
    }
    var encoding: UInt8 = 0
    var named: FrameRoutine?
    let isAugmented = augmentation.first == UInt8(ascii: "z")
    if isAugmented {
      guard let length = leb(&cursor, end), length <= UInt64(end - cursor) else { return nil }
      var inner = cursor
      for letter in augmentation.dropFirst() {
        switch letter {
        case UInt8(ascii: "L"): inner += 1
        case UInt8(ascii: "R"):
          guard let value = byte(&inner, end) else { return nil }
          encoding = value
        case UInt8(ascii: "P"):
          guard let value = byte(&inner, end) else { return nil }
          named = symbols[inner].flatMap(routine)
          inner += width(value)
        case UInt8(ascii: "S"), UInt8(ascii: "B"), UInt8(ascii: "G"): break
        default: return nil
        }
      }
      cursor += Int(length)
    }
    guard let last = instructions(cursor, end, width(encoding)) else { return nil }
    let key = FrameKey(bytes: Array(bytes[(start + 8)..<last]), routine: named)
    let record = FrameRecord(
      kind: .common(key), offset: start, size: last - start, width: width(encoding))
    return (record, encoding, isAugmented)
  }

  private func description(
    _ start: Int, _ end: Int, _ shared: (record: Int, encoding: UInt8, isAugmented: Bool)
  ) -> FrameRecord? {
    let width = width(shared.encoding)
    var cursor = start + 8 + 2 * width
    if shared.isAugmented {
      guard let length = leb(&cursor, end), length <= UInt64(max(0, end - cursor)) else {
        return nil
      }
      cursor += Int(length)
    }
    guard cursor <= end, let last = instructions(cursor, end, width) else { return nil }
    return FrameRecord(
      kind: .description(common: shared.record, symbol: symbols[start + 8]), offset: start,
      size: last - start, width: width)
  }

  /// Where the last instruction that does something ends; nil for an instruction that is not known.
  private func instructions(_ start: Int, _ end: Int, _ width: Int) -> Int? {
    var cursor = start
    var last = start
    while cursor < end {
      guard let code = byte(&cursor, end) else { return nil }
      let high = code & 0xC0
      switch high == 0 ? code : high {
      case 0: continue
      case 0x40, 0xC0, 0x0A, 0x0B, 0x2D: break
      case 0x80, 0x06, 0x07, 0x08, 0x0D, 0x0E, 0x13, 0x2E:
        guard leb(&cursor, end) != nil else { return nil }
      case 0x14, 0x15, 0x05, 0x09, 0x0C, 0x11, 0x2F, 0x12:
        guard leb(&cursor, end) != nil, leb(&cursor, end) != nil else { return nil }
      case 0x0F: guard skipBlock(&cursor, end) else { return nil }
      case 0x10, 0x16:
        guard leb(&cursor, end) != nil, skipBlock(&cursor, end) else { return nil }
      case 1: cursor += width
      case 2: cursor += 1
      case 3: cursor += 2
      case 4: cursor += 4
      case 0x1D: cursor += 8
      default: return nil
      }
      if cursor > end { return nil }
      last = cursor
    }
    return last
  }

  private func skipBlock(_ cursor: inout Int, _ end: Int) -> Bool {
    guard let length = leb(&cursor, end), length <= UInt64(end - cursor) else { return false }
    cursor += Int(length)
    return true
  }

  /// Bytes of a pointer (DW_EH_PE).
  private func width(_ encoding: UInt8) -> Int {
    if encoding & 0x60 == 0x60 { return 0 }
    return switch encoding & 7 {
    case 0: is64Bit ? 8 : 4
    case 2: 2
    case 3: 4
    case 4: 8
    default: 0
    }
  }

  private func word(_ position: Int) -> UInt32? {
    guard position >= 0, position + 4 <= bytes.count else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) }
  }

  private func byte(_ cursor: inout Int, _ end: Int) -> UInt8? {
    guard cursor < end, cursor < bytes.count else { return nil }
    defer { cursor += 1 }
    return bytes[cursor]
  }

  private func leb(_ cursor: inout Int, _ end: Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let next = byte(&cursor, end) {
      value |= UInt64(next & 0x7F) << shift
      shift += 7
      if next & 0x80 == 0 { return value }
    }
    return nil
  }
}
