// What rustc hands to its linker: `rustc --target thumbv7m-none-eabi -C link-arg=-Tlink.x -C linker=rust-lld ...`

/// The link arguments of a rustc command.
struct RustWords {
  /// The arguments for the linker, or for the driver that rustc runs.
  private(set) var linkArguments: [[UInt8]] = []
  /// The value of `-C linker=`.
  private(set) var linker: [UInt8]?
  /// The value of `-o`.
  private(set) var output: [UInt8]?
  /// All others.
  private(set) var own: [[[UInt8]]] = []
  private(set) var target: [UInt8] = []

  /// Reads `words`, which follow `rustc`.
  init(_ words: ArraySlice<[UInt8]>) {
    var rest = words
    while let word = rest.popFirst() {
      let text = String(decoding: word.prefix(16), as: UTF8.self)
      if text == "-C" || text == "--codegen" {
        if let next = rest.popFirst() { readCodegen(next) }
      } else if text.hasPrefix("-C") {
        readCodegen(Array(word.dropFirst(2)))
      } else if text == "-o" {
        output = rest.popFirst()
      } else if text == "--target" {
        target = rest.popFirst() ?? []
      } else if text.hasPrefix("--target=") {
        target = Array(word.dropFirst(9))
      } else {
        own.append([word])
      }
    }
  }

  /// `link-arg=X`, `link-args=X Y`, `linker=X`
  private mutating func readCodegen(_ text: [UInt8]) {
    func value(_ name: StaticString) -> [UInt8]? {
      let prefix = Array(name.description.utf8)
      return text.starts(with: prefix) ? Array(text[prefix.count...]) : nil
    }
    if let argument = value("link-arg=") {
      linkArguments.append(argument)
    } else if let arguments = value("link-args=") {
      linkArguments += arguments.split(separator: 0x20).map { Array($0) }
    } else if let name = value("linker=") {
      linker = name
    } else {
      own.append([Array("-C".utf8), text])
    }
  }

  /// What runs: the linker that is named, else what rustc takes for the target: its own lld where there is no system,
  /// `cc` elsewhere.
  var program: LinkProgram {
    if let named = linker.flatMap({ LinkProgram(path: FilePath(bytes: $0)) }) { return named }
    let isBare = target.split(separator: UInt8(ascii: "-")).contains {
      $0.elementsEqual("none".utf8)
    }
    return isBare ? .linker(.lld) : .driver(.gcc)
  }
}
