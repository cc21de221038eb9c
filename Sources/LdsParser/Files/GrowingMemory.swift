// Memory that is filled once, from a descriptor or byte by byte, and then never changes. With
// ByteReader and FileMemory, the only file that touches raw memory.

import Glibc

/// An anonymous mapping that grows; ``finish()`` turns it into the ``FileMemory`` of a buffer.
@safe struct GrowingMemory: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// Bytes filled so far.
  private(set) var count = 0

  init(capacity: Int) throws(ReadError) {
    self.capacity = Self.rounded(capacity)
    unsafe base = try Self.map(self.capacity)
  }

  deinit {
    unsafe _ = munmap(base, capacity)
  }

  /// Makes room for `more` bytes.
  mutating func reserve(_ more: Int) throws(ReadError) {
    if capacity &- count >= more { return }
    let larger = Self.rounded(max(capacity &* 2, count &+ more))
    let target = unsafe try Self.map(larger)
    unsafe target.copyMemory(from: base, byteCount: count)
    unsafe _ = munmap(base, capacity)
    unsafe base = target
    capacity = larger
  }

  /// Reads at most `limit` bytes into the room that is left; the result is that of read(2).
  mutating func fill(from descriptor: CInt, atMost limit: Int) -> Int {
    let got = unsafe Glibc.read(descriptor, base + count, min(limit, capacity &- count))
    if got > 0 { count &+= got }
    return got
  }

  /// Appends one byte; room must have been reserved.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    precondition(count < capacity)
    unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Appends `length` bytes of what has been filled, starting `distance` before the end; the two ranges
  /// may overlap, as in an LZ77 copy. Room must have been reserved.
  mutating func appendCopy(distance: Int, length: Int) {
    precondition(distance > 0 && distance <= count && length >= 0 && length <= capacity &- count)
    if distance >= length {
      unsafe (base + count).copyMemory(from: base + (count &- distance), byteCount: length)
      count &+= length
      return
    }
    for offset in 0..<length {
      let byte = unsafe base.load(fromByteOffset: count &- distance &+ offset, as: UInt8.self)
      unsafe base.storeBytes(of: byte, toByteOffset: count &+ offset, as: UInt8.self)
    }
    count &+= length
  }

  /// Lets `body` read what has been filled.
  func withReader<Result>(_ body: (ByteReader) -> Result) -> Result {
    unsafe body(ByteReader(base: UnsafeRawPointer(base), count: count))
  }

  /// Hands the bytes over; they never change from here on.
  consuming func finish() -> FileMemory {
    let memory = unsafe FileMemory(mapping: base, count: count, mappedLength: capacity)
    discard self
    return memory
  }

  private static func rounded(_ size: Int) -> Int {
    (size &+ 4095) / 4096 &* 4096
  }

  private static func map(_ size: Int) throws(ReadError) -> UnsafeMutableRawPointer {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let base = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe base != MAP_FAILED
    else { throw ReadError(id: "out-of-memory", message: "no memory for \(size) bytes") }
    return unsafe base
  }
}
