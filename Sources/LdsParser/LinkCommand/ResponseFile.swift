// `@FILE`: the words of a file stand in its place, as libiberty's expandargv has it:
//
//     -T "my script.ld" 'a b.o'
//     -Map=x\ y.map @objects.rsp

/// Reads response files.
public enum ResponseFile {
  /// The words of a response file (libiberty argv.c, buildargv): blanks and line ends between them; in either
  /// quotes blanks are kept; a backslash takes the next byte as it is, wherever it stands.
  public static func words(_ text: [UInt8]) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    // Quotes around nothing make an empty word.
    var isOpen = false
    var quote: UInt8?
    var position = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\\"):
        isOpen = true
        if position < text.count {
          word.append(text[position])
          position += 1
        }
      case let mark where mark == quote: quote = nil
      case UInt8(ascii: "'") where quote == nil, UInt8(ascii: "\"") where quote == nil:
        quote = byte
        isOpen = true
      case 0x20 where quote == nil, 0x09...0x0D where quote == nil:
        if isOpen { words.append(word) }
        word = []
        isOpen = false
      default:
        word.append(byte)
        isOpen = true
      }
    }
    if isOpen { words.append(word) }
    return words
  }

  /// `words` with each `@FILE` replaced by what the file holds. One that is not there stays a word, and so do those
  /// behind a limit: ``Limit/responseFiles``, ``Limit/responseFileBytes``.
  ///
  /// - Parameter read: the bytes of a file, seen from the folder that the command runs in; nil if there is none.
  public static func expanded(
    _ words: [[UInt8]], read: (FilePath) -> [UInt8]?
  ) -> [[UInt8]] {
    guard words.contains(where: { $0.first == UInt8(ascii: "@") }) else { return words }
    var result: [[UInt8]] = []
    var files = 0
    var bytes = 0
    // What is still to be looked at, the next word last.
    var rest = Array(words.reversed())
    while let word = rest.popLast() {
      guard word.first == UInt8(ascii: "@"), word.count > 1, files < Limit.responseFiles,
        bytes < Limit.responseFileBytes,
        let text = read(FilePath(bytes: Array(word.dropFirst())))
      else {
        result.append(word)
        continue
      }
      files += 1
      bytes += text.count
      rest += Self.words(text).reversed()
    }
    return result
  }
}
