// The whole chain, as the commands run it: a script and an image, separated by a line "====", through
// evaluation, rules, proofs and explanations.

import Constraints
import LdsParser

/// Script and image together.
enum ChainReading {
  private static let separator = Array("\n====\n".utf8)

  static func read(_ bytes: [UInt8]) -> Int {
    let (script, rest) = split(bytes)
    let images = rest.flatMap { try? ImageReader.read(file($0, "image"), parts: .all) }
    let loaded = load(script)
    var sum = ScriptReading.touch(loaded.script)
    let read = images.map { [$0] } ?? []
    let scripts = loaded.script.isRefused ? [] : [loaded]
    for dialect in [LinkerDialect(.bfd, LinkerVersion(2, 35)), .bfd, .lld] {
      sum &+= judge(Session(scripts: scripts, images: read, dialect: dialect))
    }
    if let image = images {
      sum &+= judge(Session(images: [image]))
      sum &+= compare(image)
    }
    if !loaded.script.isRefused { sum &+= certify(loaded.script) }
    return sum &+ lint(Session(scripts: [loaded], images: read))
  }

  /// The proofs as other programs get them.
  private static func certify(_ script: LinkerScript) -> Int {
    let certificate = Certificate(script, dialect: .bfd)
    return certificate.steps.count &+ CertificateGoals(certificate).text.utf8.count
  }

  private static func split(_ bytes: [UInt8]) -> (script: [UInt8], image: [UInt8]?) {
    let last = bytes.count - separator.count
    guard last >= 0,
      let cut = (0...last).first(where: { bytes[$0...].starts(with: separator) })
    else { return (bytes, nil) }
    return (Array(bytes[..<cut]), Array(bytes[(cut + separator.count)...]))
  }

  /// The script, expanded first if it has a directive.
  private static func load(_ bytes: [UInt8]) -> LoadedScript {
    guard bytes.contains(UInt8(ascii: "#")) else {
      return LoadedScript(path: FilePath("a.lds"), script: ScriptParser.parse(file(bytes, "a.lds")))
    }
    var sources = SourceSet()
    let main = sources.add(file(bytes, "a.lds.S"))
    var options = Preprocessor.Options()
    options.missingIncludes = .tolerate
    let expansion = Preprocessor.expand(
      main, in: &sources, options: options, provider: NoSources())
    var script = ScriptParser.parse(expansion.source, in: sources)
    script.diagnostics = expansion.diagnostics + script.diagnostics
    return LoadedScript(path: FilePath("a.lds.S"), script: script, expansion: expansion)
  }

  /// Every ASSERT judged and explained, with the room that it has and what would mend it.
  private static func judge(_ session: Session) -> Int {
    var sum = session.groups.reduce(0) { $0 &+ $1.findings.count }
    for judged in (try? session.judge()) ?? [] {
      let report = judged.report
      sum &+= judged.findings(isStrict: true).count
      sum &+= Headroom.all(of: report, dialect: session.dialect).count
      for assertion in report.assertions {
        sum &+= touch(assertion.span, report.program.sources) &+ report.operandText(assertion)
      }
      sum = report.assignments.reduce(sum) { $0 &+ touch($1.span, report.program.sources) }
    }
    for subject in (try? session.subjects()) ?? [] {
      let texts = subject.report.assertions.map {
        subject.report.program.names.bytes($0.message)
      }
      let explained = ExplainedImage(subject, matching: texts, reader: Unedited())
      for explanation in explained.explanations {
        sum &+= explanation.causes.count &+ explanation.candidates.count
      }
    }
    return sum
  }

  /// Edits come to nothing: whether each would mend an ASSERT is asked of the script as it is.
  private struct Unedited: ScriptReader {
    func read(_ text: SourceBuffer, like script: LoadedScript) -> LoadedScript? { script }
    func missingDefinition(of name: String, in script: LoadedScript) -> String? { nil }
  }

  private static func lint(_ session: Session) -> Int {
    var sum = 0
    for result in session.lint() {
      for finding in result.findings {
        sum &+= finding.message.utf8.count
        sum &+= finding.subject.utf8.count
        for place in [finding.place] + finding.notes.map(\.place) {
          if case .source(let span) = place { sum &+= touch(span, result.sources) }
        }
      }
      let known = Baseline(result.findings, sources: result.sources)
      let kept = FindingFilter(baseline: known)
        .apply(result.findings, sources: result.sources, ran: [])
      precondition(kept.shown.isEmpty, "a baseline does not hold what it was made of")
      sum &+= result.proofs.count
    }
    return sum
  }

  /// An image against itself: nothing changed.
  private static func compare(_ image: Image) -> Int {
    let comparison = MapComparison(old: image, new: image)
    precondition(comparison.inputs.isEmpty)
    let difference = ImageDifference(
      old: image, new: image, oldPlan: plan(image), newPlan: plan(image))
    return ImageReading.touch(image) &+ difference.symbols.count
  }

  private static func plan(_ image: Image) -> SuperpagePlan? {
    guard let mapped = try? MappingProfiles.apply(nil, to: image) else { return nil }
    return try? SuperpagePlan(image, mapped: mapped, loadAddress: 0x15a0_0000)
  }

  private static func touch(_ span: SourceSpan, _ sources: SourceSet) -> Int {
    precondition(span.start <= span.end && Int(span.end) <= sources.buffer(span.source).count)
    return sources.position(of: span).line
      &+ sources.authoredExpression(of: span).text.utf8.count
  }
}

extension EvaluationReport {
  /// How the condition and the values in it are shown.
  fileprivate func operandText(_ assertion: AssertionReport) -> Int {
    let text = ExpressionWriter.text(
      of: assertion.condition, in: program.expressions, names: program.names, folded: true)
    return text.utf8.count &+ assertion.operands.count
  }
}
