// Linker scripts as they are, and with macros.

import LdsParser

/// Readers of scripts.
enum ScriptReading {
  /// Parses for both linkers. What is accepted is written as canonical text, which must be accepted too and
  /// come out the same when it is written again.
  static func parse(_ bytes: [UInt8]) -> Int {
    var sum = 0
    for dialect in [LinkerDialect(.bfd, LinkerVersion(2, 35)), .bfd, .lld] {
      let options = ScriptParser.Options(dialect: dialect)
      let script = ScriptParser.parse(file(bytes), options: options)
      sum &+= touch(script)
      if script.isRefused { continue }
      let written = ScriptWriter.bytes(of: script)
      let again = ScriptParser.parse(file(written), options: options)
      precondition(!again.isRefused, "canonical text is refused")
      precondition(ScriptWriter.bytes(of: again) == written, "canonical text changes")
    }
    return sum
  }

  /// Expands in both languages; the text after the first NUL is what `#include` finds.
  static func preprocess(_ bytes: [UInt8]) -> Int {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let included = OneSource(buffer: file(parts.count > 1 ? parts[1] : [], "included.h"))
    var sum = 0
    for language in Preprocessor.Language.allCases {
      var options = Preprocessor.Options()
      options.language = language
      options.missingIncludes = language == .c ? .error : .tolerate
      sum &+= expand(parts[0], options, included)
    }
    return sum
  }

  private static func expand(
    _ bytes: some Collection<UInt8>, _ options: Preprocessor.Options, _ provider: OneSource
  ) -> Int {
    var sources = SourceSet()
    let main = sources.add(file(bytes, "main.lds.S"))
    let expansion = Preprocessor.expand(main, in: &sources, options: options, provider: provider)
    var sum = touch(expansion.diagnostics, sources)
    let text = sources.buffer(expansion.source)
    for offset in stride(from: 0, to: text.count, by: max(1, text.count / 64)) {
      let start = UInt32(truncatingIfNeeded: offset)
      let span = SourceSpan(source: expansion.source, start: start, end: start + 1)
      sum &+=
        sources.position(of: span).line &+ sources.authoredExpression(of: span).text.utf8.count
      sum &+= sources.origins(expansion.source)?.callChain(at: start).count ?? 0
    }
    let alignment = TextAlignment(of: main, to: expansion.source, in: sources)
    return sum &+ (alignment.expandedSpan(at: 1).map { Int($0.start) } ?? 0)
      &+ expansion.macros.count
  }

  /// A number made of a script's diagnostics and places.
  static func touch(_ script: LinkerScript) -> Int {
    touch(script.diagnostics, script.sources) &+ script.statements.count &+ script.names.count
  }

  static func touch(_ diagnostics: [Diagnostic], _ sources: SourceSet) -> Int {
    var sum = 0
    for diagnostic in diagnostics {
      sum &+= diagnostic.message.utf8.count
      for span in [diagnostic.span] + diagnostic.notes.map(\.span) {
        guard let span else { continue }
        precondition(span.start <= span.end && Int(span.end) <= sources.buffer(span.source).count)
        sum &+= sources.position(of: span).line
      }
    }
    return sum
  }
}

/// Finds the same file under any name with an `i` in it, and nothing under others.
private struct OneSource: SourceProvider {
  let buffer: SourceBuffer

  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    path.bytes.contains(UInt8(ascii: "i")) ? buffer : nil
  }
}
