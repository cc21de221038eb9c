// How a diagnostic looks in text.

import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct DiagnosticPrinterTests {
  private func print(_ body: (DiagnosticPrinter) -> Void) -> String {
    let output = Output.inMemory()
    body(DiagnosticPrinter(writer: TextWriter(output: output, decorator: PlainDecorator())))
    return String(decoding: output.contents, as: UTF8.self)
  }

  @Test func diagnosticWithANote() {
    let marked = MarkedText("a = 1;\n  ASSERT↓(a↓; \"b\")\n")
    var sources = SourceSet()
    let id = sources.add(SourceBuffer(name: "x.lds", text: marked.text))
    func span(_ index: Int) -> SourceSpan {
      let offset = UInt32(marked.offsets[index])
      return SourceSpan(source: id, start: offset, end: offset + 1)
    }
    let diagnostic = Diagnostic(
      id: "syntax-error", severity: .error, message: "expected ',' before ';'", span: span(1),
      notes: [.init("the list starts here", at: span(0)), .init("see the manual")])
    #expect(
      print { $0.write(diagnostic, in: sources, of: FilePath("x.lds")) } == """
        x.lds:2:11: error: expected ',' before ';' [syntax-error]
            2 |   ASSERT(a; "b")
              |           ^
        x.lds:2:9: note: the list starts here
            2 |   ASSERT(a; "b")
              |         ^
        note: see the manual

        """)
  }

  @Test func textBehindALineMarkerIsPlacedWhereItCameFrom() {
    let text = "# 40 \"arch/x.lds.S\"\nbad;\n"
    var sources = SourceSet()
    let marker = OriginTable.LineMarker(offset: 0, line: 40, path: FilePath("arch/x.lds.S"))
    let id = sources.add(
      SourceBuffer(name: "x.lds", text: text), origins: OriginTable(lineMarkers: [marker]))
    let diagnostic = Diagnostic(
      id: "syntax-error", severity: .warning, message: "odd",
      span: SourceSpan(source: id, start: 20, end: 23))
    #expect(
      print { $0.write(diagnostic, in: sources, of: FilePath("x.lds")) } == """
        arch/x.lds.S:40:1: warning: odd [syntax-error]
           40 | bad;
              | ^~~

        """)
  }

  @Test func diagnosticOfAWholeFile() {
    let diagnostic = Diagnostic(
      id: "stripped-image", severity: .note, message: "no symbols", span: nil)
    #expect(
      print { $0.write(diagnostic, in: SourceSet(), of: FilePath("xen-syms")) }
        == "xen-syms: note: no symbols [stripped-image]\n")
  }

  @Test func faultsOfAFile() {
    let error = ReadError(id: "truncated-elf", message: "ends in its header", offset: 0x34)
    #expect(
      print { $0.write(error, path: FilePath("a\u{1B}b")) }
        == "a<1b>b: offset 0x34: error: ends in its header [truncated-elf]\n")
  }
}
