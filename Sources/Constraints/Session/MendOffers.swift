// Which of the edits that may mend an ASSERT can be offered: each is made in a copy of the script's text, the
// script read again, and every ASSERT evaluated over the layout that it would give.

internal import LdsParser

/// Checks candidate edits of one script.
struct MendOffers {
  private let script: LoadedScript
  private let reader: any ScriptReader
  private let checker: MendChecker
  private let room: MendRoom
  private let rules: MendRules
  private let report: EvaluationReport
  /// Symbols of ASSERTs that fail.
  private let explained: Set<String>

  /// Nil for a map alone: there is no text to edit.
  init?(_ subject: ExplanationSubject, _ explainer: Explainer, _ reader: any ScriptReader) {
    guard let script = subject.judged.script else { return nil }
    self.script = script
    self.reader = reader
    report = subject.report
    explained = Set(
      subject.report.assertions.lazy.filter { $0.verdict == .fails }.flatMap {
        explainer.symbols(in: $0.condition)
      }.map(explainer.name))
    checker = MendChecker(subject.report, dialect: subject.dialect)
    room = MendRoom(explainer)
    rules = MendRules(subject, script, checker)
  }

  /// A candidate that mends, with what came out of its check.
  private struct Offer {
    var mend: Mend
    var unknowns: [Int]
    var remarks: [String]
  }

  /// The explanation with that of its candidates that mends the ASSERT and those with the same cause: the one that costs
  /// the fewest slots and bytes, or the first if that of one is not known.
  func checked(_ explanation: Explanation) -> Explanation {
    var explanation = explanation
    let wanted = [explanation.assertion] + explanation.sameCause
    var almost: (mend: Mend, obstacles: [Int])?
    var blocked: String?
    var reason: String?
    var offers: [Offer] = []
    for candidate in explanation.candidates {
      guard let script = edited(candidate.edits) else { continue }
      let program = Program(script.script)
      guard let effect = checker.effect(of: program) else { continue }
      reason = reason ?? effect.obstacle
      if checker.mends(wanted, by: effect) {
        let found = rules.effect(of: script, program)
        if let obstacle = room.obstacle(to: program) ?? found.obstacle {
          blocked =
            blocked
            ?? "no edit is offered: to \(candidate.message) would make it hold, but \(obstacle)"
          continue
        }
        var mend = candidate
        mend.cost = rules.cost(of: program)
        // What an ASSERT is about that fails is explained there.
        let remarks = found.remaining.filter { !explained.contains($0.subject) }.map(\.text)
        offers.append(Offer(mend: mend, unknowns: effect.unknown, remarks: remarks))
        continue
      }
      if almost == nil, let obstacles = checker.obstacles(wanted, to: effect) {
        almost = (candidate, obstacles)
      }
    }
    if let offer = Self.cheapest(offers) {
      explanation.mends = [offer.mend]
      explanation.mendUnknowns = offer.unknowns
      explanation.mendRemarks = offer.remarks
    } else if !explanation.candidates.isEmpty {
      explanation.advice.append(blocked ?? refusal(almost, reason))
    }
    return explanation
  }

  private static func cheapest(_ offers: [Offer]) -> Offer? {
    guard var best = offers.first, var cost = best.mend.cost else { return offers.first }
    for offer in offers.dropFirst() {
      guard let other = offer.mend.cost else { return offers.first }
      if other < cost { (best, cost) = (offer, other) }
    }
    return best
  }

  /// Why no edit is offered.
  private func refusal(
    _ almost: (mend: Mend, obstacles: [Int])?, _ reason: String?
  ) -> String {
    guard let almost else {
      return "no edit is offered: none that aligns the symbol could be checked against this image"
        + (reason.map { ": \($0)" } ?? "")
    }
    let names = almost.obstacles.map {
      "'\(report.program.names.string(report.assertions[$0].message))'"
    }
    let hint =
      reason.map { ": \($0)" }
      ?? (report.evidence.kinds.contains { $0 == .elf || $0 == .pe }
        ? ""
        : "; with the linked image beside the map (ld --noinhibit-exec) it can be checked, since that has "
          + "alignments and absolute symbols")
    return "no edit is offered: to \(almost.mend.message) would make it hold, but whether "
      + "\(names.joined(separator: ", ")) would hold then is not known\(hint)"
  }

  /// The script with the edits made; nil if they are not in its own file, or spoil it.
  private func edited(_ edits: [FixEdit]) -> LoadedScript? {
    guard let source = edits.first?.span.source,
      edits.allSatisfy({ $0.span.source == source })
    else { return nil }
    let buffer = script.script.sources.buffer(source)
    guard buffer.path == script.path else { return nil }
    let text = FixEdit.apply(edits, to: buffer.bytes(in: 0..<buffer.count))
    guard
      let loaded = reader.read(SourceBuffer(path: buffer.path, bytes: text), like: script),
      !loaded.script.isRefused
    else { return nil }
    return loaded
  }
}

extension FixEdit {
  /// `bytes` with the edits made.
  static func apply(_ edits: [FixEdit], to bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for edit in edits.sorted(by: { $0.span.start > $1.span.start }) {
      let range = edit.span.range.clamped(to: 0..<bytes.count)
      result.replaceSubrange(range, with: Array(edit.replacement.utf8))
    }
    return result
  }
}
