// Tells a script that still has to be preprocessed from one that has been.
//
//     #include <asm/page.h>      a directive: preprocess
//     # 12 "arch/x86/xen.lds.S"  a line marker: somebody did
//     # include the heap here    a comment, as GNU ld reads it

import LdsParser

enum DirectiveScanner {
  private static let words: Set<String> = [
    "include", "include_next", "define", "undef", "if", "ifdef", "ifndef", "error", "pragma",
  ]

  /// Whether some line of `buffer` is a directive.
  static func hasDirective(_ buffer: SourceBuffer) -> Bool {
    let bytes = buffer.bytes(in: 0..<buffer.count)
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      if isDirective(bytes[start..<end]) { return true }
      start = end + 1
    }
    return false
  }

  /// The text with blanks in place of its comments.
  static func blankingComments(_ buffer: SourceBuffer) -> SourceBuffer {
    var bytes = Array(buffer.bytes(in: 0..<buffer.count))
    var isQuoted = false
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted, bytes[at...].starts(with: "/*".utf8) else {
        at += 1
        continue
      }
      let end = bytes.indices.dropFirst(at + 2).first { bytes[$0...].starts(with: "*/".utf8) }
      let next = end.map { $0 + 2 } ?? bytes.count
      for index in at..<next where bytes[index] != 0x0A { bytes[index] = 0x20 }
      at = next
    }
    return SourceBuffer(path: buffer.path, bytes: bytes)
  }

  private static func isDirective(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop(while: isBlank)
    guard text.first == UInt8(ascii: "#") else { return false }
    let rest = text.dropFirst().drop(while: isBlank)
    let word = rest.prefix { $0 >= 0x61 && $0 <= 0x7A || $0 == UInt8(ascii: "_") }
    guard words.contains(String(decoding: word, as: UTF8.self)) else { return false }
    let operand = rest.dropFirst(word.count)
    // Prose may start with the same words: `# if this moves, ...`. Only `#word` is taken for code then.
    return text.dropFirst().first.map { !isBlank($0) } == true || looksLikeOperand(operand)
  }

  /// Whether what follows a word after `# ` can be the operand of a directive.
  private static func looksLikeOperand(_ operand: ArraySlice<UInt8>) -> Bool {
    let words = operand.split(whereSeparator: isBlank)
    if words.isEmpty { return false }
    return words.count == 1 || "\"<(!".utf8.contains(words[0][words[0].startIndex])
      || words[0].starts(with: "defined".utf8)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}
