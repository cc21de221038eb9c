// JSON values that are made and taken apart in memory: the messages of an editor.

internal import LdsParser

/// A JSON value. Members of an object keep their order.
public enum JSONValue: Sendable, Hashable {
  /// One member of an object.
  public struct Member: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue
  }

  case null
  case boolean(Bool)
  case integer(Int)
  /// A number with a fraction or an exponent, as it was written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// An object of these members; those without a value are left out.
  public static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
  }

  /// The first member of an object called `key`.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The elements of an array; of anything else none.
  public var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of an integer.
  public var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The value of `true` or `false`.
  public var boolean: Bool? {
    if case .boolean(let value) = self { value } else { nil }
  }

  // MARK: - Reading

  /// The value that `bytes` spell; nil if they are no JSON, or nested deeper than ``Limit/nesting``.
  public init?(_ bytes: [UInt8]) {
    var sources = SourceSet()
    let source = sources.add(SourceBuffer(path: FilePath("<message>"), bytes: bytes))
    guard let document = JSONParser.parse(source, in: sources).document else { return nil }
    self.init(document, document.root)
  }

  /// The depth is bounded by the parser.
  private init(_ document: JSONDocument, _ id: JSONNodeID) {
    switch document.kind(id) {
    case .null: self = .null
    case .boolean: self = .boolean(document.boolean(id) ?? false)
    case .number:
      self = document.integer(id).map { .integer($0) } ?? .number(document.string(id))
    case .string: self = .string(document.string(id))
    case .array: self = .array(document.elements(id).map { JSONValue(document, $0) })
    case .object:
      self = .object(
        document.members(id).map {
          Member(key: document.string($0.key), value: JSONValue(document, $0.value))
        })
    }
  }

  // MARK: - Writing

  /// The value as text without blanks.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    write(to: &result)
    return result
  }

  private func write(to result: inout [UInt8]) {
    switch self {
    case .null: result += Array("null".utf8)
    case .boolean(let value): result += Array((value ? "true" : "false").utf8)
    case .integer(let value): result += Array(String(value).utf8)
    case .number(let text): result += Array(text.utf8)
    case .string(let text): Self.write(text, to: &result)
    case .array(let elements):
      result.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        element.write(to: &result)
      }
      result.append(UInt8(ascii: "]"))
    case .object(let members):
      result.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        Self.write(member.key, to: &result)
        result.append(UInt8(ascii: ":"))
        member.value.write(to: &result)
      }
      result.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to result: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    result.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 0x0A: result += Array("\\n".utf8)
      case 0x00..<0x20, 0x7F:
        result += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: result.append(byte)
      }
    }
    result.append(UInt8(ascii: "\""))
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
