// XXH3 with 64 bits and no seed: in which of 32 parts of merged contents lld puts a piece
// (xxHash, doc/xxhash_spec.md; llvm/lib/Support/xxhash.cpp, xxh3_64bits).

/// The hash of bytes.
struct XXHash {
  private static let secret: [UInt8] = [
    0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
    0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
    0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
    0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
    0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
    0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
    0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
    0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
    0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
    0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
    0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
    0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
  ]
  private static let prime32: [UInt64] = [0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D]
  private static let prime64: [UInt64] = [
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5,
  ]

  private let input: ArraySlice<UInt8>
  private var length: UInt64 { UInt64(input.count) }

  private init(_ input: ArraySlice<UInt8>) { self.input = input }

  /// The hash of `bytes`.
  static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    let hash = XXHash(bytes)
    return switch bytes.count {
    case 0:
      finish64(secret64(56) ^ secret64(64))
    case 1...3: hash.upTo3
    case 4...8: hash.upTo8
    case 9...16: hash.upTo16
    case 17...128: hash.upTo128
    case 129...240: hash.upTo240
    default: hash.long
    }
  }

  // MARK: Numbers

  private static func word(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }

  private static func secret64(_ place: Int) -> UInt64 { word(secret, place, 8) }

  private func input64(_ place: Int) -> UInt64 { word(place, 8) }

  private func word(_ place: Int, _ count: Int) -> UInt64 {
    let start = input.startIndex + place
    return (0..<count).reduce(0) { $0 | UInt64(input[start + $1]) << UInt64(8 * $1) }
  }

  private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.low ^ product.high
  }

  private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }

  private static func finish64(_ value: UInt64) -> UInt64 {
    var hash = value
    hash ^= hash >> 33
    hash = hash &* prime64[1]
    hash ^= hash >> 29
    hash = hash &* prime64[2]
    return hash ^ hash >> 32
  }

  private static func finish(_ value: UInt64) -> UInt64 {
    var hash = value
    hash ^= hash >> 37
    hash = hash &* 0x1656_6791_9E37_79F9
    return hash ^ hash >> 32
  }

  private func mixed(_ place: Int, _ secretPlace: Int) -> UInt64 {
    Self.folded(
      Self.secret64(secretPlace) ^ input64(place),
      Self.secret64(secretPlace + 8) ^ input64(place + 8))
  }

  // MARK: Lengths

  private var upTo3: UInt64 {
    let first = UInt64(input[input.startIndex])
    let middle = UInt64(input[input.startIndex + input.count >> 1])
    let last = UInt64(input[input.endIndex - 1])
    let combined = first << 16 | middle << 24 | last | length << 8
    return Self.finish64(combined ^ (Self.word(Self.secret, 0, 4) ^ Self.word(Self.secret, 4, 4)))
  }

  private var upTo8: UInt64 {
    let both = word(input.count - 4, 4) | word(0, 4) << 32
    var hash = Self.secret64(8) ^ Self.secret64(16) ^ both
    hash ^= Self.rotated(hash, 49) ^ Self.rotated(hash, 24)
    hash = hash &* 0x9FB2_1C65_1E98_DF25
    hash ^= (hash >> 35) &+ length
    hash = hash &* 0x9FB2_1C65_1E98_DF25
    return hash ^ hash >> 28
  }

  private var upTo16: UInt64 {
    let low = Self.secret64(24) ^ Self.secret64(32) ^ input64(0)
    let high = Self.secret64(40) ^ Self.secret64(48) ^ input64(input.count - 8)
    return Self.finish(length &+ low.byteSwapped &+ high &+ Self.folded(low, high))
  }

  private var upTo128: UInt64 {
    var hash = length &* Self.prime64[0]
    for step in 0...(input.count - 1) / 32 {
      hash = hash &+ mixed(16 * step, 32 * step)
      hash = hash &+ mixed(input.count - 16 * (step + 1), 32 * step + 16)
    }
    return Self.finish(hash)
  }

  private var upTo240: UInt64 {
    var hash = length &* Self.prime64[0]
    for step in 0..<8 { hash = hash &+ mixed(16 * step, 16 * step) }
    hash = Self.finish(hash)
    for step in 8..<input.count / 16 { hash = hash &+ mixed(16 * step, 16 * (step - 8) + 3) }
    return Self.finish(hash &+ mixed(input.count - 16, 136 - 17))
  }

  private var long: UInt64 {
    var lanes = [
      Self.prime32[2], Self.prime64[0], Self.prime64[1], Self.prime64[2], Self.prime64[3],
      Self.prime32[1], Self.prime64[4], Self.prime32[0],
    ]
    let stripes = (Self.secret.count - 64) / 8
    let blocks = (input.count - 1) / (64 * stripes)
    for block in 0..<blocks {
      for stripe in 0..<stripes { add(64 * (block * stripes + stripe), 8 * stripe, &lanes) }
      for lane in lanes.indices {
        lanes[lane] ^= lanes[lane] >> 47 ^ Self.secret64(Self.secret.count - 64 + 8 * lane)
        lanes[lane] = lanes[lane] &* Self.prime32[0]
      }
    }
    let rest = blocks * 64 * stripes
    for stripe in 0..<(input.count - 1 - rest) / 64 { add(rest + 64 * stripe, 8 * stripe, &lanes) }
    add(input.count - 64, Self.secret.count - 64 - 7, &lanes)
    var hash = length &* Self.prime64[0]
    for pair in 0..<4 {
      hash =
        hash
        &+ Self.folded(
          lanes[2 * pair] ^ Self.secret64(11 + 16 * pair),
          lanes[2 * pair + 1] ^ Self.secret64(19 + 16 * pair))
    }
    return Self.finish(hash)
  }

  private func add(_ place: Int, _ secretPlace: Int, _ lanes: inout [UInt64]) {
    for lane in lanes.indices {
      let value = input64(place + 8 * lane)
      let key = value ^ Self.secret64(secretPlace + 8 * lane)
      lanes[lane ^ 1] = lanes[lane ^ 1] &+ value
      lanes[lane] = lanes[lane] &+ (key & 0xffff_ffff) &* (key >> 32)
    }
  }
}
