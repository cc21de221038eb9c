// Which input sections an input section description takes, and in which order (ldlang.c, walk_wild; ld manual, "Input
// Section Wildcards").

internal import LdsParser

/// A pattern for the names of files (ldlang.c, walk_wild_file, name_match).
struct FilePattern {
  private enum Kind {
    case every
    /// `:FILE`, `ARCHIVE:`, `ARCHIVE:MEMBER`
    case parted(archive: Glob?, member: Glob?)
    case plain(Glob, isLiteral: Bool)
  }

  private let kind: Kind

  init(_ pattern: [UInt8]) {
    if pattern == [UInt8(ascii: "*")] {
      kind = .every
    } else if let colon = pattern.firstIndex(of: UInt8(ascii: ":")) {
      let archive = Array(pattern[..<colon])
      let member = Array(pattern[(colon + 1)...])
      kind = .parted(
        archive: archive.isEmpty ? nil : Glob(archive), member: member.isEmpty ? nil : Glob(member))
    } else {
      kind = .plain(Glob(pattern), isLiteral: Glob.isLiteral(pattern))
    }
  }

  func matches(_ file: LinkFile) -> Bool {
    switch kind {
    case .every: return true
    case .plain(let glob, let isLiteral):
      // A name without wildcards is that of a file, or of an archive, which means all its members.
      guard isLiteral, file.archive != nil else { return glob.matches(file.name) }
      return file.archiveRequest.map(glob.matches) ?? false
    case .parted(let archive, let member):
      guard let own = file.archive else {
        return archive == nil && member?.matches(file.name) ?? false
      }
      guard let archive, archive.matches(own) else { return false }
      return member?.matches(file.name) ?? true
    }
  }

  /// Whether EXCLUDE_FILE with this pattern leaves the file out: by its name or by that of its archive.
  func excludes(_ file: LinkFile) -> Bool {
    guard case .plain(let glob, _) = kind else { return matches(file) }
    return glob.matches(file.name) || file.archive.map(glob.matches) ?? false
  }
}

/// One pattern for names of sections.
struct SectionPattern {
  /// How what it takes is sorted.
  enum Order {
    case none, name, alignment, nameThenAlignment, alignmentThenName, priority
  }

  let glob: Glob
  let excluded: [FilePattern]
  let order: Order

  init(_ pattern: WildcardPattern, _ names: NameTable, preset: SortKind?) throws(LayoutStop) {
    let bytes = names.bytes(pattern.pattern.name)
    glob = Glob(bytes)
    excluded = pattern.excludedFiles.map { FilePattern(names.bytes($0.name)) }
    var sorts = pattern.sorts
    // --sort-section sorts what is not sorted, with wildcards or without, and within what is sorted by the other key
    // (ldlang.c, update_wild_statements).
    if let preset, bytes != Array(".init".utf8), bytes != Array(".fini".utf8) {
      switch sorts {
      case []: sorts = [preset]
      case [.byName] where preset == .byAlignment: sorts.append(preset)
      case [.byAlignment] where preset == .byName: sorts.append(preset)
      default: break
      }
    }
    switch (sorts.first, sorts.dropFirst().first) {
    case (nil, _), (SortKind.none?, _): order = .none
    case (.byName?, .byAlignment?): order = .nameThenAlignment
    case (.byAlignment?, .byName?): order = .alignmentThenName
    case (.byName?, _): order = .name
    case (.byAlignment?, _): order = .alignment
    case (.byInitPriority?, _): order = .priority
    case (.reverse?, _): throw .refused("REVERSE is not modelled")
    }
  }
}

/// An input section description, ready to match.
struct InputMatcher {
  private let link: ObjectLink
  private let file: FilePattern
  private let sortsFiles: Bool
  private let excluded: [FilePattern]
  private let patterns: [SectionPattern]
  private let flags: SectionFlagFilter

  init(_ description: InputSectionDescription, _ link: ObjectLink) throws(LayoutStop) {
    self.link = link
    let names = link.names
    file = FilePattern(description.file.map { names.bytes($0.pattern.name) } ?? [0x2A])
    sortsFiles = description.file?.sorts.contains { $0 == .byName } ?? false
    if description.file?.sorts.contains(.reverse) ?? false {
      throw .refused("REVERSE is not modelled")
    }
    excluded = description.file?.excludedFiles.map { FilePattern(names.bytes($0.name)) } ?? []
    var patterns: [SectionPattern] = []
    for pattern in description.sections {
      patterns.append(try SectionPattern(pattern, names, preset: link.options.sortsSections))
    }
    self.patterns = patterns
    flags = try SectionFlagFilter(description.flags, names)
  }

  /// Whether the flags of a section are those that INPUT_SECTION_FLAGS asks for.
  func takesFlags(of section: InputSection) -> Bool { flags.takes(section) }

  /// The sections that it takes if nobody did before, in the linker's order.
  func sections() -> [InputSection] {
    var matches: [SortedInput] = []
    var takes: [Bool?] = Array(repeating: nil, count: link.files.count)
    for candidate in link.candidates(patterns.map(\.glob)) {
      let number = candidate.order >> 32
      let isTaken = takes[number] ?? takesFile(candidate.file)
      takes[number] = isTaken
      guard isTaken else { continue }
      if patterns.isEmpty {
        matches.append(SortedInput(section: candidate, order: .none))
        continue
      }
      if let only = patterns.first, patterns.count == 1, only.excluded.isEmpty {
        matches.append(SortedInput(section: candidate, order: only.order))
        continue
      }
      let name = link.names.bytes(candidate.name)
      for pattern in patterns where pattern.glob.matches(name) {
        if pattern.excluded.contains(where: { $0.excludes(candidate.file) }) { continue }
        matches.append(SortedInput(section: candidate, order: pattern.order))
      }
    }
    return InputSorter(
      names: link.names, sortsFiles: sortsFiles, isReplayed: link.isReplayed
    ).sorted(matches)
  }

  private func takesFile(_ candidate: LinkFile) -> Bool {
    file.matches(candidate) && !excluded.contains { $0.excludes(candidate) }
  }
}

/// `INPUT_SECTION_FLAGS(SHF_WRITE & !SHF_EXECINSTR)`
struct SectionFlagFilter {
  private var wanted: UInt64 = 0
  private var refused: UInt64 = 0

  private static let values: [String: UInt64] = [
    "SHF_WRITE": 1, "SHF_ALLOC": 2, "SHF_EXECINSTR": 4, "SHF_MERGE": 16, "SHF_STRINGS": 32,
    "SHF_INFO_LINK": 64, "SHF_LINK_ORDER": 128, "SHF_OS_NONCONFORMING": 256, "SHF_GROUP": 512,
    "SHF_TLS": 1024, "SHF_GNU_RETAIN": 0x20_0000, "SHF_EXCLUDE": 0x8000_0000,
  ]

  /// One that takes every section.
  static let none = SectionFlagFilter()

  private init() {}

  init(_ terms: [SectionFlagTerm], _ names: NameTable) throws(LayoutStop) {
    for term in terms {
      let text = names.string(term.name.name)
      guard let value = Self.values[text] else {
        throw .refused("INPUT_SECTION_FLAGS(\(text)) is not modelled")
      }
      if term.isNegated { refused |= value } else { wanted |= value }
    }
  }

  func takes(_ section: InputSection) -> Bool { takes(section.record?.flags ?? 0) }

  func takes(_ flags: UInt64) -> Bool { flags & wanted == wanted && flags & refused == 0 }
}

extension ObjectLink {
  /// The input sections whose names one of the patterns may match, in input order; all of them without patterns.
  func candidates(_ globs: [Glob]) -> [InputSection] {
    guard !globs.isEmpty else { return files.flatMap(\.sections) }
    let names = inputNames.names(like: globs)
    if names.count == 1 { return inputNames.sections[names[0]] ?? [] }
    var found: [(order: Int, section: InputSection)] = []
    for name in names {
      for section in inputNames.sections[name] ?? [] { found.append((section.order, section)) }
    }
    found.sort { $0.order < $1.order }
    return found.map(\.section)
  }
}

/// Input sections by their names.
struct InputNames {
  private(set) var sections: [NameID: [InputSection]] = [:]
  private var files: [LinkFile] = []
  /// The names in the order of their bytes, so that those with one beginning are together.
  private var sorted: [(text: [UInt8], name: NameID)] = []

  /// Numbers all sections, and sorts them by their names.
  init(_ files: [LinkFile], _ table: NameTable) {
    self.files = files
    for (number, file) in files.enumerated() {
      for (place, section) in file.sections.enumerated() {
        section.order = number << 32 | place
        sections[section.name, default: []].append(section)
      }
    }
    var keyed = sections.keys.map { name in
      let text = table.bytes(name)
      return (first: Self.word(text, 0), second: Self.word(text, 8), text: text, name: name)
    }
    keyed.sort { left, right in
      if left.first != right.first { return left.first < right.first }
      if left.second != right.second { return left.second < right.second }
      return left.text.lexicographicallyPrecedes(right.text)
    }
    sorted = keyed.map { ($0.text, $0.name) }
  }

  init() {}

  /// Eight bytes of a name as a number that sorts as they do; the bytes behind its end are zeros.
  private static func word(_ text: [UInt8], _ start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<start + 8 {
      word = word << 8 | UInt64(index < text.count ? text[index] : 0)
    }
    return word
  }

  /// The names that one of the patterns matches.
  func names(like globs: [Glob]) -> [NameID] {
    var found: [NameID] = []
    var seen: Set<Int> = []
    for glob in globs {
      let start = glob.literal ?? glob.prefix
      var index = place(of: start)
      while index < sorted.count, sorted[index].text.starts(with: start) {
        if glob.matches(sorted[index].text), globs.count == 1 || seen.insert(index).inserted {
          found.append(sorted[index].name)
        }
        index += 1
      }
    }
    return found
  }

  /// The first place of what does not come before `text`.
  private func place(of text: [UInt8]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = low + (high - low) / 2
      if sorted[middle].text.lexicographicallyPrecedes(text) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The section with this number.
  func section(numbered number: Int) -> InputSection? {
    let (file, place) = (number >> 32, number & 0xffff_ffff)
    guard files.indices.contains(file), files[file].sections.indices.contains(place) else {
      return nil
    }
    return files[file].sections[place]
  }
}
