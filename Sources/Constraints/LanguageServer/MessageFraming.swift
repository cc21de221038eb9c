// Messages on a stream (LSP 3.17, "Base Protocol"):
//
//     Content-Length: 52\r\n
//     \r\n
//     {"jsonrpc":"2.0","id":1,"method":"shutdown"}

/// Cuts a stream of bytes into messages.
public struct MessageFraming: Sendable {
  /// Why the stream cannot be read any further.
  public enum Fault: Error, Sendable, Equatable {
    /// A header without an end, or a line of it that is no `Name: value`.
    case badHeader
    /// No length, or one that is no number.
    case badLength
    /// More bytes than ``longestMessage``.
    case tooLong

    /// The sentence: lower case, no full stop.
    public var message: String {
      switch self {
      case .badHeader: "the header of a message cannot be read"
      case .badLength: "the header of a message has no Content-Length that is a number"
      case .tooLong: "a message is longer than \(MessageFraming.longestMessage) bytes, the limit"
      }
    }
  }

  /// Bytes of one message; a script of this size would not be one.
  public static let longestMessage = 64 << 20
  private static let longestHeader = 4 << 10

  private var bytes: [UInt8] = []
  private var start = 0
  private var fault: Fault?

  /// A stream at its start.
  public init() {}

  /// Takes more of the stream.
  public mutating func append(_ more: some Sequence<UInt8>) {
    if fault != nil { return }
    if start > 1 << 16, start * 2 > bytes.count {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The body of the next message; nil until all of it is there.
  ///
  /// - Throws: what cannot be read; nothing behind it can be either.
  public mutating func next() throws(Fault) -> [UInt8]? {
    if let fault { throw fault }
    do {
      guard let header = try header() else { return nil }
      guard bytes.count - header.end >= header.length else { return nil }
      let body = Array(bytes[header.end..<(header.end + header.length)])
      start = header.end + header.length
      return body
    } catch {
      fault = error
      bytes = []
      throw error
    }
  }

  private func header() throws(Fault) -> (end: Int, length: Int)? {
    var length: Int?
    var line = start
    while true {
      guard let end = bytes[line...].firstIndex(of: 0x0A) else {
        if bytes.count - start > Self.longestHeader { throw .badHeader }
        return nil
      }
      if end - start > Self.longestHeader { throw .badHeader }
      var text = bytes[line..<end]
      if text.last == 0x0D { text.removeLast() }
      line = end + 1
      if text.isEmpty {
        guard let length else { throw .badLength }
        return (line, length)
      }
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { throw .badHeader }
      let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
      if name == "content-length" { length = try Self.length(text[(colon + 1)...]) }
    }
  }

  private static func length(_ text: ArraySlice<UInt8>) throws(Fault) -> Int {
    let digits = text.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .badLength
    }
    guard digits.count < 18, let length = Int(String(decoding: digits, as: UTF8.self)),
      length <= longestMessage
    else { throw .tooLong }
    return length
  }

  /// A message with its header.
  public static func framed(_ message: JSONValue) -> [UInt8] {
    let body = message.bytes
    return Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
  }
}
