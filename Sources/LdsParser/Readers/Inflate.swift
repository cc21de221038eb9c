// DEFLATE (RFC 1951): what gzip files are made of. The toolchain brings no inflate.

/// Decodes one DEFLATE stream.
struct Inflate {
  private let reader: ByteReader
  /// The next byte that is not yet in `bits`.
  private(set) var position: Int
  private var bits: UInt64 = 0
  private var bitCount = 0

  init(_ reader: ByteReader, from start: Int) {
    self.reader = reader
    position = start
  }

  /// Decodes into `output` until the last block ends, at most `limit` bytes in all; `position` is then the
  /// byte after the stream.
  mutating func decode(into output: inout GrowingMemory, limit: Int) throws(ReadError) {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored(into: &output, limit: limit)
      case 1:
        try decodeBlock(
          HuffmanTable.fixedLiterals, HuffmanTable.fixedDistances, into: &output, limit: limit)
      case 2:
        let (literals, distances) = try dynamicTables()
        try decodeBlock(literals, distances, into: &output, limit: limit)
      default: throw bad("a block of unknown kind")
      }
    }
    // Whole bytes that were taken in advance go back.
    position -= bitCount / 8
    bits = 0
    bitCount = 0
  }

  // MARK: Bits

  /// Fills the bit buffer to at least 48 bits, or to the end of the input.
  @inline(__always)
  private mutating func refill() {
    while bitCount <= 48, position < reader.count {
      bits |= UInt64(reader[position]) << UInt64(bitCount)
      position &+= 1
      bitCount &+= 8
    }
  }

  private mutating func take(_ count: Int) throws(ReadError) -> Int {
    refill()
    guard bitCount >= count else { throw bad("the data ends in the middle of a block") }
    let value = Int(bits & (1 << UInt64(count) &- 1))
    bits >>= UInt64(count)
    bitCount &-= count
    return value
  }

  @inline(__always)
  private mutating func symbol(_ table: HuffmanTable) throws(ReadError) -> Int {
    refill()
    let entry = table.entries[Int(bits & table.mask)]
    let length = Int(entry & 15)
    guard length > 0, length <= bitCount else { throw bad("a code that stands for nothing") }
    bits >>= UInt64(length)
    bitCount &-= length
    return Int(entry >> 4)
  }

  private func bad(_ what: String) -> ReadError {
    ReadError(id: "bad-gzip", message: "compressed data is broken: \(what)", offset: position)
  }

  private func tooLarge(_ limit: Int) -> ReadError {
    ReadError(
      id: "gzip-too-large", message: "unpacks to more than \(limit) bytes, the limit for its size")
  }

  // MARK: Blocks

  private mutating func copyStored(
    into output: inout GrowingMemory, limit: Int
  ) throws(ReadError) {
    _ = try take(bitCount & 7)
    let length = try take(16)
    guard try take(16) == length ^ 0xffff else { throw bad("a stored block's length") }
    if output.count + length > limit { throw tooLarge(limit) }
    try output.reserve(length)
    for _ in 0..<length { output.append(UInt8(truncatingIfNeeded: try take(8))) }
  }

  private mutating func decodeBlock(
    _ literals: HuffmanTable, _ distances: HuffmanTable, into output: inout GrowingMemory,
    limit: Int
  ) throws(ReadError) {
    while true {
      try output.reserve(Self.longestCopy)
      let code = try symbol(literals)
      if code < 256 {
        output.append(UInt8(truncatingIfNeeded: code))
      } else if code == 256 {
        return
      } else {
        guard code < 286 else { throw bad("a length code of \(code)") }
        let length = Self.lengthBase[code - 257] + (try take(Self.lengthBits[code - 257]))
        let slot = try symbol(distances)
        guard slot < 30 else { throw bad("a distance code of \(slot)") }
        let distance = Self.distanceBase[slot] + (try take(slot < 2 ? 0 : slot / 2 - 1))
        guard distance <= output.count else { throw bad("a distance before the start") }
        output.appendCopy(distance: distance, length: length)
      }
      if output.count > limit { throw tooLarge(limit) }
    }
  }

  private mutating func dynamicTables() throws(ReadError) -> (HuffmanTable, HuffmanTable) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let codeCount = try take(4) + 4
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<codeCount {
      codeLengths[Self.codeOrder[index]] = UInt8(truncatingIfNeeded: try take(3))
    }
    let codes = try table(codeLengths)
    var lengths: [UInt8] = []
    while lengths.count < literalCount + distanceCount {
      let code = try symbol(codes)
      switch code {
      case 16:
        guard let last = lengths.last else { throw bad("a repeat of nothing") }
        lengths.append(contentsOf: repeatElement(last, count: try take(2) + 3))
      case 17: lengths.append(contentsOf: repeatElement(0, count: try take(3) + 3))
      case 18: lengths.append(contentsOf: repeatElement(0, count: try take(7) + 11))
      default: lengths.append(UInt8(truncatingIfNeeded: code))
      }
    }
    guard lengths.count == literalCount + distanceCount else { throw bad("too many code lengths") }
    return (try table(Array(lengths[..<literalCount])), try table(Array(lengths[literalCount...])))
  }

  private func table(_ lengths: [UInt8]) throws(ReadError) -> HuffmanTable {
    guard let table = HuffmanTable(lengths) else { throw bad("code lengths that overlap") }
    return table
  }

  private static let longestCopy = 258
  private static let codeOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
  private static let lengthBase = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBase = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
}

/// A canonical Huffman code as one table over as many bits as its longest code has.
struct HuffmanTable: Sendable {
  /// Those bits.
  let mask: UInt64
  /// The symbol in the upper 12 bits, the code's length in the lower four; 0 for no code.
  let entries: [UInt16]

  /// The code with these lengths per symbol; nil if they claim more codes than there are.
  init?(_ lengths: [UInt8]) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[Int(length & 15)] += 1 }
    counts[0] = 0
    var codes = [Int](repeating: 0, count: 16)
    var code = 0
    for length in 1...15 {
      code = (code + counts[length - 1]) << 1
      codes[length] = code
      if code + counts[length] > 1 << length { return nil }
    }
    let size = 1 << (counts.lastIndex { $0 > 0 } ?? 0)
    var table = [UInt16](repeating: 0, count: size)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let bits = Int(length & 15)
      let reversed = Self.reverse(codes[bits], bits)
      codes[bits] += 1
      for entry in stride(from: reversed, to: size, by: 1 << bits) {
        table[entry] = UInt16(truncatingIfNeeded: symbol << 4 | bits)
      }
    }
    entries = table
    mask = UInt64(size - 1)
  }

  private init(fixed lengths: [UInt8]) {
    entries = HuffmanTable(lengths)?.entries ?? [0]
    mask = UInt64(entries.count - 1)
  }

  private static func reverse(_ code: Int, _ bits: Int) -> Int {
    var result = 0
    for bit in 0..<bits where code >> bit & 1 == 1 { result |= 1 << (bits - 1 - bit) }
    return result
  }

  /// The code for literals and lengths that blocks of kind 1 use.
  static let fixedLiterals = HuffmanTable(
    fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  /// Their code for distances.
  static let fixedDistances = HuffmanTable(fixed: [UInt8](repeating: 5, count: 30))
}
