// The way back from expanded text to the text somebody wrote.

/// One call of a macro.
public struct MacroCall: Sendable {
  /// The macro's name, for messages.
  public var name: String
  /// Where the macro was called: in a file, or inside the body of the calling macro.
  public var call: SourceSpan
  /// Where the macro was defined (the name after `#define`); nil for predefined and `-D` macros.
  public var definition: SourceSpan?
  /// Index of the call that this one stands in, or nil at file level.
  public var parent: Int?
  /// The conditional that selected the definition, as its directive line; nil outside `#if`.
  public var condition: SourceSpan?
  /// Index of the definition in ``PreprocessedScript/macros``; nil when the call is not of that kind.
  public var macro: Int?

  /// A call of `name` at `call`.
  public init(
    name: String, call: SourceSpan, definition: SourceSpan?, parent: Int?, condition: SourceSpan?,
    macro: Int? = nil
  ) {
    self.name = name
    self.call = call
    self.definition = definition
    self.parent = parent
    self.condition = condition
    self.macro = macro
  }
}

/// Maps ranges of expanded text to the tokens they were spelled as.
public struct OriginTable: Sendable {
  /// A run of output bytes that one input token gave.
  public struct Run: Sendable {
    /// First byte in the expanded text.
    public var offset: UInt32
    /// Where the token was spelled: file, macro body or argument.
    public var spelled: SourceSpan
    /// Index into ``OriginTable/calls`` of the innermost macro call that produced it; nil outside macros.
    public var call: Int?

    /// The output at `offset` was spelled at `spelled`.
    public init(offset: UInt32, spelled: SourceSpan, call: Int?) {
      self.offset = offset
      self.spelled = spelled
      self.call = call
    }
  }

  /// `# 12 "file"`: the next line is line `line` of `path`.
  public struct LineMarker: Sendable {
    /// Offset of the marker's line in the text.
    public var offset: UInt32
    /// 1-based line that the following line stands for.
    public var line: Int
    /// The file it names.
    public var path: FilePath

    /// The marker at `offset`.
    public init(offset: UInt32, line: Int, path: FilePath) {
      self.offset = offset
      self.line = line
      self.path = path
    }
  }

  /// Runs in order of ``Run/offset``.
  public var runs: [Run]
  /// Macro calls, callers before callees.
  public var calls: [MacroCall]
  /// Line markers in order of offset.
  public var lineMarkers: [LineMarker]

  /// A table of these runs, calls and markers.
  public init(runs: [Run] = [], calls: [MacroCall] = [], lineMarkers: [LineMarker] = []) {
    self.runs = runs
    self.calls = calls
    self.lineMarkers = lineMarkers
  }

  /// The run that covers `offset`, or nil before the first.
  public func run(at offset: UInt32) -> Run? {
    guard let index = lastIndex(below: offset, count: runs.count, { runs[$0].offset }) else {
      return nil
    }
    return runs[index]
  }

  /// The marker in force at `offset`.
  public func lineMarker(before offset: UInt32) -> LineMarker? {
    guard let index = lastIndex(below: offset, count: lineMarkers.count, { lineMarkers[$0].offset })
    else { return nil }
    return lineMarkers[index]
  }

  /// The macro calls around the text at `offset`, innermost first.
  public func callChain(at offset: UInt32) -> [MacroCall] {
    var chain: [MacroCall] = []
    var next = run(at: offset)?.call
    while let index = next, chain.count <= calls.count {
      chain.append(calls[index])
      next = calls[index].parent
    }
    return chain
  }

  /// What the author wrote for `span`: the outermost macro calls or the tokens themselves, from the one
  /// that gave the first byte to the one that gave the last. Nil if nothing is recorded.
  func authored(_ span: SourceSpan) -> SourceSpan? {
    guard let first = outermost(at: span.start) else { return nil }
    guard span.end > span.start, let last = outermost(at: span.end - 1) else { return first }
    return first.extended(to: last)
  }

  private func outermost(at offset: UInt32) -> SourceSpan? {
    guard let run = run(at: offset) else { return nil }
    guard var index = run.call else { return run.spelled }
    while let parent = calls[index].parent { index = parent }
    return calls[index].call
  }

  /// Index of the last element whose offset is not above `offset`.
  private func lastIndex(below offset: UInt32, count: Int, _ key: (Int) -> UInt32) -> Int? {
    var low = -1
    var high = count
    while high - low > 1 {
      let middle = (low + high) / 2
      if key(middle) <= offset { low = middle } else { high = middle }
    }
    return low >= 0 ? low : nil
  }
}

// Line markers in text that was preprocessed without -P: `# 12 "xen/arch/x86/xen.lds.S" 1`.
extension OriginTable {
  /// The line markers of `buffer`, or nil if it has none.
  ///
  /// A marker says which file and line the line after it came from.
  public static func reading(lineMarkersOf buffer: SourceBuffer) -> OriginTable? {
    let reader = buffer.reader
    var markers: [LineMarker] = []
    var start = 0
    while start < reader.count {
      let end = reader.firstIndex(of: 0x0A, from: start, to: reader.count) ?? reader.count
      if reader[start] == UInt8(ascii: "#"), let marker = marker(reader.copy(start, end), at: start)
      {
        markers.append(marker)
      }
      start = end + 1
    }
    return markers.isEmpty ? nil : OriginTable(lineMarkers: markers)
  }

  private static func marker(_ line: [UInt8], at offset: Int) -> LineMarker? {
    var rest = line.dropFirst().drop { $0 == 0x20 }
    let word = Array("line ".utf8)
    if rest.starts(with: word) { rest = rest.dropFirst(word.count).drop { $0 == 0x20 } }
    let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    rest = rest.dropFirst(digits.count).drop { $0 == 0x20 }
    guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
    var name: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      let isEscape = byte == UInt8(ascii: "\\")
      name.append(isEscape ? rest.popFirst() ?? byte : byte)
    }
    return LineMarker(
      offset: UInt32(truncatingIfNeeded: offset), line: number, path: FilePath(bytes: name))
  }
}
