// Reads JSON (RFC 8259) into flat nodes, without recursion. The first fault of grammar ends the reading;
// faults that leave the structure clear (a duplicate key, a bad escape) are collected.

/// Parser of JSON texts.
public struct JSONParser {
  /// Thrown after the diagnostic is recorded.
  struct Stop: Error {}

  private struct Container {
    let node: Int
    let isObject: Bool
    var isEmpty = true
    /// Keys met so far, with the place of the first of each.
    var keys: [[UInt8]: SourceSpan] = [:]
  }

  let buffer: SourceBuffer
  let source: SourceID
  let reader: ByteReader
  var position = 0
  var nodes: [JSONDocument.Node] = []
  var diagnostics: [Diagnostic] = []
  private var open: [Container] = []

  private init(_ buffer: SourceBuffer, _ source: SourceID) {
    self.buffer = buffer
    self.source = source
    reader = buffer.reader
  }

  /// Reads the source `source` of `sources`.
  ///
  /// - Returns: the document, nil if the text is not JSON; and what is wrong with it. A document with
  ///   errors (a duplicate key, a bad escape) is complete: the last member called so counts least, the
  ///   first one is found.
  public static func parse(
    _ source: SourceID, in sources: SourceSet
  ) -> (document: JSONDocument?, diagnostics: [Diagnostic]) {
    let buffer = sources.buffer(source)
    var parser = JSONParser(buffer, source)
    do {
      try parser.readDocument()
    } catch {
      return (nil, parser.diagnostics)
    }
    let document = JSONDocument(buffer: buffer, source: source, nodes: parser.nodes)
    return (document, parser.diagnostics)
  }

  // MARK: Structure

  private mutating func readDocument() throws(Stop) {
    // RFC 8259 8.1: a reader may skip a byte order mark.
    if reader.count >= 3, reader[0] == 0xEF, reader[1] == 0xBB, reader[2] == 0xBF { position = 3 }
    try readValue()
    while !open.isEmpty { try continueContainer() }
    skipBlanks()
    if position < reader.count {
      throw fail("found \(found()), expected the end of the file after the value")
    }
  }

  /// Reads a scalar, or opens an array or object.
  private mutating func readValue() throws(Stop) {
    skipBlanks()
    guard position < reader.count else { throw fail("found the end of the file, expected a value") }
    switch reader[position] {
    case UInt8(ascii: "{"): try openContainer(.object)
    case UInt8(ascii: "["): try openContainer(.array)
    case UInt8(ascii: "\""): try readString()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
    default: try readWord()
    }
  }

  private mutating func openContainer(_ kind: JSONKind) throws(Stop) {
    guard open.count < Limit.nesting else {
      throw fail("nested deeper than the limit of \(Limit.nesting)", id: "nesting-limit")
    }
    open.append(Container(node: nodes.count, isObject: kind == .object))
    append(kind, from: position, to: position + 1)
    position += 1
  }

  /// Reads the next element or member of the innermost container, or its end.
  private mutating func continueContainer() throws(Stop) {
    let container = open[open.count - 1]
    let close = UInt8(ascii: container.isObject ? "}" : "]")
    skipBlanks()
    if position < reader.count, reader[position] == close { return closeContainer() }
    if !container.isEmpty {
      try expect(",", "',' or '\(Character(Unicode.Scalar(close)))'")
      skipBlanks()
      if position < reader.count, reader[position] == close {
        throw fail("found \(found()) after a comma, expected another \(element(container))")
      }
    }
    open[open.count - 1].isEmpty = false
    if container.isObject { try readKey() }
    try readValue()
  }

  private func element(_ container: Container) -> String {
    container.isObject ? "member" : "element"
  }

  private mutating func closeContainer() {
    position += 1
    guard let container = open.popLast() else { return }
    nodes[container.node].end = UInt32(truncatingIfNeeded: position)
    nodes[container.node].next = UInt32(truncatingIfNeeded: nodes.count)
  }

  /// `"key":`
  private mutating func readKey() throws(Stop) {
    guard position < reader.count, reader[position] == UInt8(ascii: "\"") else {
      throw fail("found \(found()), expected a key in double quotes or '}'")
    }
    let start = position
    try readString()
    let place = span(start, position)
    let document = JSONDocument(buffer: buffer, source: source, nodes: [nodes[nodes.count - 1]])
    let key = document.bytes(document.root)
    if let first = open[open.count - 1].keys[key] {
      let name = String(decoding: key, as: UTF8.self)
      record(
        "duplicate-key", "the key '\(name)' is already there", at: place,
        notes: [.init("here", at: first)])
    } else {
      open[open.count - 1].keys[key] = place
    }
    skipBlanks()
    try expect(":", "':' after the key")
  }

  private mutating func expect(_ byte: Unicode.Scalar, _ wanted: String) throws(Stop) {
    guard position < reader.count, reader[position] == UInt8(ascii: byte) else {
      throw fail("found \(found()), expected \(wanted)")
    }
    position += 1
  }

  mutating func append(_ kind: JSONKind, from start: Int, to end: Int) {
    nodes.append(
      JSONDocument.Node(
        kind: kind, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
        next: UInt32(truncatingIfNeeded: nodes.count + 1)))
  }

  private mutating func skipBlanks() {
    while position < reader.count {
      switch reader[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }
}
