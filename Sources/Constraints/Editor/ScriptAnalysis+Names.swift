// From a name to where it is defined and used, and to another name.

public import LdsParser

/// An edit of a file.
public struct EditorEdit: Sendable, Hashable {
  /// The text to replace, in the sources of the analysis.
  public var span: SourceSpan
  /// What to write there.
  public var replacement: String
}

/// Why a name cannot be changed.
public struct RenameError: Error, Sendable, Equatable {
  /// The sentence: lower case, no full stop.
  public var message: String
}

extension ScriptAnalysis {
  /// What a name is, in whatever script it stands.
  enum Subject: Hashable {
    case name(NameOccurrence.Kind, [UInt8])
    case macro([UInt8])
  }

  /// What stands at `offset`.
  func subject(at offset: Int) -> Subject? { named(at: offset)?.subject }

  private func named(at offset: Int) -> (subject: Subject, range: Range<Int>)? {
    if let occurrence = occurrences.at(offset, in: source), let spelled = occurrence.spelled,
      occurrence.kind != .pattern, occurrence.kind != .file
    {
      return (.name(occurrence.kind, occurrence.name), spelled.range)
    }
    let bytes = text.bytes(in: 0..<text.count)
    guard let range = TextPieces.name(in: bytes, at: offset) else { return nil }
    let name = Array(bytes[range])
    if isMacro(name) { return (.macro(name), range) }
    // A symbol where the preprocessor left the text out, or in a text that cannot be read.
    let isSymbol = !occurrences.of(.symbol, name).isEmpty
    return isSymbol ? (.name(.symbol, name), range) : nil
  }

  private func isMacro(_ name: [UInt8]) -> Bool {
    if !MacroTable(loaded).definitions(of: String(decoding: name, as: UTF8.self)).isEmpty {
      return true
    }
    return !macroDefinitions(name).isEmpty
  }

  private func macroDefinitions(_ name: [UInt8]) -> [SourceSpan] {
    files.flatMap { file -> [SourceSpan] in
      let buffer = sources.buffer(file)
      return MacroTable.definitions(of: name, in: buffer.bytes(in: 0..<buffer.count))
        .map { span(file, $0) }
    }
  }

  private func span(_ source: SourceID, _ range: Range<Int>) -> SourceSpan {
    SourceSpan(
      source: source, start: UInt32(truncatingIfNeeded: range.lowerBound),
      end: UInt32(truncatingIfNeeded: range.upperBound))
  }

  // MARK: - Definition and references

  /// Where what stands at `offset` is defined; the file of an `#include` or INCLUDE is its start.
  public func definitions(at offset: Int) -> [EditorPlace] {
    if let file = includedFile(at: offset) { return [file] }
    guard let found = named(at: offset) else { return [] }
    switch found.subject {
    case .name(let kind, let name):
      return occurrences.of(kind, name).filter(\.isDefinition).map {
        place($0.spelled ?? $0.span)
      }
    case .macro(let name):
      // The definition that this call used, before others.
      let macros = MacroTable(loaded)
      let text = String(decoding: name, as: UTF8.self)
      let call = macros.call(at: found.range.lowerBound, in: source, named: text)
      if let used = call?.macro.span { return [place(used)] }
      let used = macros.definitions(of: text).compactMap(\.span)
      return (used.isEmpty ? macroDefinitions(name) : used).map { place($0) }
    }
  }

  /// The file that the line at `offset` includes.
  private func includedFile(at offset: Int) -> EditorPlace? {
    let bytes = text.bytes(in: 0..<text.count)
    let start = bytes[..<min(offset, bytes.count)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    let line = bytes[start..<end].drop { $0 <= 0x20 }
    guard line.starts(with: "#".utf8) || line.starts(with: "INCLUDE".utf8) else { return nil }
    let words = line.dropFirst().split { $0 <= 0x20 || "\"<>;".utf8.contains($0) }
    guard line.starts(with: "INCLUDE".utf8) || words.first?.starts(with: "include".utf8) == true,
      words.count > 1
    else { return nil }
    let name = words[words.startIndex + 1]
    let file = files.dropFirst().first {
      sources.buffer($0).path.bytes.reversed().starts(with: name.reversed())
    }
    return file.map { EditorPlace(path: sources.buffer($0).path, span: span($0, 0..<0)) }
  }

  /// Every place of the name at `offset`, in the order of files and of their text.
  public func references(at offset: Int, withDefinitions: Bool = true) -> [EditorPlace] {
    guard let found = named(at: offset) else { return [] }
    var spans = spans(of: found.subject)
    if !withDefinitions {
      let defined = Set(definitions(at: offset).map(\.span))
      spans = spans.filter { !defined.contains($0) }
    }
    return spans.map { place($0) }
  }

  /// Every place of a name, in the order of files and of their text.
  func spans(of subject: Subject) -> [SourceSpan] {
    var found: Set<SourceSpan> = []
    switch subject {
    case .macro(let name): found.formUnion(words(name, in: files))
    case .name(let kind, let name):
      let places = occurrences.of(kind, name)
      for place in places { if let spelled = place.spelled { found.insert(spelled) } }
      if kind == .symbol {
        // Branches of conditionals that are left out use the name as well.
        let own = [source] + places.compactMap { $0.spelled?.source }
        let others = Set(
          occurrences.all.filter { $0.kind != .symbol && $0.name == name }.compactMap(\.spelled))
        found.formUnion(words(name, in: files.filter(own.contains)).filter { !others.contains($0) })
      }
    }
    return found.sorted { ($0.source.index, $0.start) < ($1.source.index, $1.start) }
  }

  private func words(_ name: [UInt8], in files: [SourceID]) -> [SourceSpan] {
    files.flatMap { file -> [SourceSpan] in
      let buffer = sources.buffer(file)
      return TextPieces.words(name, in: buffer.bytes(in: 0..<buffer.count)).map { span(file, $0) }
    }
  }

  // MARK: - Rename

  /// The name at `offset` that can be changed; nil where there is none.
  public func renameableName(at offset: Int) -> Range<Int>? { named(at: offset)?.range }

  /// The edits that give the name at `offset` another spelling everywhere it stands in the script and in what it
  /// includes. Objects that use a symbol are not looked at.
  ///
  /// - Throws: it is no name, the new one cannot be one or is taken, or a macro puts the old one together.
  public func rename(at offset: Int, to new: String) throws(RenameError) -> [EditorEdit] {
    guard let found = named(at: offset) else {
      throw RenameError(message: "there is no name here that can be changed")
    }
    let bytes = Array(new.utf8)
    let isSection = if case .name(.section, _) = found.subject { true } else { false }
    let extra = isSection ? Array("-+/".utf8) : []
    guard let first = bytes.first, !(0x30...0x39).contains(first), new != ".",
      bytes.allSatisfy({ TextPieces.isNameByte($0) || extra.contains($0) }),
      CommandHelp.of(new) == nil
    else { throw RenameError(message: "'\(new)' cannot be a name here") }
    return try edits(of: found.subject, to: new)
  }

  /// What a new spelling of a name leaves behind, as far as the objects of the link tell; nil for nothing.
  func leftBehind(by subject: Subject) -> String? {
    guard case .name(.symbol, let name) = subject,
      let object = objects.users[name] ?? objects.definers[name]
    else { return nil }
    let verb = objects.users[name] == nil ? "defines" : "uses"
    return
      "\(String(decoding: object, as: UTF8.self)) \(verb) '\(String(decoding: name, as: UTF8.self))': sources of objects "
      + "are not changed"
  }

  /// The edits that give a name another spelling in this script.
  ///
  /// - Throws: the new one is taken, or a macro puts the old one together.
  func edits(of subject: Subject, to new: String) throws(RenameError) -> [EditorEdit] {
    let bytes = Array(new.utf8)
    let taken: Bool
    switch subject {
    case .macro: taken = isMacro(bytes)
    case .name(let kind, let old):
      taken = !occurrences.of(kind, bytes).isEmpty || isMacro(bytes)
      if let made = occurrences.of(kind, old).first(where: { $0.spelled == nil }) {
        let line = sources.position(of: made.span).line
        throw RenameError(
          message:
            "'\(String(decoding: old, as: UTF8.self))' is put together by a macro at line \(line)"
        )
      }
    }
    if taken { throw RenameError(message: "'\(new)' is the name of something else already") }
    return spans(of: subject).map { EditorEdit(span: $0, replacement: new) }
  }
}
