// What a driver makes of its command line for the linker:
//
//     gcc -mcpu=cortex-m3 -Wl,--defsym=x=1 a.o -T s.ld -lc     -> collect2 ... --defsym=x=1 a.o -lc ... -T s.ld
//
// GCC puts -T and its kin last and what it has letters for first (gcc.cc, LINK_COMMAND_SPEC); Clang for bare metal puts
// -T first (BareMetal.cpp), else last.

/// The words that a driver hands to the linker, as far as its own command line tells.
struct DriverWords {
  /// The words for the linker, in its order.
  var linkerWords: [[UInt8]] {
    first + (scriptsAreFirst ? scripts : []) + middle + (scriptsAreFirst ? [] : scripts)
  }
  /// The driver's own options.
  private(set) var own: [[[UInt8]]] = []
  /// The value of `-fuse-ld=` or `--ld-path=`.
  private(set) var linkerName: [UInt8]?
  /// Whether an option asks for something else than a link, such as `-c`.
  private(set) var stopsBeforeLink = false

  private var first: [[UInt8]] = []
  private var middle: [[UInt8]] = []
  private var scripts: [[UInt8]] = []
  private let isClang: Bool
  private var isBareMetal: Bool
  private var words: ArraySlice<[UInt8]>

  private var scriptsAreFirst: Bool { isClang && isBareMetal }

  /// Reads `words`, which follow the driver's name.
  init(_ words: ArraySlice<[UInt8]>, driver: LinkProgram.Driver, program: FilePath) {
    isClang = driver == .clang
    isBareMetal = Self.isBareMetal(program.lastComponent.bytes)
    self.words = words
    while let word = self.words.popFirst() { read(word) }
  }

  /// A target without an operating system: `arm-none-eabi`, `riscv64-unknown-elf`.
  private static func isBareMetal(_ target: [UInt8]) -> Bool {
    let parts = target.split(separator: UInt8(ascii: "-"))
    return !parts.contains { $0.starts(with: "linux".utf8) }
      && parts.contains {
        $0.elementsEqual("none".utf8) || $0.elementsEqual("elf".utf8)
          || $0.elementsEqual("eabi".utf8)
      }
  }

  private mutating func read(_ word: [UInt8]) {
    guard word.first == UInt8(ascii: "-"), word.count > 1 else {
      middle.append(word)
      return
    }
    let text = String(decoding: word.prefix(64), as: UTF8.self)
    if text.hasPrefix("-Wl,") {
      middle += word.dropFirst(4).split(
        separator: UInt8(ascii: ","), omittingEmptySubsequences: false
      )
      .map { Array($0) }
    } else if text == "-Xlinker" || text == "--for-linker" {
      if let next = words.popFirst() { middle.append(next) }
    } else if text.hasPrefix("-T") {
      readScript(word, text)
    } else if !readLinkerOption(word, text) {
      readOwn(word, text)
    }
  }

  /// `-T FILE`, `-TFILE`, `-Ttext=ADDRESS`, `-Ttext ADDRESS`
  private mutating func readScript(_ word: [UInt8], _ text: String) {
    scripts.append(word)
    if ["-T", "-Ttext", "-Tdata", "-Tbss"].contains(text), let next = words.popFirst() {
      scripts.append(next)
    }
  }

  /// Options that the driver hands on as they are.
  private mutating func readLinkerOption(_ word: [UInt8], _ text: String) -> Bool {
    switch text {
    case "-o", "-e", "-u", "-z", "-L":
      first.append(word)
      if let next = words.popFirst() { first.append(next) }
    case "-l":
      middle.append(word)
      if let next = words.popFirst() { middle.append(next) }
    case "-shared", "-static", "-pie", "-static-pie", "-no-pie", "-r", "-s", "-n", "-N":
      first.append(word)
    case let text where ["-o", "-z", "-L", "-u"].contains { text.hasPrefix($0) }: first.append(word)
    case let text where text.hasPrefix("-l"): middle.append(word)
    default: return false
    }
    return true
  }

  private mutating func readOwn(_ word: [UInt8], _ text: String) {
    var taken = [word]
    if Self.takingValue.contains(text), let next = words.popFirst() { taken.append(next) }
    if Self.otherWork.contains(text) { stopsBeforeLink = true }
    for option in ["-fuse-ld=", "--ld-path="] where text.hasPrefix(option) {
      linkerName = Array(word.dropFirst(option.utf8.count))
    }
    if text.hasPrefix("--target=") { isBareMetal = Self.isBareMetal(Array(word.dropFirst(9))) }
    if text == "-target", let triple = taken.dropFirst().first {
      isBareMetal = Self.isBareMetal(triple)
    }
    own.append(taken)
  }

  /// The driver compiles, preprocesses, or tells of itself.
  private static let otherWork: Set<String> = [
    "-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-###", "--version", "-dumpversion", "--help",
    "-dumpmachine", "-dumpspecs", "-print-search-dirs", "-print-libgcc-file-name",
    "-print-multi-lib", "-print-multi-directory", "-print-sysroot", "--precompile",
    "--analyze", "-emit-ast", "-print-multi-os-directory",
  ]

  /// The next word belongs to it.
  private static let takingValue: Set<String> = [
    "-x", "-I", "-D", "-U", "-B", "-A", "-F", "-G", "-b", "-V", "-MF", "-MT", "-MQ", "-include",
    "-imacros", "-iprefix", "-iwithprefix", "-iwithprefixbefore", "-isystem", "-idirafter",
    "-iquote", "-isysroot", "-imultilib", "--param", "-Xassembler", "-Xpreprocessor", "-Xclang",
    "-mllvm", "-target", "-arch", "-specs", "--specs", "-wrapper", "-aux-info", "-dumpdir",
    "-dumpbase", "-dumpbase-ext", "-gcc-toolchain", "--sysroot", "-framework", "-rpath",
    "-install_name", "-Xarch_host", "-Xarch_device",
  ]
}
