// A report with everything in it, for the tests of all formats.

import Constraints
import Foundation
import LdsParser

@testable import lds_check

enum SyntheticReport {
  static let root = RepositoryRoot(
    folder: FilePath("/src/xen"), workingFolder: FilePath("/src/xen/xen"))

  /// Findings, verdicts and proofs about a small script with a tab and a wide character.
  static func sample(_ kind: Report.Kind) -> Report {
    let text =
      "SECTIONS {\n\t_start = .; /* 開始 */ _end = 4;\n}\nASSERT(_start == _end,\n  \"uneven\")\n"
    var sources = SourceSet()
    let source = sources.add(SourceBuffer(name: "arch/x86/xen.lds.S", text: text))
    let resolver = ReportResolver(sources: sources)
    var report = Report(kind: kind, root: root, mainPath: FilePath("arch/x86/xen.lds.S"))
    let start = span(of: "_start = .", in: text, source)
    let end = span(of: "_end = 4", in: text, source)
    let assertion = span(of: "ASSERT(_start == _end,\n  \"uneven\")", in: text, source)
    let fails = Finding(
      rule: "assertion-fails", severity: .error, message: "uneven", at: .source(assertion),
      notes: [
        FindingNote("'_start' is 0x1000, set here", at: .source(start)),
        FindingNote("0xffc (3.9 KiB) too high"),
      ], fixes: [FixEdit(end, replacement: "_end = 0x1000")], subject: "_start == _end")
    report.findings = [
      resolver.finding(fails, help: ["write '_end = 0x1000'"]),
      resolver.finding(
        Finding(
          rule: "superpage-alignment", severity: .warning,
          message: "'_end' = 0x4 is not 2M aligned",
          at: .source(end), subject: "_end")),
      resolver.finding(
        Finding(
          rule: "stray-section", severity: .note, message: "'.foo' is in no region",
          at: .image(FilePath("/build/xen-syms"), line: nil, offset: 64), subject: ".foo")),
      resolver.finding(
        Finding(
          rule: "stray-section", severity: .note, message: "'.foo' again", at: .none,
          subject: ".foo")),
    ]
    var hidden = resolver.finding(
      Finding(
        rule: "load-address-congruence", severity: .error, message: "hidden", at: .source(start),
        subject: "x"))
    hidden.justification = "SAF-12-safe the loader moves us"
    report.suppressed = [hidden]
    fill(&report, resolver.place(assertion), resolver.place(end))
    return report
  }

  private static func fill(_ report: inout Report, _ assertion: ReportPlace, _ end: ReportPlace) {
    let verdicts: [(String, Verdict, UInt64?, String?)] = [
      ("uneven", .fails, 0, nil), ("uneven", .holds, 1, nil),
      ("size", .undecided, nil, "no size of '.text': an ELF image or a map has it"),
    ]
    report.assertions = verdicts.map { message, verdict, value, reason in
      ReportAssertion(
        message: message, source: "_start == _end", expression: "_start == _end",
        place: assertion, image: "xen-syms", verdict: verdict, value: value, reason: reason)
    }
    report.assignments = [
      ReportAssignment(symbol: "_end", place: end, value: 4, imageValue: nil)
    ]
    report.proofs = [
      ReportProof(
        message: "uneven", place: assertion, verdict: .depends, linker: .bfd,
        because: ["'_start' is an input"])
    ]
    report.ran = ["stray-section", "superpage-alignment", "table-window"]
    report.knownCount = 2
    let old = Finding(
      rule: "image-slot", severity: .note, message: "", at: .none, subject: "slot 1")
    report.stale = Baseline([old], sources: SourceSet()).entries
  }

  /// A report in which every text is an attack on some format.
  static func hostile() -> Report {
    let text = "a\u{1B}[31m = ]]>;\n"
    var sources = SourceSet()
    let name = Array("x|<b>,:%\n::error::\u{7F}".utf8) + [0xFF]
    let source = sources.add(SourceBuffer(path: FilePath(bytes: name), bytes: Array(text.utf8)))
    let resolver = ReportResolver(sources: sources)
    var report = Report(
      kind: .lint, root: RepositoryRoot(folder: nil, workingFolder: FilePath("/w")),
      mainPath: FilePath(bytes: name))
    let message =
      "quote \" ' back \\ end ]]> <!-- & \u{0} \u{1B}[2J \r\n::set-env::x\n| `a` \u{202E}x \u{FFFE}%0A"
    let span = SourceSpan(source: source, start: 0, end: 12)
    let place = FindingPlace.source(span)
    report.findings = [
      resolver.finding(
        Finding(
          rule: "no-such-rule", severity: .error, message: message, at: place,
          notes: [FindingNote(message, at: place), FindingNote(message)],
          fixes: [
            FixEdit(SourceSpan(source: source, start: 0, end: 0), replacement: message)
          ], subject: message), help: [message])
    ]
    report.assertions = [
      ReportAssertion(
        message: message, source: message, expression: message, place: resolver.place(span),
        image: message, verdict: .fails, value: 0),
      ReportAssertion(
        message: message, source: nil, expression: message, place: resolver.place(span),
        image: message, verdict: .undecided, reason: message),
    ]
    return report
  }

  /// `report` in `format`, as bytes.
  static func bytes(_ report: Report, _ format: ReportFormat, isQuiet: Bool = false) -> [UInt8] {
    let output = Output.inMemory()
    format.write(
      report, to: TextWriter(output: output, decorator: PlainDecorator()), isQuiet: isQuiet)
    return output.contents
  }

  static func text(_ report: Report, _ format: ReportFormat, isQuiet: Bool = false) -> String {
    String(decoding: bytes(report, format, isQuiet: isQuiet), as: UTF8.self)
  }

  private static func span(of part: String, in text: String, _ source: SourceID) -> SourceSpan {
    guard let range = text.range(of: part) else {
      return SourceSpan(source: source, start: 0, end: 0)
    }
    let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    return SourceSpan(
      source: source, start: UInt32(start), end: UInt32(start + part.utf8.count))
  }
}
