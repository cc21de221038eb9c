// gzip files (RFC 1952): build farms keep maps compressed.

/// Unpacks gzip.
public enum Gzip {
  /// The contents of the gzip file `buffer`, under its own name; several members in a row are one file.
  ///
  /// - Throws: `ReadError` if it is broken, cut short, fails its checksum, or unpacks to more than
  ///   ``Limit/unpackedBytes(of:)``.
  public static func unpack(_ buffer: SourceBuffer) throws(ReadError) -> SourceBuffer {
    try unpack(buffer, limit: Limit.unpackedBytes(of: buffer.count))
  }

  /// The contents, which may have at most `limit` bytes.
  package static func unpack(_ buffer: SourceBuffer, limit: Int) throws(ReadError) -> SourceBuffer {
    let reader = buffer.reader
    var output = try GrowingMemory(capacity: expectedSize(reader, limit: limit))
    var position = 0
    repeat {
      position = try unpackMember(reader, from: position, into: &output, limit: limit)
      // Zeros after the last member are padding of a tape or block device.
      while position < reader.count, reader[position] == 0 { position += 1 }
    } while position < reader.count
    return SourceBuffer(path: buffer.path, memory: output.finish())
  }

  /// What the last four bytes claim, as far as it is believable.
  private static func expectedSize(_ reader: ByteReader, limit: Int) -> Int {
    guard reader.count >= 18 else { return 1 << 12 }
    let claimed = Int(reader.word32(reader.count - 4))
    return min(claimed, limit, reader.count * 16) + 1024
  }

  private static func unpackMember(
    _ reader: ByteReader, from start: Int, into output: inout GrowingMemory, limit: Int
  ) throws(ReadError) -> Int {
    let first = output.count
    var inflate = Inflate(reader, from: try afterHeader(reader, start))
    try inflate.decode(into: &output, limit: limit)
    let trailer = inflate.position
    guard trailer <= reader.count - 8 else { throw truncated(trailer) }
    guard UInt32(truncatingIfNeeded: output.count - first) == reader.word32(trailer + 4) else {
      throw ReadError(
        id: "bad-gzip", message: "unpacks to another size than it was packed from", offset: trailer)
    }
    guard output.withReader({ Checksum.crc32($0, from: first) }) == reader.word32(trailer) else {
      throw ReadError(
        id: "bad-gzip", message: "the checksum does not fit the contents", offset: trailer)
    }
    return trailer + 8
  }

  private static func truncated(_ offset: Int) -> ReadError {
    ReadError(id: "truncated-gzip", message: "the gzip file ends too early", offset: offset)
  }

  /// The offset after a member's header with its optional fields.
  private static func afterHeader(_ reader: ByteReader, _ start: Int) throws(ReadError) -> Int {
    guard start <= reader.count - 18 else { throw truncated(start) }
    guard reader.word16(start) == 0x8b1f, reader[start + 2] == 8 else {
      throw ReadError(
        id: "bad-gzip", message: "bytes that are no gzip member", offset: start)
    }
    let flags = reader[start + 3]
    var position = start + 10
    if flags & 4 != 0 {
      guard position <= reader.count - 2 else { throw truncated(position) }
      position += 2 + Int(reader.word16(position))
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard position < reader.count,
        let end = reader.firstIndex(of: 0, from: position, to: reader.count)
      else { throw truncated(start) }
      position = end + 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position < reader.count else { throw truncated(start) }
    return position
  }
}

/// CRC-32 as gzip has it.
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
  }

  static func crc32(_ reader: ByteReader, from start: Int) -> UInt32 {
    let table = table
    var crc: UInt32 = .max
    for position in start..<reader.count {
      crc = table[Int((crc ^ UInt32(reader[position])) & 0xff)] ^ crc >> 8
    }
    return ~crc
  }
}
