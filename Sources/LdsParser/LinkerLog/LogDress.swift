// What terminals, CI services and build tools put in front of a linker's line.
//
//     2026-01-02T03:04:05.1234567Z ##[error]ld: start misaligned        GitHub Actions, Azure
//     2026-01-02T03:04:05.123456Z 01O ld: start misaligned              GitLab
//     [2026-01-02T03:04:05.123Z] ld: start misaligned                   Jenkins, Buildkite
//     [12:33:01]W:  [Step 1/2] ld: start misaligned                     TeamCity
//     #12 34.56 ld: start misaligned                                    docker build
//       = note: rust-lld: error: start misaligned                       cargo

/// Undresses lines: first what colours and overwrites, then prefix after prefix.
enum LogDress {
  /// Prefixes that one line may wear, one inside the other.
  private static let deepest = 12
  /// Bytes in which a prefix has to end.
  private static let longest = 160

  /// `line` without escape sequences, and of text that a carriage return overwrites the last state.
  static func plain(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while line.last == 0x0D { line.removeLast() }
    if line.contains(0x1B) || line.contains(0x07) { line = withoutEscapes(line)[...] }
    if let overwritten = line.lastIndex(of: 0x0D) { line = line[(overwritten + 1)...] }
    return line
  }

  /// The line itself, then with one prefix less at a time.
  static func layers(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var layers = [line]
    while layers.count <= deepest, let inner = withoutPrefix(layers[layers.count - 1]) {
      layers.append(inner)
    }
    return layers
  }

  /// ECMA-48: `ESC [ ... letter`, `ESC ] ... BEL`, Buildkite's `ESC _ ... BEL`, `ESC letter`.
  private static func withoutEscapes(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    var rest = line
    while let byte = rest.popFirst() {
      guard byte == 0x1B else {
        if byte != 0x07 { plain.append(byte) }
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "["):
        LogPiece.skip(&rest) { $0 >= 0x20 && $0 < 0x40 }
        _ = rest.popFirst()
      case UInt8(ascii: "]"), UInt8(ascii: "_"), UInt8(ascii: "P"):
        LogPiece.skip(&rest) { $0 != 0x07 && $0 != 0x1B }
        if rest.popFirst() == 0x1B { _ = rest.popFirst() }
      default: break
      }
    }
    return plain
  }

  /// What stands behind the outermost prefix; nil if there is none that is known.
  private static func withoutPrefix(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let first = line.first else { return nil }
    var rest = line
    let isTaken =
      switch first {
      case 0x20, 0x09: takeBlanks(&rest)
      case UInt8(ascii: "["): takeBracket(&rest)
      case UInt8(ascii: "#"): takeHash(&rest)
      case UInt8(ascii: ":"): takeCommand(&rest)
      case UInt8(ascii: "|"), UInt8(ascii: ">"): takeRule(&rest)
      case 0x30...0x39: takeFirst(&rest, [takeStamp, takeTime, takeNumber])
      default: takeFirst(&rest, [takeWords, takeJob, takeDate, takeContainer])
      }
    return isTaken ? rest : nil
  }

  /// Takes what the first of `forms` does that fits.
  private static func takeFirst(
    _ text: inout ArraySlice<UInt8>, _ forms: [(inout ArraySlice<UInt8>) -> Bool]
  ) -> Bool {
    for form in forms {
      var rest = text
      if form(&rest) {
        text = rest
        return true
      }
    }
    return false
  }

  private static func takeBlanks(_ text: inout ArraySlice<UInt8>) -> Bool {
    LogPiece.skip(&text, LogPiece.isBlank)
    return true
  }

  /// `[anything]`, and of TeamCity the letter behind it.
  private static func takeBracket(_ text: inout ArraySlice<UInt8>) -> Bool {
    guard let end = text.prefix(longest).firstIndex(of: UInt8(ascii: "]")) else { return false }
    text = text[(end + 1)...]
    var behind = text
    if let letter = behind.first, "WEFi ".utf8.contains(letter) { behind = behind.dropFirst() }
    if behind.first == UInt8(ascii: ":") { text = behind.dropFirst() }
    return true
  }

  /// `##[error]`, or of docker build `#12 34.56 `.
  private static func takeHash(_ text: inout ArraySlice<UInt8>) -> Bool {
    if LogPiece.take("##", &text) { return text.first == UInt8(ascii: "[") && takeBracket(&text) }
    _ = LogPiece.take("#", &text)
    guard LogPiece.takeDigits(&text, 1, 5) != nil, LogPiece.take(" ", &text) else { return false }
    var seconds = text
    if LogPiece.takeDigits(&seconds, 1, 6) != nil, LogPiece.take(".", &seconds),
      LogPiece.takeDigits(&seconds, 1, 6) != nil, LogPiece.take(" ", &seconds)
    {
      text = seconds
    }
    return true
  }

  /// `::error file=a,line=1::`
  private static func takeCommand(_ text: inout ArraySlice<UInt8>) -> Bool {
    guard LogPiece.take("::", &text) else { return false }
    for index in text.indices.prefix(longest).dropLast()
    where text[index] == UInt8(ascii: ":") && text[index + 1] == UInt8(ascii: ":") {
      text = text[(index + 2)...]
      return true
    }
    return false
  }

  /// `| ` or `> `, but not the `>>> ` of lld.
  private static func takeRule(_ text: inout ArraySlice<UInt8>) -> Bool {
    LogPiece.take("| ", &text) || LogPiece.take("> ", &text)
  }

  /// `2026-01-02T03:04:05.123Z `, and the number and letter of the stream that GitLab adds.
  private static func takeStamp(_ text: inout ArraySlice<UInt8>) -> Bool {
    guard LogPiece.takeDigits(&text, 4, 4) != nil, LogPiece.take("-", &text),
      LogPiece.takeDigits(&text, 2, 2) != nil, LogPiece.take("-", &text),
      LogPiece.takeDigits(&text, 2, 2) != nil,
      LogPiece.take("T", &text) || LogPiece.take(" ", &text),
      takeTime(&text)
    else { return false }
    var stream = text
    if LogPiece.takeDigits(&stream, 2, 2) != nil,
      LogPiece.take("O", &stream) || LogPiece.take("E", &stream)
    {
      if LogPiece.take("+", &stream) || LogPiece.take(" ", &stream) { text = stream }
    }
    return true
  }

  /// `03:04:05.123+01:00 `
  private static func takeTime(_ text: inout ArraySlice<UInt8>) -> Bool {
    guard LogPiece.takeDigits(&text, 2, 2) != nil, LogPiece.take(":", &text),
      LogPiece.takeDigits(&text, 2, 2) != nil, LogPiece.take(":", &text),
      LogPiece.takeDigits(&text, 2, 2) != nil
    else { return false }
    if LogPiece.take(".", &text) || LogPiece.take(",", &text) {
      LogPiece.skip(&text, LogPiece.isDigit)
    }
    if !LogPiece.take("Z", &text), LogPiece.take("+", &text) || LogPiece.take("-", &text) {
      LogPiece.skip(&text) { LogPiece.isDigit($0) || $0 == UInt8(ascii: ":") }
    }
    guard text.first.map(LogPiece.isBlank) ?? true else { return false }
    LogPiece.skip(&text, LogPiece.isBlank)
    return true
  }

  /// Of MSBuild `3>`, of ctest `3: `.
  private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> Bool {
    LogPiece.takeDigits(&text, 1, 5) != nil
      && (LogPiece.take(">", &text) || LogPiece.take(": ", &text))
  }

  /// What cargo, cmake and runners of tests say before they quote a linker.
  private static func takeWords(_ text: inout ArraySlice<UInt8>) -> Bool {
    for word: StaticString in [
      "= note: ", "note: ", "error: ", "warning: ", "Error: ", "ERROR: ", "WARNING: ", "INFO: ",
      "linker stderr: ", "linker stdout: ", "stderr: ", "stdout: ", "cargo:warning=",
    ] where LogPiece.take(word, &text) {
      return true
    }
    return false
  }

  /// `gh run view --log` writes job, step and stamp with tabs between them.
  private static func takeJob(_ text: inout ArraySlice<UInt8>) -> Bool {
    var tabs = text.prefix(longest).indices.filter { text[$0] == 0x09 }[...]
    while let tab = tabs.popFirst() {
      var rest = text[(tab + 1)...]
      _ = LogPiece.take("\u{FEFF}", &rest)
      if takeStamp(&rest) {
        text = rest
        return true
      }
    }
    return false
  }

  /// syslog: `Jan  2 03:04:05 host make[12]: `.
  private static func takeDate(_ text: inout ArraySlice<UInt8>) -> Bool {
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec"
    let month = Array(text.prefix(3))
    guard month.count == 3, months.includes(String(decoding: month, as: UTF8.self)) else {
      return false
    }
    text = text.dropFirst(3)
    LogPiece.skip(&text) { $0 == 0x20 }
    guard LogPiece.takeDigits(&text, 1, 2) != nil, LogPiece.take(" ", &text), takeTime(&text) else {
      return false
    }
    var tag = text
    LogPiece.skip(&tag, LogPiece.isWord)
    if LogPiece.take(" ", &tag) {
      LogPiece.skip(&tag, LogPiece.isWord)
      if LogPiece.take("[", &tag), LogPiece.takeDigits(&tag, 1, 9) != nil,
        LogPiece.take("]: ", &tag)
      {
        text = tag
      }
    }
    return true
  }

  /// docker compose: `web_1  | `; nix: `kernel> `.
  private static func takeContainer(_ text: inout ArraySlice<UInt8>) -> Bool {
    let name = text.prefix(longest).prefix(while: LogPiece.isWord)
    guard !name.isEmpty else { return false }
    text = text.dropFirst(name.count)
    if LogPiece.take("> ", &text) { return true }
    guard text.first.map(LogPiece.isBlank) == true else { return false }
    LogPiece.skip(&text, LogPiece.isBlank)
    return LogPiece.take("| ", &text)
  }
}
