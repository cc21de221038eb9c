// The folders of a module know each other in one direction: what a folder is made of is below it.

import Foundation
import TestSupport
import Testing

struct FolderTests {
  /// The words of a source text outside comments and strings, each with the depth of the braces around it.
  private func words(of text: String) -> [(word: String, depth: Int)] {
    let bytes = Array(text.utf8)
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    var words: [(word: String, depth: Int)] = []
    var (position, depth) = (0, 0)
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "/") where position + 1 < bytes.count && bytes[position + 1] == byte:
        position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
      case UInt8(ascii: "\""):
        position = end(ofStringAt: position, bytes)
      case _ where isWord(byte):
        let start = position
        while position < bytes.count, isWord(bytes[position]) { position += 1 }
        words.append((String(decoding: bytes[start..<position], as: UTF8.self), depth))
      default:
        if byte == UInt8(ascii: "{") { depth += 1 }
        if byte == UInt8(ascii: "}") { depth -= 1 }
        position += 1
      }
    }
    return words
  }

  /// Behind a string; what is put into one counts as part of it.
  private func end(ofStringAt start: Int, _ bytes: [UInt8]) -> Int {
    let quote = UInt8(ascii: "\"")
    let isLong = bytes[start...].starts(with: [quote, quote, quote])
    let mark = isLong ? [quote, quote, quote] : [quote]
    var position = start + mark.count
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\\") {
        position += 2
      } else if bytes[position...].starts(with: mark) {
        return position + mark.count
      } else {
        position += 1
      }
    }
    return position
  }

  /// For each folder those that it uses, with a type of each.
  private func uses(in module: String) throws -> [String: [String: String]] {
    let declarations: Set = ["struct", "enum", "class", "protocol", "actor", "typealias"]
    var names: [String: Set<String>] = [:]
    var homes: [String: Set<String>] = [:]
    var outermost: Set<String> = []
    for file in Checkout.swiftFiles(under: module) {
      let parts = file.dropFirst(module.count + 1).split(separator: "/")
      let folder = parts.count > 1 ? String(parts[0]) : ""
      let words = words(of: try Checkout.text(file))
      for (word, next) in zip(words, words.dropFirst())
      where declarations.contains(word.word) && next.word.first?.isUppercase == true {
        homes[next.word, default: []].insert(folder)
        if word.depth == 0 { outermost.insert(next.word) }
      }
      names[folder, default: []].formUnion(words.map(\.word))
    }
    var uses: [String: [String: String]] = [:]
    for (folder, words) in names {
      for word in words.sorted() {
        guard outermost.contains(word), let home = homes[word], home.count == 1,
          let other = home.first, other != folder
        else { continue }
        uses[folder, default: [:]][other] = word
      }
    }
    return uses
  }

  @Test(arguments: ["Sources/LdsParser", "Sources/Constraints", "Sources/lds-check"])
  func foldersUseOneAnotherInOneDirection(_ module: String) throws {
    var rest = try uses(in: module)
    #expect(rest.count > 5)
    // What uses nothing that is left is taken away; a circle stays.
    while let free = rest.first(where: { folder in
      folder.value.keys.allSatisfy { rest[$0] == nil }
    }) {
      rest[free.key] = nil
    }
    let circle = rest.mapValues { used in used.filter { rest[$0.key] != nil } }
    #expect(circle.isEmpty, "these use each other, by these types: \(circle)")
  }
}
