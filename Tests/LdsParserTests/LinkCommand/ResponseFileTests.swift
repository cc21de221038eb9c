// Response files, compared with those of the linker.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct ResponseFileTests {
  private func words(_ text: String) -> [String] {
    ResponseFile.words(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func splitsAsLibibertyDoes() {
    #expect(
      words(" a  'b c'\t\"d 'e'\"\nf\\ g h'i'j '' ") == ["a", "b c", "d 'e'", "f g", "hij", ""])
    #expect(words(#"'a\'b' "c\"d" \\ e\"#) == ["a'b", "c\"d", "\\", "e"])
    #expect(words("'open end") == ["open end"])
  }

  @Test func expandsNestedFilesInPlace() {
    let files = ["a": "1 @b 4", "b": "2 3", "loop": "x @loop"]
    let expand: ([String]) -> [String] = { words in
      ResponseFile.expanded(words.map { Array($0.utf8) }) { path in
        files[path.display].map { Array($0.utf8) }
      }.map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(expand(["0", "@a", "@none", "5"]) == ["0", "1", "2", "3", "4", "@none", "5"])
    #expect(expand(["@loop"]).count == Limit.responseFiles + 1)
  }

  /// Random files of quotes and backslashes, each asked of `ld`: it complains about the one file that is not there.
  @Test(.enabled(if: LinkerReading.isMeasured)) func agreesWithLd() throws {
    var random = SeededGenerator(seed: 41)
    let folder = try TemporaryFolder()
    let pieces = ["a", "b", "/", "'", "\"", "\\", " ", "\t", "\n", "x y", "\\ ", "''", "@"]
    var texts: [String] = []
    for index in 0..<60 {
      let text =
        "nix/" + (0..<(1 + random.below(9))).map { _ in random.pick(pieces) ?? "" }.joined()
      texts.append(text)
      try folder.write("\(index).rsp", text)
    }
    let run = try ProgramRun.shell(
      "i=0; while [ $i -lt 60 ]; do echo \"== $i\"; ld -o /dev/null @$i.rsp 2>&1; i=$((i+1)); done",
      folder: folder.path)
    let answers = run.output.components(separatedBy: "== ").dropFirst()
    var compared = 0
    for (text, answer) in zip(texts, answers) where !answer.contains("refers to a directory") {
      for word in words(text) where word.hasPrefix("nix/") {
        compared += 1
        #expect(answer.contains("cannot find \(word):"), "\(text.debugDescription): \(answer)")
      }
    }
    #expect(compared > 40)
  }
}
