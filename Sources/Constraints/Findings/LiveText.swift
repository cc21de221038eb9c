// Which lines of the author's files were part of the script: what `#if` left out was not.

import LdsParser

/// The author's text that expanded sources came from.
struct LiveText {
  private let sources: SourceSet
  /// Lines that gave at least one token, for every source that expanded text leads to.
  private var lines: [SourceID: Set<Int>] = [:]
  private var hasExpansion = false

  /// Looks through every expanded source of `sources`.
  init(_ sources: SourceSet) {
    self.sources = sources
    for index in 0..<sources.count {
      let expanded = SourceID(index: UInt32(truncatingIfNeeded: index))
      guard let origins = sources.origins(expanded), !origins.runs.isEmpty else { continue }
      hasExpansion = true
      var previous: SourceSpan?
      for run in origins.runs {
        let authored = sources.authoredSpan(
          of: SourceSpan(source: expanded, start: run.offset, end: run.offset))
        // All tokens of one macro call lead to the same place.
        if authored == previous { continue }
        previous = authored
        add(authored)
      }
    }
  }

  private mutating func add(_ span: SourceSpan) {
    let first = sources.lineAndColumn(span.source, offset: Int(span.start)).line
    let last = sources.lineAndColumn(span.source, offset: max(Int(span.start), Int(span.end) - 1))
    lines[span.source, default: []].formUnion(first...max(first, last.line))
  }

  /// Whether one of `lines` was part of the script. Without any expansion everything is.
  func isLive(_ lines: ClosedRange<Int>, in source: SourceID) -> Bool {
    guard hasExpansion else { return true }
    return self.lines[source]?.contains { lines.contains($0) } ?? false
  }
}
