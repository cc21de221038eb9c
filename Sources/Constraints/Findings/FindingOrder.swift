// One order for findings, so that reports are the same run after run.

import LdsParser

/// The order of findings in reports: by file, line, column, rule and message.
struct FindingOrder {
  private let sources: SourceSet

  init(_ sources: SourceSet) {
    self.sources = sources
  }

  func sorted(_ findings: [Finding]) -> [Finding] {
    sorted(findings, by: \.self)
  }

  func sorted<Element>(_ elements: [Element], by finding: (Element) -> Finding) -> [Element] {
    let keyed = elements.enumerated().map { offset, element in
      (key: key(finding(element)), offset: offset, element: element)
    }
    return keyed.sorted { left, right in
      if left.key.place != right.key.place { return left.key.place < right.key.place }
      return (left.key.rule, left.key.message, left.offset)
        < (right.key.rule, right.key.message, right.offset)
    }.map(\.element)
  }

  private struct Place: Comparable {
    let path: [UInt8]
    let line: Int
    let column: Int

    static func < (left: Place, right: Place) -> Bool {
      if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
      return (left.line, left.column) < (right.line, right.column)
    }
  }

  private func key(_ finding: Finding) -> (place: Place, rule: String, message: String) {
    let place =
      switch finding.place {
      case .source(let span):
        {
          let position = sources.position(of: span)
          return Place(path: position.path.bytes, line: position.line, column: position.column)
        }()
      case .image(let path, let line, let offset):
        Place(path: path.bytes, line: line ?? 0, column: offset ?? 0)
      case .none: Place(path: [], line: 0, column: 0)
      }
    return (place, finding.rule, finding.message)
  }
}
