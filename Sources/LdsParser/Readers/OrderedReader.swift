// Numbers of a binary format in the byte order that the file declares.

/// Loads of either byte order; like those of ``ByteReader`` they stop the program outside the input, so
/// every table's extent is checked before its entries are read.
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
