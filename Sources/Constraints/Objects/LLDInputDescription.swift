// What an input section description takes, by lld's rules (lld/ELF/LinkerScript.cpp, computeInputSections, sortSections;
// ScriptParser.cpp, readInputSectionsList).

internal import LdsParser

/// An input section description with what it took (`InputSectionDescription`).
final class LLDInputs {
  let files: LLDFilePattern
  let patterns: [LLDSectionPattern]
  let flags: SectionFlagFilter
  let isKept: Bool
  /// What it took, before merging (`sectionBases`).
  var bases: [LLDInput] = []
  /// What is laid out.
  var sections: [LLDInput] = []

  init(
    _ description: InputSectionDescription, _ names: NameTable, _ text: LLDScriptText,
    _ dialect: LinkerDialect
  ) throws(LayoutStop) {
    let file = description.file
    // `EXCLUDE_FILE(*a.o) *(.data)` is two descriptions to lld, of which the first is of a file called EXCLUDE_FILE
    // (ScriptParser.cpp, readInputSectionDescription).
    if let file, !file.sorts.isEmpty || description.isKept && !file.excludedFiles.isEmpty {
      throw .refused("an input section description that sorts or excludes files is not modelled")
    }
    files = LLDFilePattern(
      file.map { names.bytes($0.pattern.name) } ?? [UInt8(ascii: "*")], dialect)
    flags = try SectionFlagFilter(description.flags, names)
    isKept = description.isKept
    guard description.hasSectionList else {
      patterns = [LLDSectionPattern(.everything)]
      return
    }
    var patterns: [LLDSectionPattern] = []
    var last: WildcardPattern?
    for pattern in description.sections {
      let glob = Glob(names.bytes(pattern.pattern.name))
      if let last, pattern.excludedFiles.isEmpty, last.sorts == pattern.sorts,
        !text.hasParenthesis(between: last.pattern.span, and: pattern.pattern.span)
      {
        patterns[patterns.count - 1].globs.append(glob)
      } else {
        patterns.append(LLDSectionPattern(glob, pattern, names, dialect))
      }
      last = pattern
    }
    self.patterns = patterns
  }

  /// One for sections that no description took.
  init() {
    files = .every
    patterns = []
    flags = .none
    isKept = false
  }

  /// Whether it takes a section of this name.
  func takes(_ section: LLDInput, _ name: [UInt8]) -> Bool {
    section.isLive && files.matches(section.file) && flags.takes(section.flags)
      && patterns.contains { pattern in
        pattern.globs.contains { $0.matches(name) }
          && !pattern.excluded.contains { $0.matches(section.file) }
      }
  }

  /// Whether KEEP in front of it keeps the section (`shouldKeep`); EXCLUDE_FILE does not count.
  func keeps(_ section: LLDInput, _ name: [UInt8]) -> Bool {
    files.matches(section.file) && flags.takes(section.flags)
      && patterns.contains { pattern in pattern.globs.contains { $0.matches(name) } }
  }
}

/// Names that are taken, sorted and excluded together.
struct LLDSectionPattern {
  var globs: [Glob]
  let excluded: [LLDFilePattern]
  /// The sorts, the outer first.
  let sorts: [SortKind]

  init(
    _ glob: Glob, _ pattern: WildcardPattern, _ names: NameTable, _ dialect: LinkerDialect
  ) {
    globs = [glob]
    excluded = pattern.excludedFiles.map { LLDFilePattern(names.bytes($0.name), dialect) }
    sorts = pattern.sorts
  }

  init(_ glob: Glob) {
    globs = [glob]
    excluded = []
    sorts = []
  }
}

extension Glob {
  fileprivate static let everything = Glob([UInt8(ascii: "*")])
}

/// A pattern for the names of files (`matchesFile`).
enum LLDFilePattern {
  case every
  /// `lib.a:`
  case wholeArchive(Glob)
  /// `:file.o`
  case outsideArchives(Glob)
  case named(Glob)

  init(_ pattern: [UInt8], _ dialect: LinkerDialect) {
    let isOfAll = dialect.follows(.archivePatterns) && pattern.elementsEqual(":*".utf8)
    // What is behind the colon matches all, before it is asked where the file is from.
    if pattern == [UInt8(ascii: "*")] || isOfAll {
      self = .every
    } else if dialect.follows(.archivePatterns), pattern.last == UInt8(ascii: ":") {
      self = .wholeArchive(Glob(Array(pattern.dropLast())))
    } else if dialect.follows(.archivePatterns), pattern.first == UInt8(ascii: ":") {
      self = .outsideArchives(Glob(Array(pattern.dropFirst())))
    } else {
      self = .named(Glob(pattern))
    }
  }

  func matches(_ file: LLDFile) -> Bool {
    switch self {
    case .every: true
    case .wholeArchive(let glob): glob.matches(file.archive ?? [])
    case .outsideArchives(let glob): file.archive == nil && glob.matches(file.name)
    case .named(let glob): glob.matches(file.name)
    }
  }
}

/// The text that a script was read from: lld keeps the names inside one SORT together.
struct LLDScriptText {
  let sources: SourceSet
  /// The script's own path.
  let path: FilePath

  /// Whether a parenthesis stands between two names.
  func hasParenthesis(between left: SourceSpan, and right: SourceSpan) -> Bool {
    guard left.source == right.source, left.end <= right.start else { return true }
    let bytes = sources.buffer(left.source).bytes(in: Int(left.end)..<Int(right.start))
    return bytes.contains(UInt8(ascii: "(")) || bytes.contains(UInt8(ascii: ")"))
  }
}

/// Input sections by their names, for matching.
struct LLDInputNames {
  private var names: [(name: NameID, bytes: [UInt8])] = []
  private var sections: [NameID: [Int]] = [:]

  init(_ inputs: [LLDInput], _ table: NameTable) {
    for (place, input) in inputs.enumerated() {
      if sections[input.name] == nil { names.append((input.name, table.bytes(input.name))) }
      sections[input.name, default: []].append(place)
    }
  }

  /// The places of the sections whose names match, in order.
  func places(_ globs: [Glob]) -> [Int] {
    let lists = names.compactMap { entry in
      globs.contains { $0.matches(entry.bytes) } ? sections[entry.name] : nil
    }
    return lists.count == 1 ? lists[0] : lists.flatMap { $0 }.sorted()
  }
}

extension LLDLink {
  /// The sections that a description takes if nobody did before: pattern by pattern, where one sorts; the rest in input
  /// order.
  func computeInputSections(_ description: LLDInputs, _ names: LLDInputNames) -> [LLDInput] {
    var found: [Int] = []
    var seen: Set<Int> = []
    var files: [Int: Bool] = [:]
    var sorted = 0
    var result: [LLDInput] = []
    func sortByPosition(upTo end: Int) {
      found[sorted..<end].sort()
      let part = found[sorted..<end].map { inputs[$0] }
      result.replaceSubrange(
        sorted..<end, with: options.sortsSections.map { sort(part, $0) } ?? part)
    }
    for pattern in description.patterns {
      let before = result.count
      for place in names.places(pattern.globs) where !seen.contains(place) {
        let input = inputs[place]
        guard input.isLive, input.parent == nil else { continue }
        let isTaken = files[input.file.number] ?? description.files.matches(input.file)
        files[input.file.number] = isTaken
        guard isTaken, !pattern.excluded.contains(where: { $0.matches(input.file) }),
          description.flags.takes(input.flags)
        else { continue }
        seen.insert(place)
        found.append(place)
        result.append(input)
      }
      guard !pattern.sorts.isEmpty else { continue }
      sortByPosition(upTo: before)
      result.replaceSubrange(before..., with: sort(Array(result[before...]), pattern.sorts))
      sorted = result.count
    }
    sortByPosition(upTo: result.count)
    return result
  }

  private func sort(_ sections: [LLDInput], _ sorts: [SortKind]) -> [LLDInput] {
    guard let outer = sorts.first, outer != .none else { return sections }
    let inner = sorts.count > 1 ? sorts[1] : options.sortsSections ?? .none
    return sort(sort(sections, inner), outer)
  }

  private func sort(_ sections: [LLDInput], _ kind: SortKind) -> [LLDInput] {
    switch kind {
    case .none: sections
    case .reverse: sections.reversed()
    case .byAlignment: stable(sections) { $0.alignment > $1.alignment }
    case .byName:
      stable(sections) { left, right in
        left.name != right.name
          && names.bytes(left.name).lexicographicallyPrecedes(names.bytes(right.name))
      }
    case .byInitPriority: stable(sections) { priority($0) < priority($1) }
    }
  }

  private func stable(
    _ sections: [LLDInput], _ precedes: (LLDInput, LLDInput) -> Bool
  ) -> [LLDInput] {
    sections.enumerated().sorted { left, right in
      if precedes(left.element, right.element) { return true }
      return !precedes(right.element, left.element) && left.offset < right.offset
    }.map(\.element)
  }

  /// The number behind the last dot; of `.ctors.N` counted down (OutputSections.cpp, getPriority).
  private func priority(_ section: LLDInput) -> Int {
    let name = names.bytes(section.name)
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return 65536 }
    let digits = name[(dot + 1)...]
    guard (1..<9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return 65536
    }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    let isReversed = name.starts(with: ".ctors".utf8) || name.starts(with: ".dtors".utf8)
    return isReversed && dot == 6 ? 65535 - number : number
  }
}
