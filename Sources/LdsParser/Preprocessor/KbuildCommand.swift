// The command that kbuild recorded beside its output, as in arch/x86/.xen.lds.cmd:
//
//   cmd_arch/x86/xen.lds := gcc -E -P -MMD -MF arch/x86/.xen.lds.d -m64 -I./include -DBUILD_ID \
//     '-D__OBJECT_LABEL__=arch/x86/xen.lds' -o arch/x86/xen.lds /src/xen/arch/x86/xen.lds.S
//
//   source_arch/x86/xen.lds := /src/xen/arch/x86/xen.lds.S
//
//   deps_arch/x86/xen.lds := \
//     $(wildcard include/config/xen/align/2m.h) \
//     /src/xen/include/xen/config.h \

/// How kbuild preprocessed a linker script.
public struct KbuildCommand: Sendable {
  /// The file that the command made, as make names it: relative to ``Preprocessor/Options/workingDirectory``.
  public var target: FilePath
  /// The compiler's name as recorded.
  public var compiler: FilePath
  /// The script that was preprocessed, as recorded.
  public var script: FilePath
  /// The files that the script included then, as recorded.
  public var dependencies: [FilePath]
  /// The command's flags; ``Preprocessor/Options/workingDirectory`` is the folder that kbuild ran in.
  public var options: Preprocessor.Options
  /// Whether the compiler's own include folders were searched (no `-nostdinc`).
  public var usesStandardFolders: Bool
  /// Whether the compiler's name told the processor; else the built-in macros are those of x86_64.
  public var knowsTarget: Bool
  /// Whether the folder that kbuild ran in follows from the names; else it is the command file's own.
  public var knowsWorkingDirectory: Bool

  /// The compiler's flags as recorded.
  public let flags: [[UInt8]]
  /// Those of them that predefined macros depend on.
  private let machine: MachineFlags

  /// Reads a command file.
  ///
  /// - Parameters:
  ///   - path: Where the file was found, which tells the folder that kbuild ran in.
  ///   - responseFile: The text of a file that the command names as `@FILE`, or nil if there is none.
  /// - Throws: `ReadError` if it holds no command that preprocesses one file.
  public init(
    _ bytes: [UInt8], path: FilePath, responseFile: (FilePath) -> [UInt8]? = { _ in nil }
  ) throws(ReadError) {
    let variables = Self.variables(bytes)
    let recorded =
      variables.first { Self.hasPrefix($0.name, "cmd_") }
      ?? variables.first { Self.hasPrefix($0.name, "savedcmd_") }
    guard let line = recorded?.value ?? Self.plainCommand(bytes) else {
      throw ReadError(
        id: "not-a-command-file",
        message: "no line 'cmd_FILE := ...' as kbuild records it, and no compiler command with -E")
    }
    guard let words = Self.preprocessing(line), let name = words.first else {
      throw ReadError(
        id: "not-a-command-file", message: "the recorded command does not run a compiler with -E")
    }
    let prefix = recorded.map { Self.hasPrefix($0.name, "cmd_") ? 4 : 9 } ?? 0
    target = FilePath(bytes: Array((recorded?.name ?? []).dropFirst(prefix)))
    compiler = FilePath(bytes: name)
    let folder = recorded == nil ? nil : Self.workingDirectory(target: target, commandFile: path)
    // A line that somebody copied is repeated where we are.
    let place = recorded == nil ? FilePath(bytes: []) : folder ?? path.directory
    knowsWorkingDirectory = folder != nil
    flags = Self.withResponseFiles(words.dropFirst()) { responseFile(place.appending($0)) }
    let guess = Target(triple: compiler.display)
    let sorted = CompilerFlags(flags[...], target: guess)
    let source = variables.first { Self.hasPrefix($0.name, "source_") }
    let sourceName = source.map { FilePath(bytes: Self.trimmed($0.value)) }
    guard let script = sorted.inputs.last ?? sourceName else {
      throw ReadError(
        id: "not-a-command-file", message: "the recorded command names no file to preprocess")
    }
    self.script = script
    options = sorted.options
    options.workingDirectory = place
    usesStandardFolders = sorted.usesStandardFolders
    knowsTarget = guess != nil
    machine = sorted.machine
    dependencies = Self.dependencies(variables)
  }

  /// Flags, without the compiler's name, with which a compiler prints its predefined macros for this
  /// command, but for `-x` and what follows.
  public var predefinedFlags: [[UInt8]] {
    machine.question + (usesStandardFolders ? [] : [Array("-nostdinc".utf8)])
  }

  /// Arguments with which ``compiler`` prints its predefined macros for this command.
  public var predefinedQuery: [[UInt8]] {
    let language = options.language == .c ? "c" : "assembler-with-cpp"
    return predefinedFlags + ["-dM", "-E", "-x", language, "/dev/null"].map { Array($0.utf8) }
  }

  /// Takes the built-in macros of another target than that of ``compiler``, as the flags modify them.
  public mutating func retarget(_ target: Target) {
    let sorted = CompilerFlags(flags[...], target: target)
    options.predefined = sorted.options.predefined
    options.impliedDefinitions = sorted.options.impliedDefinitions
    knowsTarget = true
  }

  /// Where the command file of `file`, a script or what was made of it, may lie, likeliest first.
  public static func candidates(for file: FilePath) -> [FilePath] {
    let folder = file.directory
    let name = file.lastComponent.bytes
    var names = [name]
    if name.suffix(2) == Array(".S".utf8)[...] { names.insert(Array(name.dropLast(2)), at: 0) }
    // Xen makes efi.lds of the same script.
    if names.contains(Array("xen.lds".utf8)) { names.append(Array("efi.lds".utf8)) }
    return names.map { base in
      let hidden = FilePath(bytes: Array(".".utf8) + base + Array(".cmd".utf8))
      return folder.bytes.isEmpty ? hidden : folder.appending(hidden)
    }
  }

  /// The script's path for opening: relative names are looked at from the folder kbuild ran in.
  public var scriptPath: FilePath { options.workingDirectory.appending(script) }
}

extension KbuildCommand {
  /// A make variable of a command file.
  struct Variable {
    var name: [UInt8]
    var value: [UInt8]
  }

  private static func hasPrefix(_ bytes: [UInt8], _ prefix: StaticString) -> Bool {
    bytes.starts(with: Array(prefix.description.utf8))
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    var slice = bytes.drop(while: isBlank)
    while let last = slice.last, isBlank(last) { slice.removeLast() }
    return Array(slice)
  }

  /// The make variables `name := value`, with continued lines joined.
  static func variables(_ bytes: [UInt8]) -> [Variable] {
    var lines: [[UInt8]] = [[]]
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let isContinued = line.last == UInt8(ascii: "\\")
      lines[lines.count - 1] += isContinued ? line.dropLast() + [0x20] : line[...]
      if !isContinued { lines.append([]) }
    }
    return lines.compactMap { line in
      guard let colon = line.indices.first(where: { line[$0...].starts(with: [0x3A, 0x3D]) })
      else { return nil }
      return Variable(
        name: trimmed(Array(line[..<colon])),
        value: unescaped(trimmed(Array(line[(colon + 2)...]))))
    }
  }

  /// Undoes kbuild's own escapes: `$(pound)` for `#`, `$$` for `$`.
  private static func unescaped(_ value: [UInt8]) -> [UInt8] {
    let pound = Array("$(pound)".utf8)
    var result: [UInt8] = []
    var position = 0
    while position < value.count {
      if value[position] == UInt8(ascii: "$") {
        if value[position...].starts(with: pound) {
          result.append(UInt8(ascii: "#"))
          position += pound.count
          continue
        }
        if position + 1 < value.count, value[position + 1] == UInt8(ascii: "$") { position += 1 }
      }
      result.append(value[position])
      position += 1
    }
    return result
  }

  /// The words of the command that preprocesses.
  private static func preprocessing(_ line: [UInt8]) -> [[UInt8]]? {
    ShellWords.commands(line).first { $0.dropFirst().contains(Array("-E".utf8)) }
  }

  /// A command as `make V=1` prints it, on a line of its own.
  private static func plainCommand(_ bytes: [UInt8]) -> [UInt8]? {
    var text: [UInt8] = []
    for line in bytes.split(separator: 0x0A) {
      let isContinued = line.last == UInt8(ascii: "\\")
      text += isContinued ? line.dropLast() + [0x20] : line[...]
      if isContinued { continue }
      if preprocessing(text) != nil { return text }
      text = []
    }
    return nil
  }

  /// `words` with the words of the file in the place of `@FILE`; a file that is not there stays a word.
  private static func withResponseFiles(
    _ words: ArraySlice<[UInt8]>, depth: Int = 0, _ read: (FilePath) -> [UInt8]?
  ) -> [[UInt8]] {
    words.flatMap { word -> [[UInt8]] in
      guard word.first == UInt8(ascii: "@"), word.count > 1, depth < Limit.responseFileDepth,
        let text = read(FilePath(bytes: Array(word.dropFirst())))
      else { return [word] }
      let inner = ShellWords.words(text)
      return withResponseFiles(inner[...], depth: depth + 1, read)
    }
  }

  private static func dependencies(_ variables: [Variable]) -> [FilePath] {
    guard let list = variables.first(where: { hasPrefix($0.name, "deps_") }) else { return [] }
    return list.value.split(separator: 0x20).filter {
      !$0.starts(with: Array("$(wildcard".utf8)) && $0.last != UInt8(ascii: ")")
    }.map { FilePath(bytes: Array($0)) }
  }

  /// The folder from which `target` leads to the command file's folder: what they have in common at their
  /// ends is taken away from both. Nil if `target` does not end like that folder.
  static func workingDirectory(target: FilePath, commandFile: FilePath) -> FilePath? {
    if target.isAbsolute { return nil }
    let slash = UInt8(ascii: "/")
    let isPlain: (ArraySlice<UInt8>) -> Bool = { $0 != [UInt8(ascii: ".")][...] }
    var made = target.directory.bytes.split(separator: slash).filter(isPlain)
    var found = commandFile.directory.bytes.split(separator: slash).filter(isPlain)
    while let last = made.last, last == found.last {
      made.removeLast()
      found.removeLast()
    }
    if commandFile.isAbsolute || !found.isEmpty, !made.isEmpty { return nil }
    // The command file was named from inside the tree: `.xen.lds.cmd` lies in arch/x86.
    found += made.map { _ in Array("..".utf8)[...] }
    let joined = Array(found.joined(separator: [slash]))
    return FilePath(bytes: commandFile.isAbsolute ? [slash] + joined : joined)
  }
}
