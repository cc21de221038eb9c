// Link commands as they are recorded:
//
//     savedcmd_u-boot := aarch64-linux-gnu-ld.bfd -pie --gc-sections -o u-boot -T u-boot.lds ...; true     kbuild
//     savedcmd_vmlinux := scripts/link-vmlinux.sh "ld" "-m elf_x86_64" "-z max-page-size=0x200000"           the kernel
//     cd build && : && arm-none-eabi-gcc -Wl,-T,board.ld a.o -o fw.elf && :                                  a copied line
//     -T board.ld a.o b.o                                                                            a response file

/// Reads recorded link commands.
public struct RecordedLink: Sendable {
  /// The command.
  public var command: LinkCommand
  /// The file that kbuild made, as make names it; nil for other records.
  public var target: FilePath?
  /// Where the script is that the record does not name and its maker uses, as kbuild names it: the first that is there.
  public var impliedScripts: [FilePath] = []

  /// Reads a record. Of several commands the one that counts is the last that names a script, else the last.
  ///
  /// - Parameters:
  ///   - path: Where the record was found, which tells the folder that kbuild ran in.
  ///   - read: the bytes of a file; nil if there is none.
  /// - Throws: `ReadError` if the record holds no command that links.
  public init(
    _ bytes: [UInt8], path: FilePath, read: (FilePath) -> [UInt8]? = { _ in nil }
  ) throws(ReadError) {
    let variables = KbuildCommand.variables(bytes)
    let recorded = variables.first { Self.commandName($0.name) != nil }
    let name = recorded.flatMap { Self.commandName($0.name) }
    let found: [Self]
    if let recorded, let name {
      let target = FilePath(bytes: name)
      let folder = KbuildCommand.workingDirectory(target: target, commandFile: path)
      let place = folder ?? path.directory
      found = Self.commands(recorded.value, in: place, read).map {
        var link = $0
        link.target = target
        return link
      }
    } else {
      found = Self.lines(bytes).flatMap { Self.commands($0, in: FilePath(bytes: []), read) }
    }
    if let best = found.last(where: { !$0.command.scripts.isEmpty || !$0.impliedScripts.isEmpty })
      ?? found.last
    {
      self = best
    } else if recorded == nil, let command = Self.arguments(bytes, read) {
      self.command = command
    } else {
      throw ReadError(
        id: "not-a-link-command",
        message:
          "no command of a linker or of a compiler driver that links; expected a kbuild .cmd "
          + "file, a response file, or a copied command line")
    }
  }

  /// Where the link's command may be recorded beside the file `name` that it made: `.vmlinux.cmd` of `vmlinux`.
  public static func candidates(for name: FilePath) -> [FilePath] {
    let hidden = FilePath(
      bytes: Array(".".utf8) + name.lastComponent.bytes + Array(".cmd".utf8))
    return [name.directory.appending(hidden)]
  }

  /// The target of `cmd_TARGET` and `savedcmd_TARGET`.
  private static func commandName(_ name: [UInt8]) -> [UInt8]? {
    for prefix in ["savedcmd_", "cmd_"] where name.starts(with: prefix.utf8) {
      return Array(name.dropFirst(prefix.utf8.count))
    }
    return nil
  }

  /// Lines, those that end with a backslash joined with the next.
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var text: [UInt8] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let isContinued = line.last == UInt8(ascii: "\\")
      text += isContinued ? line.dropLast() + [0x20] : line
      if isContinued { continue }
      if !text.isEmpty { lines.append(text) }
      text = []
    }
    return lines
  }

  // MARK: Lines of shell

  /// The links of one line, each seen from the folder that the line changed to.
  private static func commands(
    _ line: [UInt8], in folder: FilePath, _ read: (FilePath) -> [UInt8]?
  ) -> [Self] {
    var folder = folder
    var found: [Self] = []
    for words in ShellWords.commands(line) {
      if words.count == 2, words[0] == Array("cd".utf8) {
        folder = folder.appending(FilePath(bytes: words[1]))
        continue
      }
      if let link = kernel(words, in: folder, read) {
        found.append(link)
        continue
      }
      let words = withoutLaunchers(words[...])
      guard let command = LinkCommand(Array(words), workingDirectory: folder, read: read),
        !command.stopsBeforeLink, !command.inputs.isEmpty
      else { continue }
      found.append(Self(command))
    }
    return found
  }

  /// A command as it runs.
  public init(_ command: LinkCommand) {
    self.command = command
  }

  /// `CCACHE_DIR=x ccache gcc ...` without what stands before the program.
  private static func withoutLaunchers(_ words: ArraySlice<[UInt8]>) -> ArraySlice<[UInt8]> {
    var words = words
    while let word = words.first {
      let name = String(decoding: FilePath(bytes: word).lastComponent.bytes, as: UTF8.self)
      if name == "lds-check" {
        // lds-check wrap -- ld ...
        guard let end = words.firstIndex(of: Array("--".utf8)) else { break }
        words = words[(end + 1)...]
      } else if launchers.contains(name) || isSetting(word) {
        words = words.dropFirst()
      } else {
        break
      }
    }
    return words
  }

  private static let launchers: Set<String> = [
    "ccache", "distcc", "sccache", "icecc", "gomacc", "env", "time", "exec", "command", "nice", "@",
    "+",
  ]

  /// `NAME=value`
  private static func isSetting(_ word: [UInt8]) -> Bool {
    guard let equals = word.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return false }
    return word[..<equals].allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
  }

  // MARK: The kernel

  /// `link-vmlinux.sh LD KBUILD_LDFLAGS LDFLAGS_vmlinux [OUTPUT]`: the script is the `vmlinux.lds` of the machine, which
  /// the shell script takes from its environment.
  private static func kernel(
    _ words: [[UInt8]], in folder: FilePath, _ read: (FilePath) -> [UInt8]?
  ) -> Self? {
    let isScript: ([UInt8]) -> Bool = {
      FilePath(bytes: $0).lastComponent == FilePath("link-vmlinux.sh")
    }
    guard let place = words.firstIndex(where: isScript), words.count > place + 3 else { return nil }
    let flags = ResponseFile.words(words[place + 2]) + ResponseFile.words(words[place + 3])
    let output = words.count > place + 4 ? words[place + 4] : Array("vmlinux".utf8)
    let archive = FilePath("vmlinux.a")
    let all = ["--whole-archive", archive.display, "--no-whole-archive"].map { Array($0.utf8) }
    guard
      let command = LinkCommand(
        [words[place + 1]] + flags + all + [Array("-o".utf8), output], workingDirectory: folder,
        read: read)
    else { return nil }
    var link = Self(command)
    link.impliedScripts = [
      "x86", "arm64", "arm", "riscv", "mips", "powerpc", "s390", "loongarch", "parisc", "sparc",
    ].map { FilePath("arch/\($0)/kernel/vmlinux.lds") }
    return link
  }

  // MARK: Response files

  /// The arguments of a link whose program is not known: those of a driver if a word is for a driver only.
  private static func arguments(
    _ bytes: [UInt8], _ read: (FilePath) -> [UInt8]?
  ) -> LinkCommand? {
    let words = ResponseFile.words(bytes)
    // A program in front is one that does not link.
    guard words.contains(where: { $0.first == UInt8(ascii: "-") }),
      words.first.flatMap({ LinkProgram(path: FilePath(bytes: $0)) }) == nil
    else { return nil }
    let isDriver = words.contains { word in
      word.starts(with: "-Wl,".utf8) || word == Array("-Xlinker".utf8)
        || word.starts(with: "-m".utf8) && word.contains(UInt8(ascii: "="))
    }
    let command = LinkCommand(
      [[]] + words, kind: isDriver ? .driver(.gcc) : .linker(.unnamed), read: read)
    return command.flatMap { $0.inputs.isEmpty && $0.scripts.isEmpty ? nil : $0 }
  }
}
