// A link's command line as the linker understands it: which program, which options, which inputs, in order.

/// One link.
public struct LinkCommand: Sendable {
  /// What ran, as written; empty where only its arguments are known (a response file).
  public var program: FilePath
  /// What the program is.
  public var kind: LinkProgram
  /// The linker: that of the program, or the one that a driver is told to run; `unnamed` where nothing tells.
  public var linker: LinkProgram.Linker
  /// Options and inputs in the order in which the linker meets them; the driver's own options come first.
  public var items: [LinkItem]
  /// Whether a driver was asked for something that is no link, such as `-c`.
  public var stopsBeforeLink: Bool
  /// The folder that relative names are seen from; empty for our own.
  public var workingDirectory: FilePath

  /// Reads the words of a command, the program first.
  ///
  /// - Parameters:
  ///   - words: as a program gets them; `@FILE` is expanded through `read`.
  ///   - kind: what the program is, where its name does not tell.
  ///   - read: the bytes of a file, relative to `workingDirectory`; nil if there is none.
  /// - Returns: nil if the program is none that links.
  public init?(
    _ words: [[UInt8]], kind: LinkProgram? = nil,
    workingDirectory: FilePath = FilePath(bytes: []), read: (FilePath) -> [UInt8]? = { _ in nil }
  ) {
    guard let name = words.first else { return nil }
    program = FilePath(bytes: name)
    guard let kind = kind ?? LinkProgram(path: program) else { return nil }
    self.kind = kind
    self.workingDirectory = workingDirectory
    items = []
    linker = .unnamed
    stopsBeforeLink = false
    let arguments = ResponseFile.expanded(Array(words.dropFirst())) { path in
      read(workingDirectory.appending(path))
    }
    self.read(arguments[...], as: kind)
  }

  private mutating func read(_ words: ArraySlice<[UInt8]>, as kind: LinkProgram) {
    switch kind {
    case .linker(let linker):
      self.linker = linker
      var words = words
      // rust-lld -flavor gnu: the name is of one that has many shapes.
      if linker == .lld, words.first == Array("-flavor".utf8) { words = words.dropFirst(2) }
      items += LinkWords(words, linker: linker).items
    case .driver(.rustc):
      let rust = RustWords(words)
      items += rust.own.map { .unknown($0) }
      if let output = rust.output { items.append(.option(.output(FilePath(bytes: output)))) }
      read(rust.linkArguments[...], as: rust.program)
    case .driver(let driver):
      let words = DriverWords(words, driver: driver, program: program)
      stopsBeforeLink = words.stopsBeforeLink
      if let name = words.linkerName, case .linker(let named)? = LinkProgram(linkerNamed: name) {
        linker = named
      }
      items += words.own.map { .unknown($0) }
      items += LinkWords(words.linkerWords[...], linker: linker).items
    }
  }

  // MARK: What it says

  /// The release of the linker, where the program is one and its name has it: `ld.lld-19`, `ld-2.44`.
  public var linkerVersion: LinkerVersion? {
    guard case .linker = kind else { return nil }
    var name = program.lastComponent.bytes[...]
    if name.suffix(4).elementsEqual(".exe".utf8) { name = name.dropLast(4) }
    let parts = name.split(separator: UInt8(ascii: "-"))
    return parts.dropFirst().reversed().lazy.compactMap {
      LinkerVersion(String(decoding: $0, as: UTF8.self))
    }.first
  }

  /// Every option of the table, in order.
  public var options: [LinkOption] {
    items.compactMap { item in
      if case .option(let option) = item { option } else { nil }
    }
  }

  /// Every input, in order.
  public var inputs: [LinkInput] {
    items.compactMap { item in
      if case .input(let input) = item { input } else { nil }
    }
  }

  /// The same options with these files as the only inputs.
  public func linking(_ files: [FilePath]) -> LinkCommand {
    var command = self
    command.items.removeAll { item in
      if case .input = item { true } else { false }
    }
    command.items += files.map { .input(LinkInput(.file($0))) }
    return command
  }

  /// The scripts of `-T` and `-dT`, as written, in order.
  public var scripts: [FilePath] {
    options.compactMap { option in
      switch option {
      case .script(let path), .defaultScript(let path): path
      default: nil
      }
    }
  }

  /// Where a script called `name` may be: as it is named, then in the folders of `-L` before it (ld manual, "-T").
  public func candidates(forScript name: FilePath) -> [FilePath] {
    [name] + (name.isAbsolute ? [] : searchPaths.map { $0.appending(name) })
  }

  /// The folders of `-L`, in order.
  public var searchPaths: [FilePath] {
    options.compactMap { option in
      if case .searchPath(let path) = option { path } else { nil }
    }
  }

  /// The file that is made.
  public var output: FilePath {
    options.lazy.reversed().compactMap { option in
      if case .output(let path) = option { path } else { nil }
    }.first ?? FilePath("a.out")
  }

  /// Where the map goes, if one is asked for: of several places the last counts.
  public var map: LinkOption.MapTarget? {
    options.lazy.reversed().compactMap { option in
      if case .map(let target) = option { target } else { nil }
    }.first
  }

  /// What is made, if an option says it.
  public var outputKind: LinkOption.OutputKind? {
    options.lazy.reversed().compactMap { option in
      if case .kind(let kind) = option { kind } else { nil }
    }.first
  }

  /// Whether the command makes an image: it is no partial link, and does not only tell of the program.
  public var makesImage: Bool {
    !stopsBeforeLink && outputKind != .relocatable && !inputs.isEmpty
      && !options.contains(.information)
  }
}

/// One input of a link.
public struct LinkInput: Sendable, Hashable {
  /// How the command names it.
  public enum Name: Sendable, Hashable {
    /// A file: an object, an archive, a shared library, a script.
    case file(FilePath)
    /// `-lNAME`: `libNAME.so` or `libNAME.a` in the search paths.
    case library([UInt8])
    /// `-l:NAME`: the file `NAME` in the search paths.
    case libraryFile([UInt8])
  }

  /// What options before it say of how it is linked.
  public struct Treatment: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8
    /// The treatment with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `--whole-archive`: every member is linked.
    public static let wholeArchive = Treatment(rawValue: 1)
    /// `--as-needed`
    public static let asNeeded = Treatment(rawValue: 2)
    /// `-Bstatic`: only archives are looked for.
    public static let archivesOnly = Treatment(rawValue: 4)
    /// `-R FILE`: its symbols only.
    public static let symbolsOnly = Treatment(rawValue: 8)
  }

  /// How it is named.
  public var name: Name
  /// The number of its `--start-group`, from 0; nil outside groups.
  public var group: Int?
  /// How it is linked.
  public var treatment: Treatment
  /// `-b FORMAT` before it; nil where the linker finds out.
  public var format: [UInt8]?

  /// An input called `name`.
  public init(
    _ name: Name, group: Int? = nil, treatment: Treatment = [], format: [UInt8]? = nil
  ) {
    self.name = name
    self.group = group
    self.treatment = treatment
    self.format = format
  }
}
