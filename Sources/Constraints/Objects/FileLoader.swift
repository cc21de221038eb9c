// Opens the files of a link in the linker's order, takes what defines undefined symbols out of archives, and joins the
// symbols (ldlang.c, open_input_bfds; bfd/elflink.c, elf_link_add_object_symbols, elf_link_add_archive_symbols).

internal import LdsParser

/// Loads the inputs of one link.
struct FileLoader {
  private let link: ObjectLink
  private let command: LinkCommand
  private let files: InputFiles
  private var archives: [FilePath: LoadedArchive] = [:]
  /// What references mean by --wrap.
  private var wrapped: [NameID: NameID] = [:]
  /// The files of the command that are not open yet, by their names: the script may name them first.
  private var waiting: [[UInt8]: LinkInput] = [:]
  /// Files that were opened since the script names them in place of patterns, or that the command names.
  private var known: Set<[UInt8]> = []

  /// An archive with what was taken out of it.
  private final class LoadedArchive {
    let archive: ObjectArchive
    let name: [UInt8]
    let path: FilePath
    /// What it was asked for by last: `libc.a`, or `-lc`.
    var request: LinkInput.Name
    var isTaken: [Bool]
    var objects: [ObjectFile?]

    init(_ archive: ObjectArchive, name: [UInt8], path: FilePath, request: LinkInput.Name) {
      self.archive = archive
      self.request = request
      self.name = name
      self.path = path
      isTaken = Array(repeating: false, count: archive.members.count)
      objects = Array(repeating: nil, count: archive.members.count)
    }
  }

  init(_ link: ObjectLink, _ command: LinkCommand, provider: any SourceProvider) {
    self.link = link
    self.command = command
    files = InputFiles(command: command, provider: provider)
    for symbol in link.options.settings.wrapped {
      let name = link.names.intern(symbol)
      wrapped[name] = link.names.intern(Array("__wrap_".utf8) + symbol)
      wrapped[link.names.intern(Array("__real_".utf8) + symbol)] = name
    }
  }

  /// Loads everything.
  mutating func load() throws(LayoutStop) {
    referToNames()
    for input in command.inputs {
      if case .file(let path) = input.name, waiting[path.bytes] == nil {
        waiting[path.bytes] = input
      }
    }
    if command.scripts.isEmpty { try loadScriptFiles() }
    var group: (number: Int, archives: [LoadedArchive])?
    for item in command.items {
      switch item {
      case .option(.script), .option(.defaultScript): try loadScriptFiles()
      case .input(let input):
        if let open = group, open.number != input.group {
          try finish(open.archives)
          group = nil
        }
        let archive = try open(input)
        if let number = input.group {
          group = (number, (group?.archives ?? []) + (archive.map { [$0] } ?? []))
        }
      default: break
      }
    }
    if let group { try finish(group.archives) }
    if link.files.isEmpty { throw .refused("there are no objects to lay out") }
  }

  /// Takes objects that were loaded already, in their order.
  mutating func take(_ files: [LinkFile]) throws(LayoutStop) {
    referToNames()
    try link.evaluateFirst()
    for file in files { try add(file) }
  }

  /// Names that the command or the script wants are undefined symbols.
  private func referToNames() {
    let options = link.options
    if let entry = options.entry { link.script.entry = link.names.intern(entry) }
    if let entry = link.script.entry, let first = link.names.bytes(entry).first,
      !(0x30...0x39).contains(first)
    {
      link.symbols.refer(to: entry)
    }
    for name in options.undefined { link.script.undefined.append(link.names.intern(name)) }
    for name in link.script.undefined { link.symbols.refer(to: name) }
  }

  /// What the script does where it stands on the command line: its assignments run once, and the files that it names
  /// are loaded: INPUT, GROUP, and file patterns without wildcards.
  private mutating func loadScriptFiles() throws(LayoutStop) {
    try link.evaluateFirst()
    for (files, isGroup) in link.script.inputs {
      var group: [LoadedArchive] = []
      for file in files {
        let name = link.names.bytes(file.name.name)
        let isLibrary = name.starts(with: "-l".utf8)
        let input = LinkInput(
          isLibrary ? .library(Array(name.dropFirst(2))) : .file(FilePath(bytes: name)))
        if let archive = try load(input) { group.append(archive) }
      }
      if isGroup { try finish(group) }
    }
    for section in link.sections {
      for case .inputs(let statement) in section.body {
        guard let file = statement.description.file else { continue }
        let name = link.names.bytes(file.pattern.name)
        guard Glob.isLiteral(name), !name.contains(UInt8(ascii: ":")),
          known.insert(name).inserted
        else { continue }
        if let input = waiting[name] {
          _ = try load(input)
        } else if try load(LinkInput(.file(FilePath(bytes: name)))) != nil {
          link.archiveOfScript = name
        }
      }
    }
  }

  /// Opens an input of the command where it stands; one that the script has named before is open by then, and an archive
  /// is searched again in a group only (ldlang.c, lookup_name, open_input_bfds).
  private mutating func open(_ input: LinkInput) throws(LayoutStop) -> LoadedArchive? {
    guard case .file(let path) = input.name else { return try load(input) }
    let isFirst = waiting.removeValue(forKey: path.bytes) != nil
    let isOpen = !known.insert(path.bytes).inserted
    if isFirst, isOpen, input.group == nil { return nil }
    if isFirst, isOpen, archives[try files.place(input).1] == nil { return nil }
    return try load(input)
  }

  // MARK: Files

  private mutating func load(_ input: LinkInput) throws(LayoutStop) -> LoadedArchive? {
    let (name, path) = try files.place(input)
    if let known = archives[path] {
      known.request = input.name
      try take(known, all: input.treatment.contains(.wholeArchive))
      return known
    }
    let buffer = try files.open(path)
    if let archive = try files.archive(buffer, at: path, names: &link.names) {
      let loaded = LoadedArchive(
        archive, name: name, path: path, request: input.name)
      archives[path] = loaded
      try take(loaded, all: input.treatment.contains(.wholeArchive))
      return loaded
    }
    var object = try files.object(buffer, at: path, names: &link.names)
    object.rename(references: wrapped)
    try add(LinkFile(object: object, name: name, archive: nil))
    return nil
  }

  // MARK: Archives

  /// Members of a group are looked through until nothing new comes.
  private mutating func finish(_ archives: [LoadedArchive]) throws(LayoutStop) {
    var hasNew = true
    while hasNew {
      hasNew = false
      for archive in archives where try take(archive, all: false) { hasNew = true }
    }
  }

  /// Takes the members that define undefined symbols, in the order of the index, until nothing new comes.
  @discardableResult
  private mutating func take(_ loaded: LoadedArchive, all: Bool) throws(LayoutStop) -> Bool {
    var hasNew = false
    if all {
      for index in loaded.isTaken.indices where !loaded.isTaken[index] {
        try takeMember(index, of: loaded)
        hasNew = true
      }
      return hasNew
    }
    if loaded.archive.index.isEmpty, !loaded.archive.members.isEmpty {
      throw .refused("\(loaded.path.display): an archive without an index")
    }
    var isAgain = true
    while isAgain {
      isAgain = false
      for entry in loaded.archive.index where !loaded.isTaken[entry.member] {
        guard let symbol = link.symbols.find(entry.symbol), try wants(symbol, entry, loaded) else {
          continue
        }
        try takeMember(entry.member, of: loaded)
        isAgain = true
        hasNew = true
      }
    }
    return hasNew
  }

  /// An undefined symbol is looked for, a weak one is not; a common one is if the member really defines it.
  private func wants(
    _ symbol: LinkSymbol, _ entry: ObjectArchive.Entry, _ loaded: LoadedArchive
  ) throws(LayoutStop) -> Bool {
    if symbol.state == .undefined { return true }
    guard symbol.state == .common else { return false }
    return try object(entry.member, of: loaded).symbols.contains { candidate in
      guard candidate.name == entry.symbol, candidate.binding != 0 else { return false }
      return candidate.place != .undefined && candidate.place != .common
    }
  }

  private func object(_ index: Int, of loaded: LoadedArchive) throws(LayoutStop) -> ObjectFile {
    if let known = loaded.objects[index] { return known }
    var object = try files.member(
      loaded.archive.members[index], of: loaded.archive, at: loaded.path, names: &link.names)
    object.rename(references: wrapped)
    loaded.objects[index] = object
    return object
  }

  private mutating func takeMember(_ index: Int, of loaded: LoadedArchive) throws(LayoutStop) {
    loaded.isTaken[index] = true
    let object = try object(index, of: loaded)
    var name = loaded.archive.members[index].name
    if loaded.archive.isThin {
      // In a thin archive a member is a path.
      name = FilePath(bytes: loaded.name).directory.appending(FilePath(bytes: name)).bytes
    }
    let file = LinkFile(object: object, name: name, archive: loaded.name)
    if case .file(let path) = loaded.request { file.archiveRequest = path.bytes }
    try add(file)
  }

  private func add(_ file: LinkFile) throws(LayoutStop) {
    try ObjectJoiner(link).add(file)
  }
}

extension Glob {
  /// Whether a pattern has no wildcards: then it is a name.
  static func isLiteral(_ pattern: [UInt8]) -> Bool {
    !pattern.contains {
      $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
    }
  }
}
