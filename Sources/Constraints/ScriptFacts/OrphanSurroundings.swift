// What stands around an orphan section: symbols of the script at its start, the sections behind it, patterns of nearly
// its name.

import LdsParser

/// What a script and an image say about the place of an orphan.
struct OrphanSurroundings {
  private let facts: ScriptFacts
  /// The symbols of the script by their values in the image.
  private let symbols: [UInt64: [String]]
  /// What the script gives a start and an end symbol.
  private let ranges: [PlacedRange]
  /// The lowest section with an address that the script describes.
  private let first: (name: [UInt8], vma: UInt64)?
  /// The names of all input sections of the link; nil without a map.
  private let inputs: Set<[UInt8]>?

  /// - Parameter maps: the maps of the link, which alone tell what a pattern took.
  init(
    _ facts: ScriptFacts, _ image: Image, maps: [Image], isLoaded: (OutputSectionRecord) -> Bool
  ) {
    self.facts = facts
    inputs =
      maps.isEmpty
      ? nil : Set(maps.flatMap { map in map.inputSections.map { $0.name(in: map) } })
    let names = Set(facts.program.assignments.keys.map { facts.program.names.bytes($0) })
    var found: [UInt64: [String]] = [:]
    for record in image.symbols.records where record.binding != .local {
      let bytes = image.symbols.nameBytes(record)
      if names.contains(bytes) {
        found[record.value, default: []].append(String(decoding: bytes, as: UTF8.self))
      }
    }
    symbols = found
    ranges = facts.boundedRanges(in: image)
    let described = Set(facts.program.sections.map { facts.program.names.bytes($0.name) })
    first = image.outputSections.filter { isLoaded($0) && described.contains($0.name) }
      .compactMap { section in section.vma.map { (section.name, $0) } }
      .min { $0.1 < $1.1 }
  }

  func notes(on section: OutputSectionRecord, at vma: UInt64) -> [FindingNote] {
    var notes: [FindingNote] = []
    let entered = ranges.filter { $0.memory.contains(vma) && $0.memory.lowerBound == vma }
    let starts = entered.map { facts.symbol($0.range.start) }
    let ends = (symbols[vma] ?? []).filter { !starts.contains($0) }.sorted()
    if !ends.isEmpty {
      // An orphan lies behind the statements at its address.
      let list = ends.map { "'\($0)'" }.joinedWords()
      notes.append(FindingNote("it begins at \(list), so it is not counted there"))
    }
    if let range = entered.first?.range {
      notes.append(
        FindingNote(
          "it lies between '\(facts.symbol(range.start))' and '\(facts.symbol(range.end))': what is done with that "
            + "range (copied, cleared) is done with it, too"))
    }
    if let first, vma < first.vma {
      notes.append(
        FindingNote(
          "it stands in front of all that the script places: '\(String(decoding: first.name, as: UTF8.self))' begins "
            + "behind it, at \(hexadecimal(first.vma))"))
    }
    if let note = misspelt(section.name) { notes.append(note) }
    return notes
  }

  /// A pattern that differs from the name by a slip, or that takes files where sections are meant.
  private func misspelt(_ name: [UInt8]) -> FindingNote? {
    for section in facts.program.sections {
      for statement in section.description?.body ?? [] {
        guard case .inputSections(let description) = statement.kind, !description.hasSectionList,
          let file = description.file?.pattern, !file.isQuoted
        else { continue }
        let text = facts.program.names.bytes(file.name)
        // '*' is every file.
        guard text.count > 1, Glob(text).matches(name) else { continue }
        return FindingNote(
          "'\(String(decoding: text, as: UTF8.self))' takes files of such a name; '*(...)' around it takes sections",
          at: .source(file.span))
      }
    }
    guard let inputs else { return nil }
    let written = facts.patterns.filter { pattern in
      Glob(pattern.text).literal.map { !inputs.contains($0) } ?? false
    }
    let texts = written.map { String(decoding: $0.text, as: UTF8.self) }
    guard let near = Suggestion.nearest(to: String(decoding: name, as: UTF8.self), among: texts),
      let index = texts.firstIndex(of: near)
    else { return nil }
    return FindingNote(
      "'\(near)', which takes nothing, is called nearly so: is it meant?",
      at: .source(written[index].span))
  }
}
