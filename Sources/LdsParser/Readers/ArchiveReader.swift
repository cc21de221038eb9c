// Static libraries (`!<arch>`): each member that is an ELF or COFF object.
//
//   main.o/         0           0     0     100644  1216      `

/// Reads archives of objects.
enum ArchiveReader {
  static let headerSize = 60

  static func read(_ buffer: SourceBuffer, parts: ImageParts) throws(ReadError) -> [Image] {
    let reader = buffer.reader
    if reader.hasPrefix("!<thin>\n", at: 0, end: reader.count) {
      throw ReadError(
        id: "thin-archive",
        message: "a thin archive holds no objects, only the names of their files")
    }
    var images: [Image] = []
    var longNames = ByteRange(start: 0, end: 0)
    var position = 8
    while position < reader.count {
      guard position <= reader.count - headerSize else {
        throw ReadError(
          id: "truncated-archive", message: "the file ends inside the header of a member",
          offset: position)
      }
      let member = try member(reader, position, longNames)
      if case .names = member.kind { longNames = member.contents }
      if let image = try object(buffer, member, parts) { images.append(image) }
      position = member.contents.end + (member.contents.end & 1)
    }
    return images
  }

  /// A member as its header has it.
  struct Member {
    /// What it is for.
    enum Kind {
      /// An object, or some other file.
      case object
      /// `//`: names that are too long for a header.
      case names
      /// `/`, or `/SYM64/` with offsets of 64 bits: which member defines which symbol.
      case index(isWide: Bool)
    }

    var name: [UInt8]
    var contents: ByteRange
    var kind: Kind
  }

  /// The member whose header is at `at`; in a thin archive objects have no contents.
  static func member(
    _ reader: ByteReader, _ at: Int, _ longNames: ByteRange, isThin: Bool = false
  ) throws(ReadError) -> Member {
    var name = ByteRange(start: at, end: reader.trimEnd(at, at + 16))
    let kind = kind(reader, name)
    var hasContents = true
    if isThin, case .object = kind { hasContents = false }
    guard reader.word16(at + 58) == 0x0a60, let (told, _) = reader.decimalDigits(at + 48, at + 58),
      case let size = hasContents ? told : 0, size <= UInt64(reader.count - at - headerSize)
    else {
      throw ReadError(
        id: "truncated-archive", message: "a member's header is broken or its contents are cut off",
        offset: at)
    }
    var contents = ByteRange(start: at + headerSize, end: at + headerSize + Int(size))
    if let (offset, _) = reader.decimalDigits(at + 1, name.end), reader[at] == UInt8(ascii: "/"),
      offset < UInt64(max(0, longNames.count))
    {
      // GNU: `/123`, an offset in the member `//`, where names end in `/` and a line feed.
      let start = longNames.start + Int(offset)
      name = ByteRange(
        start: start,
        end: reader.firstIndex(of: Byte.lineFeed, from: start, to: longNames.end) ?? longNames.end)
    } else if reader.hasPrefix("#1/", at: at, end: name.end),
      let (length, _) = reader.decimalDigits(at + 3, name.end), length <= size
    {
      // BSD: the name stands before the contents, filled up with zeros.
      contents.start += Int(length)
      let start = at + headerSize
      name = ByteRange(
        start: start,
        end: reader.firstIndex(of: 0, from: start, to: contents.start) ?? contents.start)
    }
    if name.count > 1, reader[name.end - 1] == UInt8(ascii: "/") { name.end -= 1 }
    return Member(name: reader.copy(name.start, name.end), contents: contents, kind: kind)
  }

  private static func kind(_ reader: ByteReader, _ name: ByteRange) -> Member.Kind {
    if reader.hasPrefix("//", at: name.start, end: name.end) { return .names }
    if reader.hasPrefix("/SYM64/", at: name.start, end: name.end) { return .index(isWide: true) }
    return name.count == 1 && reader[name.start] == UInt8(ascii: "/")
      ? .index(isWide: false) : .object
  }

  /// The image of a member, nil for one that is no object.
  private static func object(
    _ buffer: SourceBuffer, _ member: Member, _ parts: ImageParts
  ) throws(ReadError) -> Image? {
    let part = buffer.reader.part(member.contents.start, member.contents.end)
    do throws(ReadError) {
      var image: Image
      switch FormatRecognizer.binaryFormat(part) {
      case .elf: image = try ELFReader(buffer, range: member.contents).image(parts)
      case .coffObject: image = try PEReader(buffer, range: member.contents).image(parts)
      default: return nil
      }
      image.path = FilePath(
        bytes: buffer.path.bytes + Array("(".utf8) + member.name + Array(")".utf8))
      return image
    } catch {
      throw error.located(within: member.contents.count, from: member.contents.start)
    }
  }
}
