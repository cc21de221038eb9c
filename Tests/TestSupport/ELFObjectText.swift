// Relocatable objects for x86-64 written byte by byte: sections of any type and flags, which no assembler would make.

package import Constraints
import Foundation

/// Writes objects, and reads the names of sections back.
public enum ELFObjectText {
  private static func put(_ value: UInt64, _ count: Int, into bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  private static func pad(_ bytes: inout [UInt8], to alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  /// An object with these sections of 16 bytes; the first of them begins with `_start` if asked for.
  package static func bytes(_ sections: [UnplacedSection], hasEntry: Bool) -> [UInt8] {
    var names: [UInt8] = [0]
    var body = [UInt8](repeating: 0, count: 64)
    var headers = [UInt8](repeating: 0, count: 64)
    func header(
      _ name: String, _ type: UInt32, _ flags: UInt64, at offset: Int, size: Int, link: Int = 0,
      info: Int = 0, alignment: UInt64 = 1, entry: Int = 0
    ) {
      put(UInt64(names.count), 4, into: &headers)
      names += Array(name.utf8) + [0]
      put(UInt64(type), 4, into: &headers)
      put(flags, 8, into: &headers)
      put(0, 8, into: &headers)
      put(UInt64(offset), 8, into: &headers)
      put(UInt64(size), 8, into: &headers)
      put(UInt64(link), 4, into: &headers)
      put(UInt64(info), 4, into: &headers)
      put(alignment, 8, into: &headers)
      put(UInt64(entry), 8, into: &headers)
    }
    for section in sections {
      pad(&body, to: Int(section.alignment))
      let start = body.count
      if section.type == 7 {
        for value: UInt64 in [4, 0, 1] { put(value, 4, into: &body) }
        body += Array("abc".utf8) + [0]
      } else if section.type != 8 {
        body += [UInt8](repeating: 0, count: 16)
      }
      header(
        String(decoding: section.name, as: UTF8.self), section.type, section.flags, at: start,
        size: 16, alignment: section.alignment, entry: section.flags & 0x10 != 0 ? 1 : 0)
    }
    pad(&body, to: 8)
    let symbols = body.count
    body += [UInt8](repeating: 0, count: 24)
    if hasEntry {
      put(1, 4, into: &body)
      body += [0x12, 0]
      put(1, 2, into: &body)
      put(0, 16, into: &body)
    }
    let last = sections.count + 1
    header(
      ".symtab", 2, 0, at: symbols, size: body.count - symbols, link: last + 1, info: 1,
      alignment: 8, entry: 24)
    let strings = body.count
    body += [0] + (hasEntry ? Array("_start".utf8) + [0] : [])
    header(".strtab", 3, 0, at: strings, size: body.count - strings)
    let start = body.count
    header(".shstrtab", 3, 0, at: start, size: names.count + 10)
    body += names
    pad(&body, to: 8)
    let table = body.count
    var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (value, count): (UInt64, Int) in [
      (1, 2), (62, 2), (1, 4), (0, 8), (0, 8), (UInt64(table), 8), (0, 4), (64, 2), (0, 2), (0, 2),
      (64, 2),
      (UInt64(last + 3), 2), (UInt64(last + 2), 2),
    ] {
      put(value, count, into: &file)
    }
    return file + body[64...] + headers
  }

  /// The names of the section headers of a file behind the first; nil if it was not written to the end.
  public static func sectionNames(_ path: String) throws -> [String]? {
    guard let data = FileManager.default.contents(atPath: path), data.count >= 64 else {
      return nil
    }
    let bytes = [UInt8](data)
    func number(_ at: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
    let (table, count, index) = (number(0x28, 8), number(0x3C, 2), number(0x3E, 2))
    guard index < count, table > 0, table + 64 * count <= bytes.count else { return nil }
    let strings = number(table + 64 * index + 24, 8)
    return (1..<count).map { row in
      let start = strings + number(table + 64 * row, 4)
      return String(decoding: bytes[start...].prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
