// What build tools say about links: one begins, one has failed. It parts the messages of one log.
//
//     [12/34] Linking C executable boot.elf          ninja, cmake
//       LD      vmlinux                              kbuild
//     gcc -T boot.lds -o boot.elf start.o            make
//     collect2: error: ld returned 1 exit status     gcc
//     make: *** [Makefile:12: boot.elf] Error 1      make

/// What one line says about a link.
enum LinkEvent {
  /// A link begins; the name of what it makes, where it is told.
  case begins([UInt8]?)
  /// The link failed; the name of what it was to make, where it is told.
  case failed([UInt8]?)

  /// Nil if `line`, one layer of a line's dress, says nothing about a link.
  init?(_ line: ArraySlice<UInt8>) {
    guard let event = Self.failure(line) ?? Self.announcement(line) ?? Self.command(line) else {
      return nil
    }
    self = event
  }

  /// Whether a line is that of gcc after a link that failed, in another language than English:
  /// `collect2: Fehler: ld gab 1 als Ende-Status zurück`.
  static func isTranslated(_ line: ArraySlice<UInt8>) -> Bool {
    var rest = line
    guard LogPiece.take("collect2: ", &rest), has("ld", rest) else { return false }
    return !["error: ", "fatal error: ", "warning: ", "note: ", "ld "].contains {
      rest.starts(with: $0.utf8)
    }
  }

  /// The words of drivers and build tools after a link that failed.
  private static func failure(_ line: ArraySlice<UInt8>) -> LinkEvent? {
    var rest = line
    if isTranslated(line) { return .failed(nil) }
    if LogPiece.take("collect2", &rest) { return has("error: ", rest) ? .failed(nil) : nil }
    if has("linker command failed with exit code", line) { return .failed(nil) }
    if LogPiece.take("FAILED: ", &rest) {
      if LogPiece.take("[code=", &rest) {
        LogPiece.skip(&rest) { $0 != UInt8(ascii: "]") }
        _ = LogPiece.take("] ", &rest)
      }
      return .begins(firstWord(rest))
    }
    if LogPiece.take("ninja: build stopped", &rest) { return .failed(nil) }
    if LogPiece.take("error: linking with ", &rest) { return .begins(nil) }
    if LogPiece.take("error: could not compile `", &rest) {
      return .failed(Array(rest.prefix { $0 != UInt8(ascii: "`") }))
    }
    return makeFailure(line)
  }

  /// `make[2]: *** [Makefile:12: boot.elf] Error 1`, in older versions without the place.
  private static func makeFailure(_ line: ArraySlice<UInt8>) -> LinkEvent? {
    guard let stars = find("*** [", in: line), has("] Error ", line[stars...]) else { return nil }
    let inner = line[(stars + 5)...].prefix { $0 != UInt8(ascii: "]") }
    let target = inner.lastIndex(of: 0x20).map { inner[($0 + 1)...] } ?? inner
    return .failed(Array(target))
  }

  /// `Linking CXX executable boot.elf`, `LD      vmlinux`, `CCLD tool`.
  private static func announcement(_ line: ArraySlice<UInt8>) -> LinkEvent? {
    var rest = line
    if LogPiece.take("Linking ", &rest) {
      let name = rest.lastIndex(of: 0x20).map { rest[($0 + 1)...] } ?? rest
      return .begins(Array(name))
    }
    let word = rest.prefix(while: LogPiece.isWord)
    guard ["LD", "LINK", "CCLD", "CXXLD", "HOSTLD"].contains(String(decoding: word, as: UTF8.self))
    else { return nil }
    rest = rest.dropFirst(word.count)
    let blanks = rest.prefix(while: LogPiece.isBlank)
    guard !blanks.isEmpty else { return nil }
    rest = rest.dropFirst(blanks.count)
    if LogPiece.take("[M]", &rest) { LogPiece.skip(&rest, LogPiece.isBlank) }
    let name = firstWord(rest)
    return name.isEmpty ? nil : .begins(name)
  }

  /// A command of a linker or of a compiler that links, as make and rustc echo it.
  private static func command(_ line: ArraySlice<UInt8>) -> LinkEvent? {
    guard line.count < 1 << 16, let output = find(" -o ", in: line) ?? find(" \"-o\" ", in: line)
    else { return nil }
    let program = firstWord(line)
    let base =
      program.lastIndex(of: UInt8(ascii: "/")).map { Array(program[($0 + 1)...]) } ?? program
    let isLinker = LinkerFamily(program: base) != nil
    let isDriver = ["cc", "gcc", "g++", "clang", "clang++", "c++"].contains {
      (driver: String) -> Bool in
      let name = Array(driver.utf8)
      guard base != name else { return true }
      return base.suffix(name.count) == name[...] && base.dropLast(name.count).last == 0x2d
    }
    guard isLinker || isDriver && !has(" -c ", line) else { return nil }
    let name = line[(output + 1)...].drop { $0 != 0x20 }.drop { $0 == 0x20 }
    return .begins(firstWord(name))
  }

  /// Up to the first blank, without quotes.
  private static func firstWord(_ text: ArraySlice<UInt8>) -> [UInt8] {
    text.prefix { !LogPiece.isBlank($0) }.filter { $0 != UInt8(ascii: "\"") && $0 != 0x27 }
  }

  private static func has(_ part: StaticString, _ line: ArraySlice<UInt8>) -> Bool {
    find(part, in: line) != nil
  }

  private static func find(_ part: StaticString, in line: ArraySlice<UInt8>) -> Int? {
    LogPiece.find(Array(part.description.utf8), in: line)
  }
}
