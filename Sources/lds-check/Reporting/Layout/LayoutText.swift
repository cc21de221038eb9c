// A layout for people: sections in a table, ASSERTs that fail, what differs from a real link.

import Constraints
import LdsParser

struct LayoutText {
  let writer: TextWriter
  let isQuiet: Bool
  /// Differences that are shown one by one.
  private static let most = 10

  init(writer: TextWriter, isQuiet: Bool) {
    self.writer = writer
    self.isQuiet = isQuiet
  }

  func write(_ result: LayoutResultOfRun, _ comparison: LayoutComparison?) {
    if let comparison {
      write(comparison)
    } else {
      write(result.prediction)
    }
    let assertions = result.assertions
    for assertion in assertions where assertion.verdict == .fails {
      writer.write("fails: ", .error)
      writer.line("\(assertion.message)  \(assertion.source ?? assertion.expression)")
    }
    guard !isQuiet else { return }
    let failing = assertions.count { $0.verdict == .fails }
    let count = result.prediction.sections.count
    writer.line(
      "\(count) sections, \(result.prediction.symbols.count) symbols, "
        + "\(assertions.count) ASSERTs of which \(failing) fail; "
        + "by the rules of \(result.prediction.dialect.name)")
  }

  private func write(_ prediction: LayoutPrediction) {
    let rows = prediction.sections.map { section in
      [
        String(decoding: section.name, as: UTF8.self), Self.hexadecimal(section.vma),
        section.lma.map(Self.hexadecimal) ?? "unknown",
        section.size.map(Self.hexadecimal) ?? "unknown",
        String(section.alignment), section.isNoBits ? "nobits" : "",
      ]
    }
    let table = [["section", "address", "load address", "size", "align", ""]] + rows
    let widths = (0..<6).map { column in table.map { $0[column].count }.max() ?? 0 }
    for (index, row) in table.enumerated() {
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 || column == 5 ? cell + padding : padding + cell
        line += "  "
      }
      while line.last == " " { line.removeLast() }
      writer.line(line, index == 0 ? .bold : .plain)
    }
  }

  private func write(_ comparison: LayoutComparison) {
    writer.line(
      "equal: \(comparison.sections.equal) of \(comparison.sections.all) sections, "
        + "\(comparison.symbols.equal) of \(comparison.symbols.all) symbols")
    for difference in comparison.differences.prefix(Self.most) {
      writer.write("differs: ", .error)
      writer.line(Self.words(difference))
    }
    let more = comparison.differences.count - Self.most
    if more > 0 { writer.line("and \(more) more") }
  }

  private static func words(_ difference: LayoutComparison.Difference) -> String {
    let name = String(decoding: difference.name, as: UTF8.self)
    let subject = "\(difference.kind.rawValue) \(name)"
    switch (difference.predicted, difference.actual) {
    case (let predicted?, let actual?):
      return
        "\(difference.aspect) of \(subject): \(hexadecimal(predicted)), in the image \(hexadecimal(actual))"
    case (let predicted?, nil):
      return "\(subject) at \(hexadecimal(predicted)) is not in the image"
    case (nil, let actual): return "\(subject) at \(hexadecimal(actual ?? 0)) is only in the image"
    }
  }

  static func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}
