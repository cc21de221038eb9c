// The flags of a compiler command that say how it preprocesses: -I, -D and their kin. What only machine
// code depends on is MachineFlags' business.

/// The words of a compiler command, sorted out.
struct CompilerFlags {
  var options = Preprocessor.Options()
  var inputs: [FilePath] = []
  /// Flags on which predefined macros depend.
  var machine: MachineFlags
  var usesStandardFolders = true
  private var language: Preprocessor.Language?
  /// `-iprefix`
  private var prefix: [UInt8] = []

  /// Reads the words after the compiler's name.
  init(_ words: ArraySlice<[UInt8]>, target: Target?) {
    machine = MachineFlags(target: target ?? .x86_64)
    read(words)
    let isC = machine.isANSI || (language ?? Self.language(of: inputs.last)) == .c
    options.language = isC ? .c : .assembler
    options.hasTrigraphs = machine.hasTrigraphs(for: options.language)
    let (predefined, implied) = machine.result(for: options.language)
    options.predefined = predefined
    options.impliedDefinitions = implied
  }

  private mutating func read(_ words: ArraySlice<[UInt8]>) {
    var rest = words
    while let word = rest.popFirst() {
      guard word.first == UInt8(ascii: "-"), word.count > 1 else {
        inputs.append(FilePath(bytes: word))
        continue
      }
      if readFolder(word, &rest) || readFile(word, &rest) || readDefinition(word, &rest)
        || readPlain(word, &rest)
      {
        continue
      }
      machine.read(word)
    }
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
    } else if let path = Self.value(of: "-iprefix", word, &rest) {
      prefix = path
    } else if let path = Self.value(of: "-iwithprefixbefore", word, &rest) {
      options.folders.append(FilePath(bytes: prefix + path))
    } else if let path = Self.value(of: "-iwithprefix", word, &rest) {
      options.afterFolders.append(FilePath(bytes: prefix + path))
    } else if Self.value(of: "-isysroot", word, &rest) != nil {
      // It moves only folders that no flag names.
    } else if let path = Self.value(of: "-I", word, &rest) {
      options.folders.append(FilePath(bytes: path))
    } else {
      return false
    }
    return true
  }

  private mutating func readFile(_ word: [UInt8], _ rest: inout ArraySlice<[UInt8]>) -> Bool {
    if let path = Self.value(of: "-include", word, &rest) {
      options.includedFiles.append(FilePath(bytes: path))
    } else if let path = Self.value(of: "-imacros", word, &rest) {
      options.macroFiles.append(FilePath(bytes: path))
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
      // -Wp,-MMD,file and -Wp,-DNAME go to the preprocessor as they are; a file here is no script.
      let inner = word.dropFirst(4).split(separator: UInt8(ascii: ",")).map { Array($0) }
      let count = inputs.count
      read(inner[...])
      inputs.removeSubrange(count...)
    } else {
      return false
    }
    return true
  }

  /// Flags that say something else than how macros are predefined, or nothing at all here.
  private mutating func readPlain(_ word: [UInt8], _ rest: inout ArraySlice<[UInt8]>) -> Bool {
    switch String(decoding: word, as: UTF8.self) {
    case "-E", "-P", "-C", "-CC", "-c", "-S", "-M", "-MM", "-MD", "-MMD", "-MP", "-MG", "-pipe",
      "-v", "-Xpreprocessor":
      break
    case "-nostdinc": usesStandardFolders = false
    case let flag where Self.takingValue.contains(flag): rest = rest.dropFirst()
    case "-x":
      let name = rest.popFirst() ?? []
      language = name == Array("c".utf8) ? .c : .assembler
    case let flag where flag.hasPrefix("-xassembler"): language = .assembler
    case let flag where flag.hasPrefix("-xc"): language = .c
    case let flag where Self.idle.contains { flag.hasPrefix($0) } && !flag.hasPrefix("-march="):
      break
    default: return false
    }
    return true
  }

  /// Flags whose next word belongs to them and says nothing of preprocessing.
  private static let takingValue: Set<String> = [
    "-MF", "-MT", "-MQ", "-o", "--param", "-Xassembler", "-Xlinker", "-Xclang", "-mllvm", "-T",
    "-L", "-B", "-G", "-z", "-e", "-u", "-specs", "-wrapper", "-aux-info", "-dumpdir", "-dumpbase",
    "-arch",
  ]

  /// How flags begin that no macro depends on: warnings, dependency files, debugging, what links.
  private static let idle = [
    "-W", "-M", "-w", "-l", "-L", "-B", "-d", "-g", "-save-temps", "-specs=",
  ]
}
