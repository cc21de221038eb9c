// Breaks scripts a little: deletes, repeats, swaps or inserts words.

import TestSupport

/// Makes mutants of scripts.
enum ScriptMutator {
  private static let inserted: [String] = [
    ";", ",", "{", "}", "(", ")", "=", ":", "+", "foo", "0x10", ".", "ALIGN", "KEEP",
    "ASSERT(1,\"m\")",
    "\"q\"", "[", "*", "INCLUDE", "AT", ">", "!", "ENTRY(x)", "/", "~", "add", "SORT", "PROVIDE",
    "x = 1;", "BYTE(1)", "?", "OVERLAY", "GROUP", "#", "\"", "/*",
  ]

  /// The words of a script with the blanks and comments between them.
  static func words(of text: [UInt8]) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var at = 0
    while at < text.count {
      var end = at + 1
      func extend(_ isPart: (UInt8) -> Bool) {
        while end < text.count, isPart(text[end]) { end += 1 }
      }
      if text[at...].starts(with: "/*".utf8) {
        while end < text.count, !(text[end - 1] == 0x2A && text[end] == 0x2F && end > at + 2) {
          end += 1
        }
        end = min(end + 1, text.count)
      } else if isBlank(text[at]) {
        extend(isBlank)
      } else if isWord(text[at]) {
        extend(isWord)
      }
      words.append(Array(text[at..<end]))
      at = end
    }
    return words
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    Array("_.$*?/".utf8).contains(byte) || (byte >= 0x30 && byte <= 0x39)
      || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A)
  }

  /// The text with one word changed, and sometimes a second one or a blank.
  static func mutant(of original: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    var words = original
    for _ in 0...(random.once(in: 4) ? 1 : 0) { mutate(&words, &random) }
    return Array(words.joined())
  }

  private static func mutate(_ words: inout [[UInt8]], _ random: inout SeededGenerator) {
    let places = words.indices.filter {
      !isBlank(words[$0][0]) && !words[$0].starts(with: "/*".utf8)
    }
    guard places.count > 2 else { return }
    let index = random.below(places.count)
    let place = places[index]
    let other = inserted[random.below(inserted.count)]
    switch random.below(6) {
    case 0: words.remove(at: place)
    case 1:
      words.insert(
        contentsOf: random.once(in: 2) ? [words[place], [0x20]] : [words[place]], at: place)
    case 2: words.swapAt(place, places[(index + 1) % places.count])
    case 3: words.swapAt(place, places[random.below(places.count)])
    case 4: words[place] = Array(other.utf8)
    default: words.insert(Array(other.utf8), at: place)
    }
    if random.once(in: 5) {
      let blanks = words.indices.filter { isBlank(words[$0][0]) }
      if let blank = random.pick(blanks) { words.remove(at: blank) }
    }
  }
}
