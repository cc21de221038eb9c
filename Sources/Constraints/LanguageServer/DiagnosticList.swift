// Findings as editors show them, file by file (LSP 3.17, "Diagnostic").

internal import LdsParser

/// What is wrong with one script.
struct DiagnosticList {
  private let analysis: ScriptAnalysis
  private let converter: PlaceConverter

  init(_ analysis: ScriptAnalysis, _ encoding: PositionEncoding) {
    self.analysis = analysis
    converter = PlaceConverter(analysis.sources, encoding)
  }

  /// The diagnostics of each file that has some, in the order of the findings. What is said of an image, or of no
  /// place, is said at the start of the script.
  var byFile: [(path: FilePath, diagnostics: [JSONValue])] {
    var result: [(path: FilePath, diagnostics: [JSONValue])] = []
    func add(_ value: JSONValue, _ path: FilePath) {
      if let index = result.firstIndex(where: { $0.path == path }) {
        result[index].diagnostics.append(value)
      } else {
        result.append((path, [value]))
      }
    }
    if let fault = analysis.settings.fault {
      let start = SourceSpan(source: analysis.source, start: 0, end: 0)
      add(
        .object([
          "range": converter.range(start), "severity": 1, "source": "lds-check",
          "code": "configuration", "message": .string(fault),
        ]), analysis.path)
    }
    for finding in analysis.findings {
      let span = place(finding.place)
      add(diagnostic(finding, span), analysis.sources.buffer(span.source).path)
    }
    return result
  }

  private func place(_ place: FindingPlace) -> SourceSpan {
    if case .source(let span) = place {
      let authored = analysis.sources.authoredSpan(of: span)
      if analysis.sources.origins(authored.source)?.runs.isEmpty ?? true { return authored }
    }
    return SourceSpan(source: analysis.source, start: 0, end: 0)
  }

  func diagnostic(_ finding: Finding, _ span: SourceSpan) -> JSONValue {
    let page = RuleRegistry.rule(finding.rule).flatMap { _ in
      analysis.host.page(ofRule: finding.rule)
    }
    var related: [JSONValue] = []
    var message = finding.message
    for note in finding.notes {
      guard case .source(let span) = note.place else {
        message += "\n" + note.message
        continue
      }
      related.append(
        .object(["location": converter.location(span), "message": .string(note.message)]))
    }
    return .object([
      "range": converter.range(span), "severity": .integer(Self.severity(finding.severity)),
      "code": .string(finding.rule), "source": "lds-check", "message": .string(message),
      "codeDescription": page.map { .object(["href": .string($0)]) },
      "tags": ScriptAnalysis.idleRules.contains(finding.rule) ? .array([1]) : nil,
      "relatedInformation": related.isEmpty ? nil : .array(related),
    ])
  }

  static func severity(_ severity: Severity) -> Int {
    switch severity {
    case .error: 1
    case .warning: 2
    case .note: 3
    }
  }
}
