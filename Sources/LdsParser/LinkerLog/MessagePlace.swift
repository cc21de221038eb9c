// The places in front of a message: `xen.lds:12: `, `boot.o:(.text+0x14): `, `a.o:/src/a.c:7: `,
// `/src/a.c:7:(.text+0xa): `, of gold `boot.o(.text+0x14): `, and as GNU ld has it for some messages, `xen.lds:12 `.

/// What stands in front of a message's text.
struct MessagePlace {
  private(set) var file: [UInt8]?
  private(set) var line: Int?
  private(set) var object: [UInt8]?
  private(set) var section: [UInt8]?
  /// The function that lld names beside the section.
  private(set) var function: [UInt8]?
  /// What follows.
  private(set) var rest: ArraySlice<UInt8>

  /// Nil if `text` does not begin with a place.
  init?(_ text: ArraySlice<UInt8>) {
    rest = text
    if takeSection() || takeObjectWithSection() { return }
    guard let name = takeName() else { return nil }
    let behind = rest
    if takeSection() {
      object = name
      return
    }
    rest = behind
    if takeLine() {
      file = name
      return
    }
    rest = behind
    guard let source = takeName(), takeLine() else { return nil }
    object = name
    file = source
  }

  /// Whether it names a section of an object, which no message but one about a relocation or a symbol does.
  var hasSection: Bool { section != nil }

  /// A file's name up to its colon, the colon of `C:\` excepted.
  private mutating func takeName() -> [UInt8]? {
    let start = LogPiece.isDrivePath(rest) ? rest.startIndex + 2 : rest.startIndex
    guard let colon = rest[start...].firstIndex(of: UInt8(ascii: ":")), colon > rest.startIndex
    else { return nil }
    let name = rest[..<colon]
    let isName =
      LogPiece.isPath(name) || !name.contains { LogPiece.isBlank($0) || $0 == UInt8(ascii: "`") }
    guard isName else { return nil }
    rest = rest[(colon + 1)...]
    return Array(name)
  }

  /// `boot.o(.text+0x14): ` or `libc.a(memcpy.o)(.text+0x14): `.
  private mutating func takeObjectWithSection() -> Bool {
    let start = rest
    guard let end = LogPiece.find(Array("): ".utf8), in: rest),
      let open = rest[..<end].lastIndex(of: UInt8(ascii: "(")), open > rest.startIndex,
      !rest[..<open].contains(where: LogPiece.isBlank), !rest[..<open].contains(UInt8(ascii: ":"))
    else { return false }
    rest = rest[open...]
    guard takeSection() else {
      rest = start
      return false
    }
    object = Array(start[..<open])
    return true
  }

  /// `12: `, `12:34: `, `12 ` or `12:(.text+0x4): `.
  private mutating func takeLine() -> Bool {
    guard let number = LogPiece.takeNumber(&rest) else { return false }
    line = number
    if LogPiece.take(" ", &rest) { return true }
    guard LogPiece.take(":", &rest) else { return false }
    var behind = rest
    if LogPiece.takeNumber(&behind) != nil, LogPiece.take(":", &behind) { rest = behind }
    return LogPiece.take(" ", &rest) || takeSection()
  }

  /// `(.text+0x4): ` or `(function main: .text+0x4): `.
  private mutating func takeSection() -> Bool {
    var inner = rest
    guard LogPiece.take("(", &inner), let end = LogPiece.find(Array("): ".utf8), in: inner) else {
      return false
    }
    var place = inner[..<end]
    if LogPiece.take("function ", &place), let colon = place.lastIndex(of: UInt8(ascii: ":")) {
      function = Array(place[..<colon])
      place = place[(colon + 1)...].drop { $0 == 0x20 }
    }
    guard let plus = LogPiece.find(Array("+0x".utf8), in: place), plus > place.startIndex,
      place[(plus + 3)...].allSatisfy(LogPiece.isHexDigit)
    else { return false }
    section = Array(place)
    rest = inner[(end + 3)...]
    return true
  }
}
