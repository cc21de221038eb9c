// Opens the files of a link as lld does: one by one in the order of the command, members of archives as soon as a symbol
// of theirs is wanted, wherever it is wanted (lld/ELF/Driver.cpp, link; InputFiles.cpp, parse, parseLazy; Symbols.cpp,
// resolve).

internal import LdsParser

/// Loads the inputs of one link.
struct LLDLoader {
  private let link: LLDLink
  private let files: InputFiles
  private let command: LinkCommand

  init(_ link: LLDLink, _ command: LinkCommand, provider: any SourceProvider) {
    self.link = link
    self.command = command
    files = InputFiles(command: command, provider: provider)
  }

  func load() throws(LayoutStop) {
    for name in link.options.undefined.map({ link.names.intern($0) }) + link.script.undefined {
      try refer(to: name)
    }
    for item in command.items {
      switch item {
      case .option(.script), .option(.defaultScript): try loadScriptFiles()
      case .input(let input): try load(input)
      default: break
      }
    }
    if command.scripts.isEmpty { try loadScriptFiles() }
    if link.files.isEmpty { throw .refused("there are no objects to lay out") }
    try takeEntry()
    try referFromScript()
    try takeSections()
  }

  /// INPUT and GROUP.
  private func loadScriptFiles() throws(LayoutStop) {
    for (inputs, _) in link.script.inputs {
      for file in inputs {
        let name = link.names.bytes(file.name.name)
        if name.starts(with: "-l".utf8) {
          try load(LinkInput(.library(Array(name.dropFirst(2)))))
        } else {
          try load(LinkInput(.file(files.besideScript(FilePath(bytes: name), link.text.path))))
        }
      }
    }
  }

  private func load(_ input: LinkInput) throws(LayoutStop) {
    let (name, path) = try files.place(input)
    let buffer = try files.open(path)
    guard let archive = try files.archive(buffer, at: path, names: &link.names) else {
      let object = try files.object(buffer, at: path, names: &link.names)
      try parse(link.makeFile(object, member: name, archive: nil, isLazy: false))
      return
    }
    let isWhole = input.treatment.contains(.wholeArchive)
    var members: [LLDFile] = []
    for member in archive.members {
      let object = try files.member(member, of: archive, at: path, names: &link.names)
      members.append(
        link.makeFile(object, member: member.name, archive: name, isLazy: !isWhole))
    }
    for member in members {
      if isWhole { try parse(member) } else { try parseLazy(member) }
    }
  }

  /// If only an archive defines the entry symbol, that member is linked.
  private func takeEntry() throws(LayoutStop) {
    guard let symbol = link.symbols.find(link.entry), case .lazy(let file) = symbol.state else {
      return
    }
    try extract(file)
  }

  // MARK: References

  private func refer(to name: NameID) throws(LayoutStop) {
    let symbol = link.symbols.entry(name)
    symbol.isUsed = true
    try resolveUndefined(symbol, isWeak: false)
    symbol.isReferenced = true
  }

  /// What expressions name is wanted; what a PROVIDE names, if it is itself (`addScriptReferencedSymbolsToSymTable`).
  private func referFromScript() throws(LayoutStop) {
    for name in link.references.names { try refer(to: name) }
    var added: Set<NameID> = []
    var pending: [[NameID]] = []
    for provide in link.references.provided where link.shouldProvide(provide.name) {
      if added.insert(provide.name).inserted { pending.append(provide.names) }
    }
    while let names = pending.popLast() {
      for name in names {
        try refer(to: name)
        link.references.names.append(name)
        if let provide = link.references.provided.first(where: { $0.name == name }),
          link.shouldProvide(name), added.insert(name).inserted
        {
          pending.append(provide.names)
        }
      }
    }
  }

  // MARK: Files

  private func parseLazy(_ file: LLDFile) throws(LayoutStop) {
    guard let object = file.object else { return }
    for entry in object.symbols
    where entry.binding != 0 && !entry.isNameless && entry.place != .undefined {
      let symbol = link.symbols.entry(entry.name)
      switch symbol.state {
      case .placeholder: symbol.state = .lazy(file)
      case .undefined where symbol.isWeak: symbol.state = .lazy(file)
      case .undefined: try extract(file)
      case .common, .lazy, .defined: break
      }
      if !file.isLazy { return }
    }
  }

  private func extract(_ file: LLDFile) throws(LayoutStop) {
    guard file.isLazy else { return }
    file.isLazy = false
    try parse(file)
  }

  /// Definitions come before references, so that what belongs together is of one file.
  private func parse(_ file: LLDFile) throws(LayoutStop) {
    guard let object = file.object else { return }
    try LLDSectionTaker(link).check(object, file)
    link.files.append(file)
    for group in object.groups where group.isComdat {
      if link.comdats.insert(group.signature).inserted { continue }
      file.discarded.formUnion(group.members)
    }
    var undefined: [ObjectSymbolEntry] = []
    for entry in object.symbols where entry.binding != 0 && !entry.isNameless {
      let symbol = link.symbols.entry(entry.name)
      symbol.isUsed = true
      switch entry.place {
      case .undefined: undefined.append(entry)
      case .common: resolveCommon(symbol, entry, file)
      case .absolute: resolveDefined(symbol, entry, file, section: 0)
      case .section(let number): resolveDefined(symbol, entry, file, section: number)
      }
    }
    for entry in undefined {
      let symbol = link.symbols.entry(entry.name)
      try resolveUndefined(symbol, isWeak: entry.binding == 2)
      symbol.isReferenced = true
    }
  }

  // MARK: Resolution

  private func resolveUndefined(_ symbol: LLDSymbol, isWeak: Bool) throws(LayoutStop) {
    switch symbol.state {
    case .placeholder:
      symbol.state = .undefined
      symbol.isWeak = isWeak
    case .lazy(let file):
      if isWeak {
        symbol.isWeak = true
      } else {
        try extract(file)
      }
    case .undefined: if !isWeak || !symbol.isReferenced { symbol.isWeak = isWeak }
    case .common, .defined: break
    }
  }

  private func resolveCommon(
    _ symbol: LLDSymbol, _ entry: ObjectSymbolEntry, _ file: LLDFile
  ) {
    if symbol.isDefined, !symbol.isWeak { return }
    if symbol.isCommon {
      symbol.alignment = max(symbol.alignment, entry.value)
      guard entry.size > symbol.size else { return }
    } else {
      symbol.alignment = max(entry.value, 1)
      symbol.state = .common
      symbol.isWeak = false
      symbol.type = entry.type
    }
    symbol.size = entry.size
    symbol.file = file
  }

  private func resolveDefined(
    _ symbol: LLDSymbol, _ entry: ObjectSymbolEntry, _ file: LLDFile, section: Int
  ) {
    let isWeak = entry.binding == 2
    if symbol.isCommon {
      if isWeak { return }
    } else if symbol.isDefined {
      guard symbol.isWeak, !isWeak else { return }
    }
    symbol.state = .defined
    symbol.isWeak = isWeak
    symbol.value = entry.value
    symbol.size = entry.size
    symbol.type = entry.type
    symbol.file = file
    symbol.section = section
    symbol.isAbsoluteInFile = entry.place == .absolute
  }

  // MARK: Sections

  /// Makes the sections of all files, now that all are known, and ties symbols to them (`postParse`).
  private func takeSections() throws(LayoutStop) {
    let taker = LLDSectionTaker(link)
    for file in link.files { try taker.take(file) }
    for file in link.files {
      for entry in file.object?.symbols ?? [] where entry.binding != 0 && !entry.isNameless {
        guard case .section(let number) = entry.place, let symbol = link.symbols.find(entry.name)
        else { continue }
        try tie(symbol, entry, file, number)
      }
    }
  }

  private func tie(
    _ symbol: LLDSymbol, _ entry: ObjectSymbolEntry, _ file: LLDFile, _ number: Int
  ) throws(LayoutStop) {
    guard let input = file.section(numbered: number) else {
      // In a section that is not linked nothing is defined; in one that -S leaves out a number.
      if symbol.file === file, symbol.isDefined, let stripped = link.stripped(number, of: file) {
        symbol.home = .absolute
        symbol.value = link.value(symbol.value, in: stripped)
      } else if symbol.file === file, symbol.isDefined {
        symbol.state = .undefined
        symbol.isWeak = false
      }
      return
    }
    if symbol.file === file, symbol.isDefined {
      symbol.home = .input(input)
    } else if symbol.isDefined, !symbol.isWeak, entry.binding != 2 {
      throw .linkerStops("duplicate symbol: \(link.names.string(entry.name))")
    }
  }
}

/// The table of global symbols.
final class LLDSymbols {
  private var byName: [LLDSymbol?] = []
  /// All of them, in the order in which they were first met.
  private(set) var all: [LLDSymbol] = []

  func find(_ name: NameID) -> LLDSymbol? {
    let index = Int(name.index)
    return index < byName.count ? byName[index] : nil
  }

  func entry(_ name: NameID) -> LLDSymbol {
    if let known = find(name) { return known }
    let symbol = LLDSymbol(name)
    while byName.count <= Int(name.index) { byName.append(nil) }
    byName[Int(name.index)] = symbol
    all.append(symbol)
    return symbol
  }
}
