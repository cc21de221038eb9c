// Whether a text is a linker script, without parsing it: what stands first must be able to stand first
// in one (`ENTRY(start)`, `SECTIONS {`, `jiffies = jiffies_64;`), comments and `#` lines aside; or an `#include` of one.

struct ScriptRecognizer {
  let reader: ByteReader

  /// Commands that no other kind of text begins with.
  private static let commands: Set<String> = [
    "SECTIONS", "MEMORY", "PHDRS", "ENTRY", "OUTPUT_FORMAT", "OUTPUT_ARCH", "OUTPUT", "INPUT",
    "GROUP",
    "PROVIDE", "PROVIDE_HIDDEN", "HIDDEN", "ASSERT", "EXTERN", "VERSION", "STARTUP", "TARGET",
    "SEARCH_DIR", "REGION_ALIAS", "NOCROSSREFS", "NOCROSSREFS_TO", "LD_FEATURE", "INSERT",
    "FORCE_COMMON_ALLOCATION", "INHIBIT_COMMON_ALLOCATION", "FORCE_GROUP_ALLOCATION", "AS_NEEDED",
  ]
  /// Commands that prove a script wherever they stand, so that a leading macro call does not hide one.
  private static let proofs: [StaticString] = [
    "SECTIONS", "OUTPUT_FORMAT", "OUTPUT_ARCH", "PHDRS", "MEMORY",
  ]
  /// How far to look for a proof behind a macro call.
  private static let proofDistance = 1 << 20

  func judge(from start: Int) -> FileFormat {
    let position = skipComments(start)
    if position == reader.count {
      return includesScript(from: start)
        ? .script : .unknown(reason: "nothing but comments or directives")
    }
    let wordEnd = endOfWord(position)
    let word = String(decoding: reader.copy(position, wordEnd), as: UTF8.self)
    let next = skipComments(wordEnd)
    let follower = next < reader.count ? reader[next] : 0
    let opens = follower == UInt8(ascii: "(") || follower == UInt8(ascii: "{")
    if Self.commands.contains(word), opens || word.hasSuffix("ALLOCATION") { return .script }
    if word == "INCLUDE", wordEnd < reader.count, FormatRecognizer.isSpace(reader[wordEnd]) {
      return .script
    }
    if wordEnd > position, isAssignment(next) { return .script }
    if wordEnd > position, opens || follower == UInt8(ascii: ";"), hasProof(from: wordEnd) {
      return .script
    }
    return .unknown(
      reason: "not a linker script, a map, a symbol list or an image; "
        + "`--script` or `--symbols` says outright what it is; what a linker printed goes to `explain --log`"
    )
  }

  /// Skips blanks, comments and lines that start with `#`.
  private func skipComments(_ start: Int) -> Int {
    var position = start
    while position < reader.count {
      if FormatRecognizer.isSpace(reader[position]) {
        position += 1
      } else if reader.hasPrefix("/*", at: position, end: reader.count) {
        guard let end = reader.firstRange(of: "*/", from: position + 2, to: reader.count) else {
          return reader.count
        }
        position = end + 2
      } else if reader.hasPrefix("//", at: position, end: reader.count) {
        position = reader.lineEnd(position)
      } else if reader[position] == UInt8(ascii: "#") {
        position = endOfDirective(position)
      } else {
        return position
      }
    }
    return position
  }

  /// Whether a text without anything else includes a script: `#include "../vdso/vdso.lds.S"`.
  private func includesScript(from start: Int) -> Bool {
    var position = start
    while let hash = reader.firstIndex(of: UInt8(ascii: "#"), from: position, to: reader.count) {
      let end = endOfDirective(hash)
      let word = reader.skipBlanks(hash + 1, end)
      position = end
      guard reader.hasPrefix("include", at: word, end: end) else { continue }
      for suffix in Self.scriptSuffixes
      where reader.firstRange(of: suffix, from: word, to: end) != nil {
        return true
      }
    }
    return false
  }

  /// How names of scripts end inside the quotes of an `#include`.
  private static let scriptSuffixes: [StaticString] = [
    ".lds.S\"", ".lds\"", ".ld.S\"", ".ld\"", ".lds.S>", ".lds>", ".ld.S>", ".ld>", ".lds.h\"",
    ".lds.h>",
  ]

  /// End of a `#` line, continuation lines included.
  private func endOfDirective(_ start: Int) -> Int {
    var end = reader.lineEnd(start)
    while end < reader.count, end > start,
      reader[reader.withoutReturn(start, end) - 1] == UInt8(ascii: "\\")
    {
      end = reader.lineEnd(end + 1)
    }
    return end
  }

  private func endOfWord(_ start: Int) -> Int {
    if start < reader.count, reader[start] == UInt8(ascii: "\"") {
      return reader.firstIndex(of: UInt8(ascii: "\""), from: start + 1, to: reader.count)
        .map { $0 + 1 } ?? start
    }
    var position = start
    while position < reader.count, Self.isNameByte(reader[position]) { position += 1 }
    return position
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$")
  }

  /// Whether `=` or `+=` and the like stands at `start` and a `;` closes it before the next `=`.
  private func isAssignment(_ start: Int) -> Bool {
    var position = start
    while position < reader.count, position < start + 3, "+-*/&|^<>".utf8.contains(reader[position])
    {
      position += 1
    }
    guard position < reader.count, reader[position] == UInt8(ascii: "=") else { return false }
    position += 1
    if position < reader.count, reader[position] == UInt8(ascii: "=") { return false }
    while position < reader.count, reader[position] != UInt8(ascii: ";") {
      let byte = reader[position]
      if byte == UInt8(ascii: "=") {
        let isComparison =
          "=!<>".utf8.contains(reader[position - 1])
          || (position + 1 < reader.count && reader[position + 1] == UInt8(ascii: "="))
        if !isComparison { return false }
      }
      position += 1
    }
    return position < reader.count
  }

  private func hasProof(from start: Int) -> Bool {
    let end = min(reader.count, start + Self.proofDistance)
    for proof in Self.proofs {
      var position = start
      while let hit = reader.firstRange(of: proof, from: position, to: end) {
        position = hit + proof.utf8CodeUnitCount
        let before = hit > 0 ? reader[hit - 1] : Byte.lineFeed
        let next = skipComments(position)
        if !Self.isNameByte(before), next < reader.count,
          reader[next] == UInt8(ascii: "{") || reader[next] == UInt8(ascii: "(")
        {
          return true
        }
      }
    }
    return false
  }
}
