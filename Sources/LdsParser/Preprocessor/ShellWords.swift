// A recorded command line as the shell splits it: quotes and backslashes, no expansion of anything.

/// Splits command lines.
public enum ShellWords {
  /// The words of a compiler's `@FILE`: blanks and line ends between them, no operators of the shell.
  public static func words(_ text: [UInt8]) -> [[UInt8]] {
    split(text, hasOperators: false).flatMap { $0 }
  }

  /// The commands of `line`, each as its words: `a 'b c'; d && e` is three commands.
  public static func commands(_ line: [UInt8]) -> [[[UInt8]]] {
    split(line, hasOperators: true)
  }

  private static func split(_ line: [UInt8], hasOperators: Bool) -> [[[UInt8]]] {
    var commands: [[[UInt8]]] = [[]]
    var word: [UInt8]?
    var position = 0
    func finish() {
      if let done = word { commands[commands.count - 1].append(done) }
      word = nil
    }
    while position < line.count {
      let byte = line[position]
      position += 1
      switch byte {
      case 0x20, 0x09, 0x0D: finish()
      case 0x0A where !hasOperators: finish()
      case UInt8(ascii: ";") where hasOperators, UInt8(ascii: "&") where hasOperators,
        UInt8(ascii: "|") where hasOperators, 0x0A:
        finish()
        if commands[commands.count - 1].isEmpty == false { commands.append([]) }
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        word = (word ?? []) + quoted(line, &position, mark: byte)
      case UInt8(ascii: "\\") where position < line.count:
        word = (word ?? []) + [line[position]]
        position += 1
      default:
        word = (word ?? []) + [byte]
      }
    }
    finish()
    return commands.filter { !$0.isEmpty }
  }

  /// The text up to the closing quote.
  private static func quoted(_ line: [UInt8], _ position: inout Int, mark: UInt8) -> [UInt8] {
    var text: [UInt8] = []
    while position < line.count {
      let byte = line[position]
      position += 1
      if byte == mark { break }
      if byte == UInt8(ascii: "\\"), mark == UInt8(ascii: "\""), position < line.count,
        "\\\"$`".utf8.contains(line[position])
      {
        text.append(line[position])
        position += 1
      } else {
        text.append(byte)
      }
    }
    return text
  }
}
