// JSON as a stream: keys in the order written, nothing held in memory, two blanks a level.
//
//     json.object {
//       json.member("file", bytes)
//       json.array("symbols", symbols) { symbol in json.row { json.member("name", symbol.name) } }
//     }

import LdsParser

/// Writes one JSON document to an output.
///
/// Strings may be any bytes: what is not UTF-8 becomes U+FFFD, so that every reader accepts the document.
final class JSONWriter {
  private let output: Output
  /// For each open object or array: whether something was written in it.
  private var isFilled: [Bool] = []
  /// Depth from which everything stands on one line, nil outside a row.
  private var rowDepth: Int?
  private var isAfterKey = false

  init(_ output: Output) {
    self.output = output
  }

  // MARK: Containers

  /// The document itself, or an element of an array: an object.
  func object(_ body: () throws -> Void) rethrows {
    try container("{", "}", body)
  }

  /// An object on one line, for the elements of long arrays.
  func row(_ body: () throws -> Void) rethrows {
    beginValue()
    let outer = rowDepth
    rowDepth = outer ?? isFilled.count
    isAfterKey = true
    try container("{", "}", body)
    rowDepth = outer
  }

  /// A member that is an object.
  func object(_ key: String, _ body: () throws -> Void) rethrows {
    self.key(key)
    try container("{", "}", body)
  }

  /// A member that is an object on one line.
  func row(_ key: String, _ body: () throws -> Void) rethrows {
    self.key(key)
    try row(body)
  }

  /// A member that is an array with one element for each of `items`.
  func array<Items: Sequence>(
    _ key: String, _ items: Items, _ element: (Items.Element) throws -> Void
  ) rethrows {
    self.key(key)
    try array(items, element)
  }

  /// An array with one element for each of `items`.
  func array<Items: Sequence>(
    _ items: Items, _ element: (Items.Element) throws -> Void
  ) rethrows {
    try container("[", "]") {
      for item in items { try element(item) }
    }
  }

  /// An array whose elements `body` writes.
  func array(_ body: () throws -> Void) rethrows {
    try container("[", "]", body)
  }

  /// Ends the document with a line feed.
  func end() {
    output.write("\n")
  }

  // MARK: Members

  func member(_ key: String, _ value: String?) {
    self.key(key)
    if let value { string(value.utf8) } else { null() }
  }

  func member(_ key: String, _ bytes: [UInt8]?) {
    self.key(key)
    if let bytes { string(bytes) } else { null() }
  }

  func member(_ key: String, _ value: Int?) {
    self.key(key)
    if let value { integer(value) } else { null() }
  }

  func member(_ key: String, _ value: Bool?) {
    self.key(key)
    if let value { bare(value ? "true" : "false") } else { null() }
  }

  /// A number in tenths, such as a percentage: `101.9`.
  func member(_ key: String, tenths value: Int?) {
    self.key(key)
    guard let value else { return null() }
    bare("\(value < 0 ? "-" : "")\(value.magnitude / 10).\(value.magnitude % 10)")
  }

  /// An address, size or other 64-bit number as `"0x…"`: JSON numbers of many readers have 53 bits.
  func member(_ key: String, hex value: UInt64?) {
    self.key(key)
    if let value { string(("0x" + String(value, radix: 16)).utf8) } else { null() }
  }

  /// The member that says which program wrote the document.
  func tool() {
    row("tool") {
      member("name", Version.name)
      member("version", Version.number)
    }
  }

  // MARK: Values

  func string(_ bytes: some Collection<UInt8>) {
    beginValue()
    output.write(Self.quoted(bytes))
  }

  func string(_ text: String) {
    string(text.utf8)
  }

  func integer(_ value: Int) {
    bare(String(value))
  }

  func null() {
    bare("null")
  }

  // MARK: Layout

  /// The key of a member whose value is written next.
  func key(_ name: String) {
    beginValue()
    output.write(Self.quoted(name.utf8))
    output.write(": ")
    isAfterKey = true
  }

  private func bare(_ text: String) {
    beginValue()
    output.write(text)
  }

  /// The comma and the new line before a value or key, unless it follows its key.
  private func beginValue() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    guard let filled = isFilled.last else { return }
    if filled { output.write(",") }
    if filled || rowDepth == nil { breakLine() }
    isFilled[isFilled.count - 1] = true
  }

  private func container(_ open: String, _ close: String, _ body: () throws -> Void) rethrows {
    beginValue()
    output.write(open)
    isFilled.append(false)
    try body()
    let filled = isFilled.removeLast()
    if filled && rowDepth == nil { breakLine() }
    output.write(close)
  }

  private func breakLine() {
    if rowDepth != nil {
      output.write(" ")
      return
    }
    output.write("\n")
    output.write(repeatElement(0x20, count: 2 * isFilled.count))
  }

  // MARK: Strings

  /// `bytes` as a JSON string (RFC 8259, section 7), quotes included.
  private static func quoted(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    result.reserveCapacity(bytes.count + 2)
    if bytes.allSatisfy({ $0 < 0x80 }) {
      for byte in bytes { append(byte, to: &result) }
    } else {
      // Decoding repairs what is not UTF-8.
      for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
        if !scalar.isASCII && DisplayText.misleads(scalar) {
          for unit in String(scalar).utf16 { appendEscaped(unit, to: &result) }
        } else {
          for byte in String(scalar).utf8 { append(byte, to: &result) }
        }
      }
    }
    result.append(UInt8(ascii: "\""))
    return result
  }

  private static func append(_ byte: UInt8, to result: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): result += #"\""#.utf8
    case UInt8(ascii: "\\"): result += #"\\"#.utf8
    case 0x0A: result += #"\n"#.utf8
    case 0x09: result += #"\t"#.utf8
    case 0..<0x20, 0x7F: appendEscaped(UInt16(byte), to: &result)
    // Runners of CI jobs obey `##[` and `##vso[` wherever they stand.
    case UInt8(ascii: "[") where endsInCommandMark(result): appendEscaped(UInt16(byte), to: &result)
    default: result.append(byte)
    }
  }

  private static func endsInCommandMark(_ bytes: [UInt8]) -> Bool {
    bytes.suffix(2).elementsEqual("##".utf8) || bytes.suffix(5).elementsEqual("##vso".utf8)
  }

  /// `\u001b`: the same string for a reader, and nothing to obey for a terminal that shows the document.
  private static func appendEscaped(_ unit: UInt16, to result: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    result += #"\u"#.utf8
    result += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
    result += digits.utf8
  }
}

// Findings as JSON, the same for every command.
//
//     {"rule":"superpage-boundary","severity":"error","message":"…","file":"…","line":1,"column":1,"notes":[…]}
extension JSONWriter {
  /// A finding as an object; paths are shown relative to `root`.
  func finding(_ finding: ReportFinding, _ root: RepositoryRoot) {
    object {
      member("rule", finding.rule)
      member("severity", finding.severity.rawValue)
      member("message", finding.message)
      place(finding.place, root)
      array("notes", finding.notes) { note in
        row {
          member("message", note.message)
          place(note.place, root)
        }
      }
      if !finding.help.isEmpty { array("help", finding.help) { string($0) } }
    }
  }

  /// `file`, `line` and `column`, and where the text ends; null where there is none.
  func place(_ place: ReportPlace?, _ root: RepositoryRoot, hasColumn: Bool = true) {
    member("file", place.map { root.shown($0.path).bytes })
    member("line", place?.line)
    guard hasColumn else { return }
    member("column", place?.column)
    member("endLine", place?.endLine)
    member("endColumn", place?.endColumn)
  }
}
