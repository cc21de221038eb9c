// The flags of a compiler command that say how it preprocesses: -I, -D and their kin, and the few -m, -f and
// -O flags that change predefined macros.

/// The words of a compiler command, sorted out.
struct CompilerFlags {
  var options = Preprocessor.Options()
  var inputs: [FilePath] = []
  var output: FilePath?
  /// Flags on which predefined macros depend.
  var machineFlags: [[UInt8]] = []
  var usesStandardFolders = true
  var preprocessesOnly = false
  var language: Preprocessor.Language?
  private var definesNothing = false
  /// `-D` that the other flags amount to.
  private var implied: [Preprocessor.Definition] = []

  /// Reads the words after the compiler's name.
  init(_ words: ArraySlice<[UInt8]>, target: Target?) {
    var rest = words
    var target = target ?? .x86_64
    while let word = rest.popFirst() {
      guard word.first == UInt8(ascii: "-"), word.count > 1 else {
        inputs.append(FilePath(bytes: word))
        continue
      }
      if readFolder(word, &rest) || readDefinition(word, &rest) || readPlain(word, &rest) {
        continue
      }
      machineFlags.append(word)
      readMachineFlag(String(decoding: word, as: UTF8.self), &target)
    }
    options.definitions = implied + options.definitions
    options.predefined = definesNothing ? .none : .target(target)
    options.language = language ?? Self.language(of: inputs.last)
  }

  /// The language that gcc takes for a file name.
  private static func language(of input: FilePath?) -> Preprocessor.Language {
    guard let bytes = input?.bytes else { return .assembler }
    return bytes.suffix(2) == Array(".c".utf8)[...] ? .c : .assembler
  }

  /// The value of a flag, joined to it or in the next word.
  private static func value(
    of flag: StaticString, _ word: [UInt8], _ rest: inout ArraySlice<[UInt8]>
  ) -> [UInt8]? {
    let prefix = Array(flag.description.utf8)
    guard word.starts(with: prefix) else { return nil }
    if word.count > prefix.count { return Array(word[prefix.count...]) }
    return rest.popFirst()
  }

  private mutating func readFolder(_ word: [UInt8], _ rest: inout ArraySlice<[UInt8]>) -> Bool {
    if let path = Self.value(of: "-isystem", word, &rest) {
      options.systemFolders.append(FilePath(bytes: path))
    } else if let path = Self.value(of: "-iquote", word, &rest) {
      options.quoteFolders.append(FilePath(bytes: path))
    } else if let path = Self.value(of: "-idirafter", word, &rest) {
      options.afterFolders.append(FilePath(bytes: path))
    } else if let path = Self.value(of: "-include", word, &rest) {
      options.includedFiles.append(FilePath(bytes: path))
    } else if let path = Self.value(of: "-imacros", word, &rest) {
      options.macroFiles.append(FilePath(bytes: path))
    } else if let path = Self.value(of: "-I", word, &rest) {
      options.folders.append(FilePath(bytes: path))
    } else {
      return false
    }
    return true
  }

  private mutating func readDefinition(_ word: [UInt8], _ rest: inout ArraySlice<[UInt8]>)
    -> Bool
  {
    if let text = Self.value(of: "-D", word, &rest) {
      options.definitions.append(.define(text))
    } else if let text = Self.value(of: "-U", word, &rest) {
      options.definitions.append(.undefine(text))
    } else if word.starts(with: Array("-Wp,".utf8)) {
      // -Wp,-MMD,file and -Wp,-DNAME go to the preprocessor as they are.
      var inner = word.dropFirst(4).split(separator: UInt8(ascii: ",")).map { Array($0) }[...]
      while let flag = inner.popFirst() { _ = readDefinition(flag, &inner) }
    } else {
      return false
    }
    return true
  }

  /// Flags that say something else than how macros are predefined, or nothing at all here.
  private mutating func readPlain(_ word: [UInt8], _ rest: inout ArraySlice<[UInt8]>) -> Bool {
    switch String(decoding: word, as: UTF8.self) {
    case "-E": preprocessesOnly = true
    case "-nostdinc": usesStandardFolders = false
    case "-undef": definesNothing = true
    case "-P", "-C", "-CC", "-c", "-S", "-M", "-MM", "-MD", "-MMD", "-MP", "-MG", "-pipe", "-v":
      break
    case "-MF", "-MT", "-MQ", "--param", "-Xassembler", "-Xlinker", "-Xpreprocessor":
      rest = rest.dropFirst()
    case "-o": output = rest.popFirst().map { FilePath(bytes: $0) }
    case "-x":
      let name = rest.popFirst() ?? []
      language = name == Array("c".utf8) ? .c : .assembler
    case let flag where flag.hasPrefix("-xc"): language = .c
    case let flag where flag.hasPrefix("-xassembler"): language = .assembler
    case let flag where flag.hasPrefix("-W") || flag.hasPrefix("-M"): break
    default: return false
    }
    return true
  }

  private mutating func readMachineFlag(_ flag: String, _ target: inout Target) {
    switch flag {
    case "-m32", "-m16": target = target.narrowed
    case "-m64": target = target.widened
    case "-mabi=32": if target == .mips64 { target = .mips }
    case "-mabi=64": if target == .mips { target = .mips64 }
    case "-mlittle-endian", "-mlittle": if target == .powerpc64 { target = .powerpc64le }
    case "-mbig-endian", "-mbig": if target == .powerpc64le { target = .powerpc64 }
    case "-O0": implied.append(.undefine(Array("__OPTIMIZE__".utf8)))
    case "-fpic", "-fPIC", "-fpie", "-fPIE": define(pictureOf: flag)
    case "-ansi": defineStrict()
    default:
      if flag.hasPrefix("-O") {
        define("__OPTIMIZE__=1")
      } else if flag.hasPrefix("-std=c") || flag.hasPrefix("-std=iso") {
        defineStrict()
      } else if flag.hasPrefix("-march=rv32") {
        target = .riscv32
      } else if flag.hasPrefix("--target="), let named = Target(triple: String(flag.dropFirst(9))) {
        target = named
      }
    }
  }

  private mutating func define(_ text: String) {
    implied.append(.define(Array(text.utf8)))
  }

  /// Position-independent code: level 1 for the small letters, 2 for the large.
  private mutating func define(pictureOf flag: String) {
    let level = flag == flag.lowercased() ? 1 : 2
    define("__pic__=\(level)")
    define("__PIC__=\(level)")
    if flag.lowercased() == "-fpie" {
      define("__pie__=\(level)")
      define("__PIE__=\(level)")
    }
  }

  /// `-std=c99` and its like leave the names that belong to the program undefined.
  private mutating func defineStrict() {
    define("__STRICT_ANSI__=1")
    for name in ["unix", "linux", "i386"] { implied.append(.undefine(Array(name.utf8))) }
  }
}

extension Target {
  /// The target that `-m32` makes of this one.
  var narrowed: Target {
    switch self {
    case .x86_64: .i386
    case .powerpc64, .powerpc64le: .powerpc
    case .sparc64: .sparc
    default: self
    }
  }

  /// The target that `-m64` makes of this one.
  var widened: Target {
    switch self {
    case .i386: .x86_64
    case .powerpc: .powerpc64
    case .sparc: .sparc64
    default: self
    }
  }
}
