// How names are hashed, in every table of names.

/// A hash of name bytes: 16 bytes a round, multiplied and folded.
///
/// Both factors of a product depend on the seed: with a factor that the name alone decides, names could be
/// made whose product is zero whatever the seed, and all of them would fall into one slot.
enum NameHash {
  private static let first: UInt64 = 0xa076_1d64_78bd_642f
  private static let second: UInt64 = 0xe703_7ed1_a0b4_28db

  /// The hash of a name in an array; the same as of its bytes in a reader.
  static func of(_ name: ArraySlice<UInt8>, seed: UInt64) -> UInt64 {
    let factor = self.factor(seed)
    var hash = seed ^ UInt64(name.count)
    var offset = name.startIndex
    while name.endIndex &- offset >= 16 {
      hash = mix(hash ^ word(name, offset, 8), factor ^ word(name, offset &+ 8, 8))
      offset &+= 16
    }
    let rest = name.endIndex &- offset
    let low = word(name, offset, min(rest, 8))
    return finish(hash, low, word(name, offset &+ 8, max(rest &- 8, 0)), factor)
  }

  private static func factor(_ seed: UInt64) -> UInt64 {
    second ^ (seed &* first)
  }

  /// The hash of `length` bytes of a reader.
  @inline(__always)
  static func of(_ reader: ByteReader, _ start: Int, _ length: Int, seed: UInt64) -> UInt64 {
    let factor = self.factor(seed)
    var hash = seed ^ UInt64(length)
    var offset = start
    let end = start &+ length
    while end &- offset >= 16 {
      hash = mix(hash ^ reader.word64(offset), factor ^ reader.word64(offset &+ 8))
      offset &+= 16
    }
    let rest = end &- offset
    if rest >= 8 {
      return finish(hash, reader.word64(offset), word(reader, offset &+ 8, rest &- 8), factor)
    }
    return finish(hash, word(reader, offset, rest), 0, factor)
  }

  private static func word(_ name: ArraySlice<UInt8>, _ start: Int, _ length: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<length { word |= UInt64(name[start &+ index]) << UInt64(8 &* index) }
    return word
  }

  @inline(__always)
  private static func word(_ reader: ByteReader, _ start: Int, _ length: Int) -> UInt64 {
    if start <= reader.count &- 8 {
      return length == 0 ? 0 : reader.word64(start) & (.max >> UInt64(64 &- 8 &* length))
    }
    var word: UInt64 = 0
    for index in 0..<length { word |= UInt64(reader[start &+ index]) << UInt64(8 &* index) }
    return word
  }

  @inline(__always)
  private static func finish(
    _ hash: UInt64, _ low: UInt64, _ high: UInt64, _ factor: UInt64
  ) -> UInt64 {
    mix(mix(hash ^ low, factor ^ high), first)
  }

  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ first).multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

extension ByteReader {
  /// A hash of `length` bytes that nobody who does not know the seed can foretell.
  @inline(__always)
  package func hash(_ start: Int, _ length: Int, seed: UInt64) -> UInt64 {
    NameHash.of(self, start, length, seed: seed)
  }
}
