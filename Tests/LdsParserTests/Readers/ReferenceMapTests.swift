// Every map and listing of the reference data, read without a line left over.

import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("gzip"), "needs gzip"))
struct ReferenceMapTests {
  static let maps =
    ReferenceData.paths(".ldmap") + ReferenceData.paths("vmlinux.map")

  @Test(arguments: maps)
  func gnuMapHasNoUnknownLine(path: String) throws {
    let buffer = try ReferenceData.buffer(path)
    #expect(FormatRecognizer.recognize(buffer) == .map(.gnuMap))
    let image = try ImageReader.read(buffer)
    #expect(image.unknownLineCount == 0)
    #expect(image.diagnostics.isEmpty, "\(image.diagnostics)")
    let printer = MapPrinter(image: image)
    var counts = (assignments: 0, assertions: 0)
    for statement in image.statements {
      guard let text = printer.text(statement.kind) else { continue }
      let start = Int(statement.offset)
      let bytes = buffer.bytes(in: start..<min(buffer.count, start + 4096))
      let line = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
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

  // The maps of broken links differ from one another in a line.
  @Test(arguments: maps.filter { !$0.contains("/xen-broken/") })
  func skippingInputSectionsChangesNothingElse(path: String) throws {
    let buffer = try ReferenceData.buffer(path)
    let all = try ImageReader.read(buffer)
    let some = try ImageReader.read(buffer, parts: [.symbols, .sections, .statements])
    #expect(some.inputSections.isEmpty)
    #expect(some.unknownLineCount == 0)
    #expect(
      all.symbols.records.elementsEqual(some.symbols.records) {
        ($0.nameStart, $0.nameLength, $0.value, $0.letter)
          == ($1.nameStart, $1.nameLength, $1.value, $1.letter) && $0.place == $1.place
          && $0.binding == $1.binding
      })
    #expect(all.outputSections.elementsEqual(some.outputSections) { "\($0)" == "\($1)" })
    let kept = all.statements.filter {
      switch $0.kind {
      case .inputSection, .fill: false
      default: true
      }
    }
    let others = some.statements.filter { if case .contents = $0.kind { false } else { true } }
    #expect(kept.elementsEqual(others) { $0.offset == $1.offset })
    // The words for a statement take long to make.
    let sampled = stride(from: 0, to: min(kept.count, others.count), by: 7)
    #expect(sampled.allSatisfy { "\(kept[$0])" == "\(others[$0])" })
    // Of contents in a row the last is left, under another name.
    let contents = Self.lastContents(all)
    #expect(contents == Self.lastContents(some))
    #expect(!contents.isEmpty)
  }

  /// The contents that another statement, or the end, follows.
  private static func lastContents(_ image: Image) -> [ContentsRow] {
    let rows = image.statements.map { ContentsRow($0, image) }
    return rows.indices.compactMap { index in
      index + 1 == rows.count || rows[index + 1] == nil ? rows[index] : nil
    }
  }

  static let lldMaps = ReferenceData.paths(".lldmap")

  @Test(arguments: lldMaps)
  func lldMapHasNoUnknownLine(path: String) throws {
    let buffer = try ReferenceData.buffer(path)
    #expect(FormatRecognizer.recognize(buffer) == .map(.lldMap))
    let image = try ImageReader.read(buffer)
    #expect(image.unknownLineCount == 0, "\(image.diagnostics)")
    let texts = buffer.text(in: 0..<buffer.count).split(separator: "\n").dropFirst().map {
      $0.split(separator: " ", maxSplits: 4).last ?? ""
    }
    var assignments = 0
    for statement in image.statements {
      guard case .assignment(let assignment, .none) = statement.kind else { continue }
      assignments += 1
      // The place of the value leads back to the text of the row.
      let span = image.sources.authoredSpan(of: image.expressions.span(assignment.written))
      #expect(span.source.index == 0)
      let row = buffer.text(in: Int(statement.offset)..<Int(span.end))
      #expect(!row.contains("\n") && row.contains("= "))
      #expect(row.hasSuffix(buffer.text(in: span.range)))
    }
    #expect(assignments == texts.count { $0.contains(" = ") || $0.contains(" += ") })
    #expect(assignments > 20)
  }

  static let listings =
    ReferenceData.paths(".nm") + ReferenceData.paths("System.map")
    + ReferenceData.paths("xen-syms.map") + ReferenceData.paths("xen.efi.map")

  @Test(arguments: listings)
  func listingIsReadWhole(path: String) throws {
    let buffer = try ReferenceData.buffer(path)
    let isXen = path.contains("xen-syms.map") || path.contains(".efi.map")
    #expect(FormatRecognizer.recognize(buffer) == (isXen ? .xenSymbols : .nmBSD))
    let image = try ImageReader.read(buffer)
    #expect(image.unknownLineCount == 0)
    let lines = buffer.text(in: 0..<buffer.count).split(separator: "\n")
    #expect(image.symbols.records.count == lines.count)
    for (record, line) in zip(image.symbols.records, lines) {
      #expect(line.hasSuffix(image.symbols.name(record)))
      #expect(line.contains(" \(String(UnicodeScalar(record.letter))) "))
      #expect(
        record.place == .undefined
          || UInt64(line.drop { $0 == "0" || $0 == "x" }.prefix { $0 != " " }, radix: 16) ?? 0
            == record.value
      )
    }
  }
}

/// A row of contents, whatever the map says of it.
private struct ContentsRow: Equatable {
  var address: UInt64
  var size: UInt64

  init?(_ statement: MapStatement, _ image: Image) {
    switch statement.kind {
    case .inputSection(let index):
      address = image.inputSections[index].address
      size = image.inputSections[index].size
    case .fill(let address, let size), .contents(let address, let size):
      self.address = address
      self.size = size
    case .data(let width, let address, _, _):
      self.address = address
      size = width.byteCount
    case .outputSection, .assignment, .assertion, .pattern, .unnamedAssertion: return nil
    }
  }
}
