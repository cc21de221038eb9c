// SVG and HTML: well-formed, self-contained, and hostile names stay names.

import Constraints
import Foundation
import FoundationXML
import LdsParser
import TestSupport
import Testing

@testable import lds_check

/// Collects the elements and text of a document, and whether it could be read at all.
private final class Reader: NSObject, XMLParserDelegate {
  var elements: [String] = []
  var attributes: [(name: String, value: String)] = []
  var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(name)
    self.attributes += attributes.map { ($0.key, $0.value) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  static func read(_ document: String) -> Reader? {
    let parser = XMLParser(data: Data(document.utf8))
    let reader = Reader()
    parser.delegate = reader
    return parser.parse() ? reader : nil
  }
}

struct PictureTests {
  private static let hostile =
    ".x</title></text><script>alert('1')</script>\"&\u{202E}\u{1B}[31m\u{0}\u{FFFE}]]>"

  /// A Xen image whose sections and file have hostile names.
  private static func result() throws -> SuperpageResult {
    let base: UInt64 = 0xffff_82d0_4000_0000
    let facts = ImageFacts(
      "a/" + Self.hostile,
      symbols: [
        ("_start", base + 0x20_0000), ("__2M_text_end", base + 0x38_7000),
        ("__2M_rodata_start", base + 0x38_7000), ("__2M_rodata_end", base + 0x60_0000),
        ("_end", base + 0x60_0000),
      ],
      sections: [
        .init(".text", at: base + 0x20_0000, size: 0x18_6ccc, [.read, .execute]),
        .init(hostile, at: base + 0x40_0000, size: 0x18_0000, [.read, .write, .execute]),
      ])
    let image = facts.makeImage()
    let mapped = try MappingProfiles.apply(nil, to: image)
    let plan = try SuperpagePlan(image, mapped: mapped, loadAddress: 0x1000)
    return SuperpageResult(
      plan: plan,
      findings: RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: plan)]))
        .map { ReportResolver(sources: image.sources).finding($0) })
  }

  private static func documents() throws -> [String] {
    let result = try result()
    let comparison = PlanComparison(result.plan, result.plan)
    return [
      PlanSVG.document([result], differences: []),
      PlanSVG.document([result, result], differences: comparison.rows),
      PlanHTML(results: [result], comparison: nil).document,
      PlanHTML(results: [result, result], comparison: comparison).document,
    ]
  }

  @Test func documentsAreWellFormed() throws {
    for document in try Self.documents() {
      let reader = try #require(Reader.read(document), "not well-formed")
      #expect(!reader.elements.contains("script"))
      #expect(reader.text.contains("alert('1')"), "the name is shown as text")
      #expect(!document.contains("\u{202E}"))
      #expect(!document.contains("\u{1B}"))
    }
  }

  @Test func whatARuleObjectsToStandsOut() throws {
    #expect(try Self.result().markedSections == [Self.hostile])
    for document in try Self.documents() { #expect(document.contains("class=\"marked hit\"")) }
  }

  @Test func nothingIsFetched() throws {
    for document in try Self.documents() {
      let reader = try #require(Reader.read(document))
      let forbidden = ["script", "link", "img", "image", "iframe", "object", "use", "base", "a"]
      #expect(Set(reader.elements).isDisjoint(with: forbidden))
      for (name, value) in reader.attributes {
        #expect(!["src", "href", "xlink:href", "srcset", "data"].contains(name))
        if name != "xmlns" && !name.hasPrefix("aria") { #expect(!value.contains("//"), "\(value)") }
        #expect(!name.hasPrefix("on"))
      }
      #expect(!document.contains("@import"))
      let urls = document.components(separatedBy: "url(").dropFirst()
      #expect(urls.allSatisfy { $0.hasPrefix("#hatch)") })
    }
  }

  @Test func lightAndDark() throws {
    for document in try Self.documents() {
      #expect(document.contains("prefers-color-scheme:dark"))
    }
  }

  @Test func everyBasePageIsDrawnOnce() throws {
    let plan = try Self.result().plan
    for frame in plan.frames {
      var markup = Markup()
      PageGrid(plan: plan, frame: frame, width: 637).draw(into: &markup)
      let reader = try #require(Reader.read(markup.text))
      let titles = reader.text.components(separatedBy: " of 4K").dropLast()
      let pages = titles.compactMap {
        $0.split(whereSeparator: { " \n".contains($0) }).dropLast().last
      }
      #expect(pages.compactMap { Int($0) }.reduce(0, +) == 512)
    }
  }

  @Test func piecesCoverTheirFrame() throws {
    let plan = try Self.result().plan
    for frame in plan.frames {
      let pieces = plan.pieces(of: frame)
      #expect(pieces.reduce(0) { $0 + $1.range.byteCount } == frame.range.byteCount)
      #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.range.end == $1.range.start })
      let sections = plan.sectionPieces(of: frame)
      let padding = sections.filter { $0.section == nil }.reduce(0) { $0 + $1.range.byteCount }
      #expect(padding == frame.padding)
    }
  }

  @Test func manyEqualFramesAreTold() throws {
    let base: UInt64 = 0xffff_82d0_4000_0000
    let facts = ImageFacts(
      "a/" + Self.hostile,
      symbols: [
        ("_start", base + 0x20_0000), ("__2M_text_end", base + 0x40_0000),
        ("__2M_rodata_start", base + 0x40_0000), ("__2M_rodata_end", base + 0x3000_0000),
        ("_end", base + 0x3000_0000),
      ])
    let image = facts.makeImage()
    let plan = try SuperpagePlan(image, mapped: MappingProfiles.apply(nil, to: image))
    #expect(plan.frames.count == 383)
    let output = Output.inMemory()
    PlanText(writer: TextWriter(output: output, decorator: PlainDecorator())).write(plan)
    let text = String(decoding: output.contents, as: UTF8.self)
    #expect(text.contains("380 more of rodata, slots 2..383"))
    #expect(text.split(separator: "\n").count < 20)
    let html = PlanHTML(
      results: [SuperpageResult(plan: plan, findings: [])], comparison: nil)
    #expect(html.document.utf8.count < 40_000)
    #expect(Reader.read(html.document) != nil)
  }
}
