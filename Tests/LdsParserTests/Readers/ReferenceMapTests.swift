// Every map and listing of the reference data, read without a line left over.

import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ReferenceData.isPresent, "needs the reference data beside the checkout"))
struct ReferenceMapTests {
  static let maps =
    ReferenceData.paths(".ldmap")
    + ReferenceData.paths(".ldmap.gz").filter {
      !$0.contains(".lldmap")
    } + ReferenceData.paths("vmlinux.map")

  @Test(arguments: maps)
  func gnuMapHasNoUnknownLine(path: String) throws {
    let buffer = try ReferenceData.buffer(path)
    #expect(FormatRecognizer.recognize(buffer) == .gnuMap)
    let image = try ImageReader.read(buffer)
    #expect(image.unknownLineCount == 0)
    #expect(image.diagnostics.isEmpty, "\(image.diagnostics)")
    let printer = MapPrinter(image: image)
    var counts = (assignments: 0, assertions: 0)
    for statement in image.statements {
      guard let text = printer.text(statement.kind) else { continue }
      let start = Int(statement.offset)
      var line = buffer.text(in: start..<min(buffer.count, start + 4096))
      line = String(line.prefix { $0 != "\n" })
      #expect(line.hasSuffix("    " + text))
      if case .assertion = statement.kind {
        counts.assertions += 1
      } else {
        counts.assignments += 1
      }
    }
    let lines = buffer.text(in: 0..<buffer.count).split(separator: "\n")
    #expect(counts.assertions == lines.count { $0.contains("   ASSERT (") })
    #expect(counts.assignments == lines.count { $0.hasPrefix("      ") && $0.contains(" = ") })
    #expect(counts.assignments > 20)
  }

  @Test(arguments: maps)
  func skippingInputSectionsChangesNothingElse(path: String) throws {
    let buffer = try ReferenceData.buffer(path)
    let all = try ImageReader.read(buffer)
    let some = try ImageReader.read(buffer, parts: [.symbols, .sections, .statements])
    #expect(some.inputSections.isEmpty)
    #expect(some.unknownLineCount == 0)
    #expect(all.symbols.records.elementsEqual(some.symbols.records) { "\($0)" == "\($1)" })
    #expect(all.outputSections.elementsEqual(some.outputSections) { "\($0)" == "\($1)" })
    let kept = all.statements.filter {
      switch $0.kind {
      case .inputSection, .fill: false
      default: true
      }
    }
    #expect(kept.elementsEqual(some.statements) { "\($0)" == "\($1)" })
  }
}
