// An archive as a linker looks into it: its index, and members by the offset that the index has (ar(5); `/` and
// `/SYM64/`). A thin archive holds no objects, only the names of their files.

/// An archive.
public struct ObjectArchive {
  /// A member.
  public struct Member: Sendable {
    /// Where its header stands in the archive, which the index refers to.
    public var offset: Int
    /// Its name; in a thin archive a path seen from the archive's folder.
    public var name: [UInt8]
    let contents: ByteRange
  }

  /// A symbol that a member defines.
  public struct Entry: Sendable {
    /// The symbol, without a version.
    public var symbol: NameID
    /// The position of the member in ``ObjectArchive/members``.
    public var member: Int
  }

  /// Its members in order, without the index and the table of names.
  public let members: [Member]
  /// The index, in its order; empty if there is none.
  public let index: [Entry]
  /// Whether members are files of their own.
  public let isThin: Bool
  private let buffer: SourceBuffer

  /// Whether `buffer` begins like an archive.
  public static func isOne(_ buffer: SourceBuffer) -> Bool {
    let reader = buffer.reader
    return reader.hasPrefix("!<arch>\n", at: 0, end: reader.count)
      || reader.hasPrefix("!<thin>\n", at: 0, end: reader.count)
  }

  /// Reads the headers of an archive.
  ///
  /// - Parameter names: takes the symbols of the index.
  /// - Throws: `ReadError` for an archive that is cut off or broken.
  public init(_ buffer: SourceBuffer, names: inout NameTable) throws(ReadError) {
    let reader = buffer.reader
    isThin = reader.hasPrefix("!<thin>\n", at: 0, end: reader.count)
    var members: [Member] = []
    var tables: [(range: ByteRange, isWide: Bool)] = []
    var longNames = ByteRange(start: 0, end: 0)
    var position = 8
    while position < reader.count {
      guard position <= reader.count - ArchiveReader.headerSize else {
        throw ReadError(
          id: "truncated-archive", message: "the file ends inside the header of a member",
          offset: position)
      }
      let member = try ArchiveReader.member(reader, position, longNames, isThin: isThin)
      switch member.kind {
      case .names: longNames = member.contents
      case .index(let isWide): tables.append((member.contents, isWide))
      case .object:
        members.append(Member(offset: position, name: member.name, contents: member.contents))
      }
      position = member.contents.end + (member.contents.end & 1)
    }
    self.members = members
    self.buffer = buffer
    index =
      try tables.first.map { table throws(ReadError) in
        try Self.index(reader, table.range, isWide: table.isWide, members, &names)
      } ?? []
  }

  private static func index(
    _ reader: ByteReader, _ range: ByteRange, isWide: Bool, _ members: [Member],
    _ names: inout NameTable
  ) throws(ReadError) -> [Entry] {
    let file = OrderedReader(reader: reader.part(range.start, range.end), isBigEndian: true)
    let wide = isWide ? 8 : 4
    let broken = ReadError(
      id: "bad-archive", message: "the archive's index is broken", offset: range.start)
    guard range.count >= wide else { throw broken }
    let count = file.address(0, is64Bit: isWide)
    guard file.table(at: UInt64(wide), count: count, size: UInt64(wide)) != nil else {
      throw broken
    }
    var positions: [Int: Int] = [:]
    for (position, member) in members.enumerated() { positions[member.offset] = position }
    var entries: [Entry] = []
    var text = wide * (Int(count) + 1)
    for entry in 0..<Int(count) {
      let offset = file.address(wide * (entry + 1), is64Bit: isWide)
      guard text <= range.count,
        let end = file.reader.firstIndex(of: 0, from: text, to: range.count)
      else { throw broken }
      if let member = Int(exactly: offset).flatMap({ positions[$0] }) {
        let at = file.reader.firstIndex(of: UInt8(ascii: "@"), from: text, to: end) ?? end
        entries.append(Entry(symbol: names.intern(file.reader, text, at), member: member))
      }
      text = end + 1
    }
    return entries
  }

  /// The object that is a member of an archive that is not thin.
  ///
  /// - Throws: `ReadError` for a member that is no object.
  public func object(_ member: Member, names: inout NameTable) throws(ReadError) -> ObjectFile {
    do throws(ReadError) {
      return try ObjectFile(buffer, range: member.contents, names: &names)
    } catch {
      throw error.located(within: member.contents.count, from: member.contents.start)
    }
  }
}
