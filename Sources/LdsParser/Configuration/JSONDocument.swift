// A JSON text (RFC 8259) as flat nodes over its bytes. Every value has a span; nothing is decoded until asked.
//
//     {"rules": {"load-address": "off"}}
//     object, string "rules", object, string "load-address", string "off"

/// What a JSON value is.
public enum JSONKind: String, Sendable {
  case null
  case boolean
  case number
  case string
  case array
  case object

  /// With its article, for messages: `an array`.
  public var described: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One value of a ``JSONDocument``.
public struct JSONNodeID: Hashable, Sendable {
  let index: UInt32
}

/// A JSON text that follows the grammar.
///
/// Values are nodes in order of their text, so a document of any depth is one array.
public struct JSONDocument: Sendable {
  struct Node {
    var kind: JSONKind
    var start: UInt32
    var end: UInt32
    /// Index after the last node inside this one.
    var next: UInt32
  }

  /// The bytes that the nodes are offsets into.
  public let buffer: SourceBuffer
  /// The source of every span.
  public let source: SourceID
  let nodes: [Node]

  init(buffer: SourceBuffer, source: SourceID, nodes: [Node]) {
    self.buffer = buffer
    self.source = source
    self.nodes = nodes
  }

  /// The outermost value.
  public var root: JSONNodeID { JSONNodeID(index: 0) }

  /// What a value is.
  public func kind(_ id: JSONNodeID) -> JSONKind { nodes[Int(id.index)].kind }

  /// The text of a value, quotes and brackets included.
  public func span(_ id: JSONNodeID) -> SourceSpan {
    let node = nodes[Int(id.index)]
    return SourceSpan(source: source, start: node.start, end: node.end)
  }

  /// The elements of an array in order; of any other value none.
  public func elements(_ id: JSONNodeID) -> [JSONNodeID] {
    kind(id) == .array ? children(id) : []
  }

  /// The members of an object in order; of any other value none.
  public func members(_ id: JSONNodeID) -> [(key: JSONNodeID, value: JSONNodeID)] {
    guard kind(id) == .object else { return [] }
    let all = children(id)
    return stride(from: 0, to: all.count - 1, by: 2).map { (all[$0], all[$0 + 1]) }
  }

  /// The value of the first member called `name` of an object.
  public func member(_ name: String, of id: JSONNodeID) -> JSONNodeID? {
    members(id).first { bytes($0.key).elementsEqual(name.utf8) }?.value
  }

  /// The value of `true` or `false`.
  public func boolean(_ id: JSONNodeID) -> Bool? {
    let node = nodes[Int(id.index)]
    return node.kind == .boolean ? buffer.byte(at: Int(node.start)) == UInt8(ascii: "t") : nil
  }

  /// The value of a number without fraction or exponent that fits.
  public func integer(_ id: JSONNodeID) -> Int? {
    let node = nodes[Int(id.index)]
    guard node.kind == .number else { return nil }
    return Int(buffer.text(in: Int(node.start)..<Int(node.end)))
  }

  /// The content of a string, escapes resolved; of any other value its text.
  public func string(_ id: JSONNodeID) -> String {
    String(decoding: bytes(id), as: UTF8.self)
  }

  /// The UTF-8 bytes of a string's content, escapes resolved; of any other value the bytes of its text.
  public func bytes(_ id: JSONNodeID) -> [UInt8] {
    var result: [UInt8] = []
    decode(id) { bytes, _ in result += bytes }
    return result
  }

  /// Hands out the content of a string piece by piece, each with the offset and length of its spelling:
  /// a byte, or a whole escape.
  func decode(_ id: JSONNodeID, _ piece: ([UInt8], Range<Int>) -> Void) {
    let node = nodes[Int(id.index)]
    let quotes = node.kind == .string ? 1 : 0
    var position = Int(node.start) + quotes
    let end = Int(node.end) - quotes
    while position < end {
      let byte = buffer.reader[position]
      guard byte == UInt8(ascii: "\\"), node.kind == .string else {
        piece([byte], position..<(position + 1))
        position += 1
        continue
      }
      let (scalar, length) = JSONEscape.read(buffer.reader, at: position, to: end)
      piece(Array(String(scalar ?? "\u{FFFD}").utf8), position..<(position + length))
      position += length
    }
  }

  private func children(_ id: JSONNodeID) -> [JSONNodeID] {
    var result: [JSONNodeID] = []
    var index = id.index + 1
    let end = nodes[Int(id.index)].next
    while index < end {
      result.append(JSONNodeID(index: index))
      index = nodes[Int(index)].next
    }
    return result
  }
}

/// Escapes in JSON strings (RFC 8259, section 7).
enum JSONEscape {
  /// The scalar that the escape at `position` stands for and the length of its spelling. Nil for an
  /// escape that means nothing: an unknown letter, bad digits, half of a surrogate pair.
  static func read(_ reader: ByteReader, at position: Int, to end: Int) -> (Unicode.Scalar?, Int) {
    guard position + 1 < end else { return (nil, max(1, end - position)) }
    switch reader[position + 1] {
    case UInt8(ascii: "\""): return ("\"", 2)
    case UInt8(ascii: "\\"): return ("\\", 2)
    case UInt8(ascii: "/"): return ("/", 2)
    case UInt8(ascii: "b"): return ("\u{08}", 2)
    case UInt8(ascii: "f"): return ("\u{0C}", 2)
    case UInt8(ascii: "n"): return ("\n", 2)
    case UInt8(ascii: "r"): return ("\r", 2)
    case UInt8(ascii: "t"): return ("\t", 2)
    case UInt8(ascii: "u"): return unicode(reader, at: position, to: end)
    default: return (nil, 2)
    }
  }

  private static func unicode(
    _ reader: ByteReader, at position: Int, to end: Int
  ) -> (Unicode.Scalar?, Int) {
    guard let first = codeUnit(reader, at: position, to: end) else { return (nil, 2) }
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    guard first < 0xDC00, let second = codeUnit(reader, at: position + 6, to: end),
      (0xDC00..<0xE000).contains(second)
    else { return (nil, 6) }
    return (Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)), 12)
  }

  /// The number of `\uXXXX` at `position`.
  private static func codeUnit(_ reader: ByteReader, at position: Int, to end: Int) -> UInt32? {
    guard position + 6 <= end, reader[position] == UInt8(ascii: "\\"),
      reader[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt32 = 0
    for offset in 2..<6 {
      guard let digit = Character(Unicode.Scalar(reader[position + offset])).hexDigitValue else {
        return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
