// The macros of a script as an editor asks about them: who defined one, what a call became, which #if chose it.

internal import LdsParser

/// Macros of one script.
struct MacroTable {
  private let sources: SourceSet
  private let expansion: PreprocessedScript?
  private let origins: OriginTable?

  init(_ loaded: LoadedScript) {
    sources = loaded.script.sources
    expansion = loaded.expansion
    origins = loaded.expansion.flatMap { loaded.script.sources.origins($0.source) }
  }

  /// The definitions of `name` that the script made use of, the last used first.
  func definitions(of name: String) -> [MacroDefinition] {
    (expansion?.macros ?? []).filter { $0.name == name }.reversed()
  }

  /// The call whose name stands at `offset` of `source`, with the definition that it used.
  func call(at offset: Int, in source: SourceID, named name: String)
    -> (call: Int, macro: MacroDefinition)?
  {
    guard let origins, let expansion else { return nil }
    for (index, call) in origins.calls.enumerated()
    where call.call.source == source && call.name == name {
      guard Int(call.call.start) <= offset, offset <= Int(call.call.start) + name.utf8.count,
        let macro = call.macro, expansion.macros.indices.contains(macro)
      else { continue }
      return (index, expansion.macros[macro])
    }
    return nil
  }

  /// What a call became, as one line; nil where nothing came of it.
  func expansion(of call: Int) -> String? {
    guard let origins, let expansion else { return nil }
    let buffer = sources.buffer(expansion.source)
    var first: Int?
    var last = 0
    for (index, run) in origins.runs.enumerated() where isInside(run.call, call, origins) {
      first = first ?? Int(run.offset)
      let next = index + 1 < origins.runs.count ? Int(origins.runs[index + 1].offset) : buffer.count
      last = next
    }
    guard let first else { return nil }
    let words = buffer.bytes(in: first..<last).split { $0 <= 0x20 }
    let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    return text.utf8.count > 400 ? String(text.prefix(400)) + " ..." : text
  }

  private func isInside(_ run: Int?, _ call: Int, _ origins: OriginTable) -> Bool {
    var next = run
    while let current = next, current >= call {
      if current == call { return true }
      next = origins.calls[current].parent
    }
    return false
  }

  /// Names of every macro that the script made use of, each once, in order.
  var names: [String] {
    var seen: Set<String> = []
    return (expansion?.macros ?? []).map(\.name).filter { seen.insert($0).inserted }
  }

  /// The lines of a file that define `name`, as the places of the name.
  static func definitions(of name: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
    defined(in: bytes).filter { bytes[$0].elementsEqual(name) }
  }

  /// The names of every `#define` of a file.
  static func defined(in bytes: [UInt8]) -> [Range<Int>] {
    TextPieces(bytes).pieces.compactMap { piece in
      guard piece.kind == .directive else { return nil }
      var start = piece.range.lowerBound + 1
      func skipBlanks() {
        while start < piece.range.upperBound, bytes[start] == 0x20 || bytes[start] == 0x09 {
          start += 1
        }
      }
      skipBlanks()
      guard bytes[start...].starts(with: "define".utf8) else { return nil }
      start += 6
      let before = start
      skipBlanks()
      guard start > before, start < piece.range.upperBound else { return nil }
      var end = start
      while end < piece.range.upperBound, TextPieces.isNameByte(bytes[end]) { end += 1 }
      return start < end ? start..<end : nil
    }
  }
}
