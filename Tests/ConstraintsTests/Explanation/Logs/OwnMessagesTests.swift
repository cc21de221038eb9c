// The bare messages of the installed GNU ld itself: none is taken for the text of an ASSERT.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

struct OwnMessagesTests {
  private static let linker = ["x86_64-linux-gnu-ld.bfd", "ld.bfd", "ld"].lazy
    .compactMap { ExternalTool.path($0) }.first

  /// ld keeps its messages as formats: `%F%P: cannot open linker script file %s: %E`.
  @Test(.enabled(if: linker != nil)) func noneIsTakenForAnAssertion() throws {
    let program = try #require(Self.linker)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: program))
    let formats = bytes.split(separator: 0).compactMap { part -> String? in
      guard part.count > 4, part.count < 400, let text = String(data: part, encoding: .utf8) else {
        return nil
      }
      return ["%F%P: ", "%X%P: ", "%P: ", "%P%F: "].first { text.hasPrefix($0) }
        .map { String(text.dropFirst($0.count)) }
    }
    // 2.35 has 260, 2.47 more.
    try #require(formats.count > 150)
    for format in Set(formats).sorted() {
      // What begins with a file, or is nothing but a text, is no message of these words.
      guard
        !["%s", "%B", "%pB", "%C", "%D", "%H", "%E", "error:", "warning"].contains(
          where: format.hasPrefix)
      else { continue }
      let text = Self.filled(format.split(separator: "\n").first.map(String.init) ?? "")
      guard !text.isEmpty else { continue }
      let log = LinkerLog(SourceBuffer(name: "ld.log", text: "ld: \(text)\n"))
      for message in log.messages {
        let explained = LogExplanation(message, in: LogSubject(scripts: []))
        #expect(explained.kind != .assertion, "\(text)")
      }
    }
  }

  private static func filled(_ format: String) -> String {
    var text = format
    for (hole, value) in [
      ("%pA", ".data"), ("%pB", "a.o"), ("%pI", "a.o"), ("%pT", "start"), ("%pR", "R_X86_64_32"),
      ("%lu", "12"), ("%ld", "12"), ("%zu", "12"), ("%u", "12"), ("%d", "12"), ("0x%llx", "0x10"),
      ("0x%v", "0x10"), ("%V", "10"), ("%s", "word"), ("%E", "No such file"), ("%c", "x"),
      ("%B", "a.o"), ("%%", "%"),
    ] { text = text.replacingOccurrences(of: hole, with: value) }
    return text
  }
}
