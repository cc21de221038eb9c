// The shape of a script: its parts for a list of symbols, and what can be folded.

internal import LdsParser

/// A part of a script.
public struct EditorSymbol: Sendable {
  /// What a part is.
  public enum Kind: Sendable {
    case command, section, symbol, assertion, region, segment, macro
  }

  /// Its name.
  public var name: String
  /// What it is.
  public var kind: Kind
  /// All of its text.
  public var range: Range<Int>
  /// Its name's place.
  public var nameRange: Range<Int>
  /// The parts inside it.
  public var children: [EditorSymbol] = []
}

extension ScriptAnalysis {
  /// The parts of the script's own text, in order. What a macro makes is shown where the macro is called.
  public var outline: [EditorSymbol] {
    let bytes = text.bytes(in: 0..<text.count)
    let macros = MacroTable.defined(in: bytes).map { range in
      EditorSymbol(
        name: String(decoding: bytes[range], as: UTF8.self), kind: .macro, range: range,
        nameRange: range)
    }
    return (macros + symbols(script.statements))
      .sorted {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }
  }

  private func symbols(_ statements: [Statement]) -> [EditorSymbol] { statements.flatMap(symbols) }

  private func symbols(_ statement: Statement) -> [EditorSymbol] {
    switch statement.kind {
    case .sections(let list):
      return part("SECTIONS", .command, statement.span, nil, symbols(list))
    case .sectionGroup(let list), .include(_, let list), .overwriteSections(let list):
      return symbols(list)
    case .memory(let regions):
      let children = regions.flatMap {
        part(string($0.name), .region, $0.span, $0.name.span)
      }
      return part("MEMORY", .command, statement.span, nil, children)
    case .programHeaders(let headers):
      let children = headers.flatMap {
        part(string($0.name), .segment, $0.span, $0.name.span)
      }
      return part("PHDRS", .command, statement.span, nil, children)
    case .outputSection(let section):
      return part(
        string(section.name), .section, statement.span, section.name.span, symbols(section.body))
    case .overlay(let overlay):
      let children = overlay.members.flatMap {
        part(string($0.name), .section, $0.span, $0.name.span, symbols($0.body))
      }
      return part("OVERLAY", .section, statement.span, nil, children)
    case .assignment(let assignment) where !assignment.isLocationCounter:
      return part(
        string(assignment.target), .symbol, statement.span, assignment.target.span)
    case .assertion(let assertion):
      return part(string(assertion.message), .assertion, statement.span, nil)
    default: return []
    }
  }

  private func string(_ name: SpannedName) -> String { script.names.string(name.name) }

  private func part(
    _ name: String, _ kind: EditorSymbol.Kind, _ span: SourceSpan, _ nameSpan: SourceSpan?,
    _ children: [EditorSymbol] = []
  ) -> [EditorSymbol] {
    guard let range = range(span) else { return children }
    var nameRange = nameSpan.flatMap { self.range($0) } ?? range
    // What a list shows as a name has to lie inside the part.
    if nameRange.lowerBound < range.lowerBound || nameRange.upperBound > range.upperBound {
      nameRange = range
    }
    let inside = children.filter {
      $0.range.lowerBound >= range.lowerBound && $0.range.upperBound <= range.upperBound
    }
    return [
      EditorSymbol(
        name: name.isEmpty ? "?" : name, kind: kind, range: range, nameRange: nameRange,
        children: inside)
    ]
  }

  // MARK: - Folding

  /// Blocks in braces, comments, branches of conditionals and long directives, as the lines from and to which
  /// they can be folded.
  public var foldings: [EditorFolding] {
    let bytes = text.bytes(in: 0..<text.count)
    var result: [EditorFolding] = []
    var braces: [Int] = []
    var branches: [Int] = []
    func add(_ start: Int, _ end: Int, _ kind: EditorFolding.Kind) {
      guard bytes[start..<min(end, bytes.count)].contains(0x0A) else { return }
      result.append(EditorFolding(range: start..<end, kind: kind))
    }
    for piece in TextPieces(bytes).pieces {
      switch piece.kind {
      case .open where bytes[piece.range.lowerBound] == UInt8(ascii: "{"):
        braces.append(piece.range.lowerBound)
      case .close where bytes[piece.range.lowerBound] == UInt8(ascii: "}"):
        if let open = braces.popLast() { add(open, piece.range.lowerBound, .region) }
      case .comment: add(piece.range.lowerBound, piece.range.upperBound, .comment)
      case .directive:
        let text = bytes[(piece.range.lowerBound + 1)..<piece.range.upperBound].drop {
          $0 == 0x20 || $0 == 0x09
        }
        if text.starts(with: "if".utf8) {
          branches.append(piece.range.lowerBound)
        } else if text.starts(with: "el".utf8) || text.starts(with: "endif".utf8) {
          if let start = branches.popLast() { add(start, piece.range.lowerBound, .region) }
          if text.starts(with: "el".utf8) { branches.append(piece.range.lowerBound) }
        } else {
          add(piece.range.lowerBound, piece.range.upperBound, .region)
        }
      default: break
      }
    }
    return result.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
  }
}

/// Something that can be folded.
public struct EditorFolding: Sendable, Hashable {
  /// What it is.
  public enum Kind: String, Sendable { case region, comment }
  /// Its text.
  public var range: Range<Int>
  /// What it is.
  public var kind: Kind
}
