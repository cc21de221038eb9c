// Scripts without their tree: what is left of macros that no header defined is reported and made readable.

extension PreprocessorEngine {
  /// Replaces calls that were left because files are missing; each macro is one finding.
  mutating func repairLeftovers() {
    guard options.repairsLeftovers, !missingIncludes.isEmpty, !isStopped else { return }
    let found = LeftoverMacros(printer.bytes, printer.runs)
    let counts = Dictionary(found.calls.map { ($0.name, 1) }, uniquingKeysWith: +)
    var reported: Set<String> = []
    for call in found.calls where reported.insert(call.name).inserted {
      warning(
        .unknownMacro, Self.message(call, counts[call.name] ?? 1), at: originOfRun(call.token))
    }
    apply(found.edits)
  }

  private static func message(_ call: LeftoverMacros.Call, _ count: Int) -> String {
    let times = count > 1 ? " (\(count) calls)" : ""
    let start = "no file defines '\(call.name)'\(times)"
    return switch call.role {
    case .sectionHead:
      "\(start): its argument is taken for the output section's name, the rest stays unknown"
    case .statement:
      "\(start): what it places or defines is missing here, and where '.' stands behind it"
    case .expression: "\(start): its value is unknown"
    case .region: "\(start): memory regions that it declares are missing here"
    case .pattern: "\(start): input sections that it names are missing here"
    }
  }

  /// Where the author's text stands that led to a token of the expanded text.
  private func originOfRun(_ index: Int) -> SourceSpan {
    let run = printer.runs[index]
    guard let call = run.call, call < calls.count else { return run.spelled }
    return calls[Int(outermostCalls[call])].call
  }

  /// Makes the edits, which are in order and do not overlap.
  private mutating func apply(_ edits: [LeftoverMacros.Edit]) {
    let old = printer
    printer.bytes = []
    printer.runs = []
    var next = 0
    func start(_ token: Int) -> Int {
      token < old.runs.count ? Int(old.runs[token].offset) : old.bytes.count
    }
    func copy(to token: Int, _ printer: inout Printer) {
      guard next < token || next == 0 else { return }
      let first = next == 0 ? 0 : start(next)
      let shift = printer.bytes.count - first
      for index in next..<token {
        var run = old.runs[index]
        run.offset = UInt32(truncatingIfNeeded: Int(run.offset) + shift)
        printer.runs.append(run)
      }
      printer.bytes += old.bytes[first..<start(token)]
    }
    for edit in edits where edit.tokens.lowerBound >= next {
      copy(to: edit.tokens.lowerBound, &printer)
      next = edit.tokens.upperBound
      if !edit.text.isEmpty {
        var run = old.runs[edit.origin]
        run.offset = UInt32(truncatingIfNeeded: printer.bytes.count)
        printer.runs.append(run)
        printer.bytes += Array(edit.text.utf8)
      }
      // The blanks and line ends behind the last token stay.
      let last = edit.tokens.upperBound - 1
      let end = start(edit.tokens.upperBound)
      let blanks = old.bytes[start(last)..<end].reversed().prefix { $0 <= 0x20 }.count
      printer.bytes += old.bytes[(end - blanks)..<end]
    }
    copy(to: old.runs.count, &printer)
  }
}
