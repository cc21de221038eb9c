// The verdicts of eval in 80 columns: one line with verdict, place and message, the values below it.
//
//     verdict    place                message
//     fails      xen/xen.lds.S:397:1  _start misaligned
//                IS_ALIGNED(_start, MB(2))  _start = 0x201000

import Constraints
import LdsParser

/// Writes the verdicts on ASSERTs.
struct VerdictText {
  let writer: TextWriter

  /// Where places and values begin.
  private static let indent = 11
  /// Of longer places the message is on the same line, but in no column.
  private static let widestPlace = 36

  /// Failing ones first, then undecided ones: the end of a long list is not where people look.
  func write(_ assertions: [ReportAssertion]) {
    let subjects = assertions.map(\.subject)
    var shown: [ReportSubject] = []
    for subject in subjects where !shown.contains(subject) { shown.append(subject) }
    let places = assertions.map { DisplayText.width(ReportText.place($0.place)) }
    let column = places.filter { $0 <= Self.widestPlace }.max() ?? 5
    if !assertions.isEmpty {
      writer.line(
        Self.padded("verdict", Self.indent) + Self.padded("place", column) + "  message", .faint)
    }
    for subject in shown {
      if shown.count > 1, let text = subject.text {
        writer.line(ReportText.inline(text) + ":", .bold)
      }
      for verdict in [Verdict.fails, .undecided, .holds] {
        for (assertion, its) in zip(assertions, subjects)
        where its == subject && assertion.verdict == verdict {
          write(assertion, column)
        }
      }
    }
  }

  private func write(_ assertion: ReportAssertion, _ column: Int) {
    let style: TextStyle =
      switch assertion.verdict {
      case .holds: .good
      case .fails: .error
      case .undecided: .warning
      }
    writer.write(Self.padded(assertion.verdict.rawValue, Self.indent), style)
    writer.write(Self.padded(ReportText.place(assertion.place), column), .place)
    // The line breaks of a message stay.
    let lines = assertion.message.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    writer.write("  " + (lines.first.map(String.init) ?? ""), .bold)
    writer.line(ReportText.agreeing(assertion.linkers), .note)
    for line in lines.dropFirst() {
      writer.write(String(repeating: " ", count: Self.indent + column + 2))
      writer.line(String(line), .bold)
    }
    values(assertion)
    for room in assertion.headroom { below("headroom \(room.text)") }
    if let growth = GrowthText.line(assertion.growth) { below(growth) }
    if let reason = assertion.reason { below(ReportText.inline(reason)) }
    if let known = assertion.accepted { below("known: \(ReportText.inline(known))", .note) }
  }

  /// The condition with its values behind it, or below it where they do not fit; of what holds, the values will do.
  private func values(_ assertion: ReportAssertion) {
    // The author's macros say what is meant; what a preprocessor left of them is only long.
    let source = assertion.source ?? assertion.expression
    let isShown =
      assertion.isFromMacros || source.utf8.count <= assertion.expression.utf8.count
    let condition = ReportText.inline(isShown ? source : assertion.expression)
    let operands = assertion.operands.map { ReportText.inline($0.text) }
    let line = ([condition] + [operands.joined(separator: ", ")]).joined(separator: "  ")
    if operands.isEmpty {
      below(condition, .faint)
    } else if DisplayText.width(line) <= writer.width - Self.indent {
      below([line], .faint)
    } else {
      if assertion.verdict != .holds { below(condition, .faint) }
      let last = operands.count - 1
      below(operands.enumerated().map { $0.offset == last ? $0.element : $0.element + "," }, .faint)
    }
  }

  /// Text under the place, broken at blanks.
  private func below(_ text: String, _ style: TextStyle = .plain) {
    below(text.split(separator: " ", omittingEmptySubsequences: false).map(String.init), style)
  }

  /// Pieces under the place, as many on a line as fit.
  private func below(_ pieces: [String], _ style: TextStyle) {
    var line = ""
    func flush() {
      writer.write(String(repeating: " ", count: Self.indent))
      writer.line(line, style)
      line = ""
    }
    for piece in pieces {
      if !line.isEmpty,
        Self.indent + DisplayText.width(line) + 1 + DisplayText.width(piece) > writer.width
      {
        flush()
      }
      line += (line.isEmpty ? "" : " ") + piece
    }
    if !line.isEmpty { flush() }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayText.width(text)))
  }
}
