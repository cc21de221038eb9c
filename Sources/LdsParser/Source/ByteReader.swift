// The unsafe core of the library: checked loads from immutable memory. Every load first proves that it
// stays inside the buffer; nothing outside this file and FileMemory.swift touches a raw pointer.

import Glibc

/// Immutable bytes at a fixed address, with loads that trap instead of reading outside.
///
/// A reader does not own its memory: ``SourceBuffer`` does, and hands readers out only to code that
/// holds the buffer.
@safe package struct ByteReader {
  @usableFromInline let base: UnsafeRawPointer
  /// Number of readable bytes.
  package let count: Int

  package init(base: UnsafeRawPointer, count: Int) {
    precondition(count >= 0, "a reader covers zero or more bytes")
    unsafe self.base = base
    self.count = count
  }

  /// The byte at `offset`, which must be below ``count``.
  @inline(__always)
  package subscript(offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < count)
    return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes at `offset` in memory order (little endian on every supported host).
  @inline(__always)
  package func word64(_ offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count &- 8)
    return UInt64(
      littleEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Four bytes at `offset`, least significant first.
  @inline(__always)
  package func word32(_ offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset <= count &- 4)
    return UInt32(
      littleEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Two bytes at `offset`, least significant first.
  @inline(__always)
  package func word16(_ offset: Int) -> UInt16 {
    precondition(offset >= 0 && offset <= count &- 2)
    return UInt16(
      littleEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// Offset of the first `byte` in `start..<end`, or nil. Runs at memchr speed.
  @inline(__always)
  package func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int? {
    precondition(start >= 0 && start <= end && end <= count)
    guard let hit = unsafe memchr(base + start, CInt(byte), end &- start) else { return nil }
    return unsafe UnsafeRawPointer(hit) - base
  }

  /// Whether `range` of this reader holds the same bytes as `otherRange` of `other`.
  @inline(__always)
  package func equal(_ start: Int, _ other: ByteReader, _ otherStart: Int, length: Int) -> Bool {
    precondition(start >= 0 && length >= 0 && start <= count &- length)
    precondition(otherStart >= 0 && otherStart <= other.count &- length)
    return unsafe memcmp(base + start, other.base + otherStart, length) == 0
  }

  /// A reader of the bytes in `start..<end` alone; offsets count from its start.
  package func part(_ start: Int, _ end: Int) -> ByteReader {
    precondition(start >= 0 && start <= end && end <= count)
    return unsafe ByteReader(base: base + start, count: end &- start)
  }

  /// A copy of the bytes in `start..<end`.
  package func copy(_ start: Int, _ end: Int) -> [UInt8] {
    precondition(start >= 0 && start <= end && end <= count)
    return unsafe [UInt8](UnsafeRawBufferPointer(start: base + start, count: end &- start))
  }

  /// Adds the bytes in `start..<end` to `bytes`.
  @inline(__always)
  package func append(_ start: Int, _ end: Int, to bytes: inout [UInt8]) {
    precondition(start >= 0 && start <= end && end <= count)
    unsafe bytes.append(
      contentsOf: UnsafeRawBufferPointer(start: base + start, count: end &- start))
  }
}

/// Numbers of a binary format in the byte order that the file declares. Like those of ``ByteReader`` the loads stop
/// the program outside the input, so every table's extent is checked before its entries are read.
struct OrderedReader {
  let reader: ByteReader
  let isBigEndian: Bool

  @inline(__always)
  func half(_ offset: Int) -> UInt16 {
    let word = reader.word16(offset)
    return isBigEndian ? word.byteSwapped : word
  }

  @inline(__always)
  func word(_ offset: Int) -> UInt32 {
    let word = reader.word32(offset)
    return isBigEndian ? word.byteSwapped : word
  }

  @inline(__always)
  func giant(_ offset: Int) -> UInt64 {
    let word = reader.word64(offset)
    return isBigEndian ? word.byteSwapped : word
  }

  /// A word or giant, as the file's class has it.
  @inline(__always)
  func address(_ offset: Int, is64Bit: Bool) -> UInt64 {
    is64Bit ? giant(offset) : UInt64(word(offset))
  }

  /// The offset of a table of `count` entries of `size` bytes at `start`, if it lies inside the input.
  func table(at start: UInt64, count: UInt64, size: UInt64) -> Int? {
    let (bytes, tooMany) = count.multipliedReportingOverflow(by: size)
    let (end, tooFar) = start.addingReportingOverflow(bytes)
    guard !tooMany, !tooFar, end <= UInt64(reader.count) else { return nil }
    return Int(start)
  }
}
