// Bytes and words that decide how a script is cut.

extension LayoutScanner {
  func starts(_ text: [UInt8], _ offset: Int) -> Bool {
    guard offset + text.count <= bytes.count else { return false }
    for index in text.indices where bytes[offset + index] != text[index] { return false }
    return true
  }

  func find(_ text: [UInt8], from start: Int) -> Int? {
    var offset = start
    while offset < bytes.count {
      if starts(text, offset) { return offset }
      offset += 1
    }
    return nil
  }

  func fault(_ message: String, _ start: Int, _ end: Int) -> LayoutFault {
    LayoutFault(
      diagnostic: Diagnostic(
        id: .unbalanced, severity: .error, message: message,
        span: SourceSpan(
          source: source, start: UInt32(truncatingIfNeeded: start),
          end: UInt32(truncatingIfNeeded: end))))
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  static func endsWord(_ byte: UInt8) -> Bool {
    isBlank(byte) || "(){};\"#".utf8.contains(byte)
  }

  static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x24: true
    default: false
    }
  }

  /// Whether the byte ends a name in an expression. A slash does not: GNU ld reads `a/b` as one name.
  static func isOperator(_ byte: UInt8) -> Bool { "+-*%<>=!&|^?:,".utf8.contains(byte) }

  // MARK: - Words

  static let opening = Array("/*".utf8)
  static let closing = Array("*/".utf8)
  static let slashes = Array("//".utf8)
  static let signs: [[UInt8]] = [
    "<<=", ">>=", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "+=", "-=", "*=", "/=", "&=",
    "|=",
    "^=", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "?", ":",
  ].map { Array($0.utf8) }
  static let assignmentSigns: [[UInt8]] = [
    "=", "+=", "-=", "*=", "/=", "<<=", ">>=", "&=", "|=", "^=",
  ].map { Array($0.utf8) }
  static let effects: [String: LayoutToken.Directive] = [
    "if": .opensBranches, "ifdef": .opensBranches, "ifndef": .opensBranches, "else": .nextBranch,
    "elif": .nextBranch, "elifdef": .nextBranch, "elifndef": .nextBranch, "endif": .endsBranches,
  ]
  /// Whose parentheses hold expressions.
  static let calculating: Set<String> = [
    "ASSERT", "ALIGN", "ABSOLUTE", "MAX", "MIN", "LOG2CEIL", "NEXT", "BLOCK", "SUBALIGN", "AT",
    "FILL", "BYTE",
    "SHORT", "LONG", "QUAD", "SQUAD", "DATA_SEGMENT_ALIGN", "DATA_SEGMENT_RELRO_END",
    "DATA_SEGMENT_END",
    "SEGMENT_START",
  ]
  static let assigning: Set<String> = ["PROVIDE", "HIDDEN", "PROVIDE_HIDDEN"]
}
