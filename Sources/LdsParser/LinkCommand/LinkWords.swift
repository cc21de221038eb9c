// The words of a linker's command line, sorted: options with their values, inputs with what holds for them.

/// Reads words as a linker does (GNU ld: getopt_long_only, so that one dash is as good as two and a name may be cut
/// short where it stays clear; lld and others want whole names).
struct LinkWords {
  /// What was read, in order.
  private(set) var items: [LinkItem] = []
  private let mayAbbreviate: Bool
  private var words: ArraySlice<[UInt8]>
  private var group: Int?
  private var groups = 0
  private var treatment: LinkInput.Treatment = []
  private var format: [UInt8]?
  private var saved: [(LinkInput.Treatment, [UInt8]?)] = []

  /// Reads `words`, which follow the program's name, as `linker` does.
  init(_ words: ArraySlice<[UInt8]>, linker: LinkProgram.Linker) {
    mayAbbreviate = linker == .bfd || linker == .unnamed
    self.words = words
    items.reserveCapacity(words.count)
    while let word = self.words.popFirst() { read(word) }
  }

  private mutating func read(_ word: [UInt8]) {
    let dash = UInt8(ascii: "-")
    guard word.first == dash, word.count > 1 else {
      add(.file(FilePath(bytes: word)))
      return
    }
    if word[1] == dash {
      if !readLong(word, dashes: 2) { items.append(.unknown([word])) }
      return
    }
    // -l and -m take all that follows, whatever it spells (lexsup.c, parse_args).
    let isLetter = word.count == 2 || word[1] == UInt8(ascii: "l") || word[1] == UInt8(ascii: "m")
    if !isLetter, readLong(word, dashes: 1) { return }
    readLetters(word)
  }

  // MARK: Names

  /// `--name`, `--name=value`, `-name value`; false if there is no such name.
  private mutating func readLong(_ word: [UInt8], dashes: Int) -> Bool {
    let body = word.dropFirst(dashes)
    let equals = body.firstIndex(of: UInt8(ascii: "="))
    let name = String(decoding: body[..<(equals ?? body.endIndex)], as: UTF8.self)
    guard let whole = whole(name, dashes) else { return false }
    let joined = equals.map { Array(word[($0 + 1)...]) }
    if let row = LinkOptionTable.names[whole] {
      read(row, word, joined)
      return true
    }
    var taken = [word]
    var value = joined
    if OtherLinkOptions.valued.contains(whole), value == nil, let next = words.popFirst() {
      taken.append(next)
      value = next
    }
    switch (whole, value) {
    case ("library", let value?): addLibrary(value)
    case ("just-symbols", let value?): addSymbols(value)
    default: items.append(.unknown(taken))
    }
    return true
  }

  /// The name that `name` is or is short for.
  private func whole(_ name: String, _ dashes: Int) -> String? {
    let isKnown: (String) -> Bool = { candidate in
      LinkOptionTable.names[candidate] != nil || OtherLinkOptions.valued.contains(candidate)
        || OtherLinkOptions.flags.contains(candidate)
    }
    if dashes == 1, LinkOptionTable.twoDashes.contains(name) { return nil }
    if isKnown(name) { return name }
    guard mayAbbreviate, !name.isEmpty else { return nil }
    var found: String?
    for candidates in [OtherLinkOptions.valued, OtherLinkOptions.flags] {
      for candidate in candidates where candidate.hasPrefix(name) {
        if found != nil { return nil }
        found = candidate
      }
    }
    for candidate in LinkOptionTable.names.keys where candidate.hasPrefix(name) {
      if found != nil { return nil }
      found = candidate
    }
    if dashes == 1, let found, LinkOptionTable.twoDashes.contains(found) { return nil }
    return found
  }

  private mutating func read(_ row: LinkOptionTable.Row, _ word: [UInt8], _ joined: [UInt8]?) {
    var taken = [word]
    var value = joined
    if row.shape == .value || row.shape == .letter, value == nil {
      value = words.popFirst()
      if let value { taken.append(value) }
    }
    let isComplete = row.shape == .flag ? joined == nil : row.shape == .optional || value != nil
    guard isComplete, let option = row.make(value ?? []) else {
      items.append(.unknown(taken))
      return
    }
    add(option)
  }

  // MARK: Letters

  /// `-T FILE`, `-TFILE`, `-nN`
  private mutating func readLetters(_ word: [UInt8]) {
    for (index, letter) in word.enumerated().dropFirst() {
      let rest = Array(word[(index + 1)...])
      let value = rest.isEmpty ? nil : rest
      if letter == UInt8(ascii: "l") || letter == UInt8(ascii: "R") {
        guard let value = value ?? words.popFirst() else { break }
        if letter == UInt8(ascii: "l") { addLibrary(value) } else { addSymbols(value) }
        return
      }
      if let row = LinkOptionTable.letters[letter] {
        if row.shape == .flag {
          read(row, [UInt8(ascii: "-"), letter], nil)
          continue
        }
        read(row, word, value)
        return
      }
      guard OtherLinkOptions.letters.contains(letter) else { continue }
      items.append(.unknown(value == nil ? [word] + (words.popFirst().map { [$0] } ?? []) : [word]))
      return
    }
    if word.dropFirst().allSatisfy({ LinkOptionTable.letters[$0]?.shape == .flag }) { return }
    items.append(.unknown([word]))
  }

  // MARK: Inputs

  private mutating func add(_ option: LinkOption) {
    items.append(.option(option))
    guard case .state(let state) = option else { return }
    switch state {
    case .startGroup:
      group = group ?? groups
      groups += 1
    case .endGroup: group = nil
    case .wholeArchive(let isOn): set(.wholeArchive, isOn)
    case .asNeeded(let isOn): set(.asNeeded, isOn)
    case .archivesOnly(let isOn): set(.archivesOnly, isOn)
    case .push: saved.append((treatment, format))
    case .pop: if let last = saved.popLast() { (treatment, format) = last }
    case .format(let name): format = name == Array("default".utf8) ? nil : name
    }
  }

  private mutating func set(_ part: LinkInput.Treatment, _ isOn: Bool) {
    if isOn { treatment.insert(part) } else { treatment.remove(part) }
  }

  private mutating func addLibrary(_ name: [UInt8]) {
    add(name.first == UInt8(ascii: ":") ? .libraryFile(Array(name.dropFirst())) : .library(name))
  }

  private mutating func addSymbols(_ name: [UInt8]) {
    items.append(
      .input(LinkInput(.file(FilePath(bytes: name)), treatment: treatment.union(.symbolsOnly))))
  }

  private mutating func add(_ name: LinkInput.Name) {
    items.append(.input(LinkInput(name, group: group, treatment: treatment, format: format)))
  }
}
