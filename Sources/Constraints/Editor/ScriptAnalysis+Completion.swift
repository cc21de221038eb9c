// What could be written at a place: commands that may stand there, names of the script and of the objects.

internal import LdsParser

/// A word that could be written.
public struct EditorCompletion: Sendable, Hashable {
  /// What it is.
  public enum Kind: Sendable {
    case keyword, function, symbol, section, region, segment, macro, pattern
  }

  /// The word.
  public var label: String
  /// What it is.
  public var kind: Kind
  /// What to write, with `$1` where the cursor goes; the word itself if empty.
  public var snippet: String = ""
  /// A sentence about it.
  public var detail: String = ""
}

extension ScriptAnalysis {
  /// Words of objects beyond which a list is no help.
  private static let mostNames = 2000

  /// The words for `offset`, the likeliest kinds first, and the text that one of them would replace.
  public func completions(at offset: Int) -> (words: [EditorCompletion], range: Range<Int>) {
    let bytes = text.bytes(in: 0..<text.count)
    var start = min(offset, bytes.count)
    while start > 0, TextPieces.isNameByte(bytes[start - 1]) { start -= 1 }
    var seen: Set<String> = []
    let words = words(CompletionPlace.at(offset, in: bytes)).filter {
      seen.insert($0.label).inserted
    }
    return (words, start..<min(offset, bytes.count))
  }

  private func words(_ place: CompletionPlace) -> [EditorCompletion] {
    switch place {
    case .nothing: []
    case .directive:
      ["include", "define", "undef", "if", "ifdef", "ifndef", "else", "elif", "endif", "error"]
        .map { EditorCompletion(label: $0, kind: .keyword) }
    case .statement(let level): commands(level) + macros + symbols
    case .expression: symbols + commands(.expression) + macros + objectSymbols
    case .header: commands(.header) + macros
    case .section: names(.section, .section) + names(.segment, .segment)
    case .region: names(.region, .region) + macros
    case .segment: names(.segment, .segment)
    case .pattern: inputSections + commands(.pattern) + macros
    }
  }

  private func commands(_ place: CommandHelp.Place) -> [EditorCompletion] {
    CommandHelp.all.filter { $0.places.contains(place) }.map {
      EditorCompletion(
        label: $0.word, kind: place == .expression ? .function : .keyword, snippet: $0.snippet,
        detail: $0.sentence)
    }
  }

  private var macros: [EditorCompletion] {
    let bytes = text.bytes(in: 0..<text.count)
    let own = MacroTable.defined(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    return (own + MacroTable(loaded).names).map { EditorCompletion(label: $0, kind: .macro) }
  }

  private var symbols: [EditorCompletion] { names(.symbol, .symbol) }

  private func names(
    _ kind: NameOccurrence.Kind, _ shown: EditorCompletion.Kind
  ) -> [EditorCompletion] {
    occurrences.all.filter { $0.kind == kind && ($0.isDefinition || kind == .symbol) }.map {
      EditorCompletion(label: String(decoding: $0.name, as: UTF8.self), kind: shown)
    }
  }

  /// Global symbols of the image in the order of its file; without one, of the objects.
  private var objectSymbols: [EditorCompletion] {
    guard let image = images.first else {
      return objects.definers.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        .prefix(Self.mostNames).map { name, object in
          EditorCompletion(
            label: String(decoding: name, as: UTF8.self), kind: .symbol,
            detail: String(decoding: object, as: UTF8.self))
        }
    }
    return image.symbols.records.lazy.filter { $0.binding != .local && $0.isDefinition }
      .prefix(Self.mostNames).map { record in
        EditorCompletion(
          label: String(decoding: image.symbols.nameBytes(record), as: UTF8.self), kind: .symbol,
          detail: hexadecimal(record.value))
      }
  }

  /// Names of the input sections of the objects, from these themselves and as a map lists them; then the usual ones.
  private var inputSections: [EditorCompletion] {
    var labels: [String] = []
    var seen: Set<[UInt8]> = []
    for name in objects.sections.prefix(Self.mostNames) where seen.insert(name).inserted {
      labels.append(String(decoding: name, as: UTF8.self))
    }
    if let map = images.first(where: { !$0.inputSections.isEmpty }), map.sources.count > 0 {
      for section in map.inputSections where labels.count < Self.mostNames {
        let name = section.name(in: map)
        if seen.insert(name).inserted { labels.append(String(decoding: name, as: UTF8.self)) }
      }
    }
    let usual = [
      ".text", ".text.*", ".rodata", ".rodata.*", ".data", ".data.*", ".bss", ".bss.*", "COMMON",
    ]
    return (labels + usual).map { EditorCompletion(label: $0, kind: .pattern) }
  }
}
