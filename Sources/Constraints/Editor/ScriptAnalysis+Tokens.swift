// What each piece of a script is, for colours that a grammar cannot know: a macro from a symbol, a pattern that
// takes nothing.

internal import LdsParser

/// A piece of text with what it is.
public struct EditorToken: Sendable, Hashable {
  /// What a piece is; the raw value is the name that editors know.
  public enum Kind: String, Sendable, CaseIterable {
    case keyword, function, variable, macro, section = "class", pattern = "property"
    case region = "enum", segment = "enumMember", number, string, comment
  }

  /// Its text; one line.
  public var range: Range<Int>
  /// What it is.
  public var kind: Kind
  /// Whether it is where the name is defined.
  public var isDefinition = false
  /// Whether it is a pattern that takes nothing.
  public var isIdle = false
}

extension ScriptAnalysis {
  /// The pieces of the script's own text that have a meaning, in order.
  public var tokens: [EditorToken] {
    let bytes = text.bytes(in: 0..<text.count)
    var named: [Int: EditorToken] = [:]
    let idle = idlePatterns
    for occurrence in occurrences.all {
      guard let spelled = occurrence.spelled, spelled.source == source,
        let kind = Self.kind(occurrence.kind)
      else { continue }
      named[Int(spelled.start)] = EditorToken(
        range: spelled.range, kind: kind, isDefinition: occurrence.isDefinition,
        isIdle: occurrence.kind == .pattern && idle.contains(spelled))
    }
    let macros = Set(
      MacroTable(loaded).names
        + MacroTable.defined(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) })
    var tokens: [EditorToken] = []
    var end = 0
    for piece in TextPieces(bytes).pieces where piece.range.lowerBound >= end {
      if let token = named[piece.range.lowerBound] {
        tokens.append(token)
        end = token.range.upperBound
      } else if let kind = kind(piece, bytes, macros) {
        tokens += lines(piece.range, bytes).map { EditorToken(range: $0, kind: kind) }
      }
    }
    return tokens
  }

  private func kind(
    _ piece: TextPiece, _ bytes: [UInt8], _ macros: Set<String>
  ) -> EditorToken.Kind? {
    switch piece.kind {
    case .comment: return .comment
    case .string: return .string
    case .word:
      let word = String(decoding: bytes[piece.range], as: UTF8.self)
      if macros.contains(word) { return .macro }
      if let help = CommandHelp.of(word) {
        return help.places.contains(.expression) ? .function : .keyword
      }
      return (0x30...0x39).contains(bytes[piece.range.lowerBound]) ? .number : nil
    default: return nil
    }
  }

  /// A piece line by line: a token of an editor does not go over line ends.
  private func lines(_ range: Range<Int>, _ bytes: [UInt8]) -> [Range<Int>] {
    bytes[range].split(separator: 0x0A).map { line in
      var line = line
      if line.last == 0x0D { line.removeLast() }
      return line.startIndex..<line.endIndex
    }.filter { !$0.isEmpty }
  }

  private static func kind(_ kind: NameOccurrence.Kind) -> EditorToken.Kind? {
    switch kind {
    case .symbol: .variable
    case .section: .section
    case .region: .region
    case .segment: .segment
    case .pattern: .pattern
    case .file: nil
    }
  }

  /// Patterns of which a rule says that they take nothing.
  private var idlePatterns: Set<SourceSpan> {
    var spans: Set<SourceSpan> = []
    for finding in findings where Self.idleRules.contains(finding.rule) {
      guard case .source(let span) = finding.place else { continue }
      spans.insert(sources.authoredSpan(of: span))
    }
    return spans
  }

  /// The rules about text that has no effect.
  static let idleRules: Set<String> = [
    UnmatchedSection.description.id, ShadowedPattern.description.id,
    DuplicatePattern.description.id, UnusedRegion.description.id,
  ]
}
