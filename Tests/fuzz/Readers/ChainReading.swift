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
    var sum = ScriptReading.touch(loaded)
    if !loaded.isRefused {
      for dialect in LinkerDialect.allCases {
        sum &+= judge(Program(loaded), images.map { [$0] } ?? [], dialect)
      }
    }
    if let image = images {
      sum &+= judge(Program(map: image), [image], .bfd)
      sum &+= compare(image)
    }
    return sum &+ lint(loaded, images)
  }

  private static func split(_ bytes: [UInt8]) -> (script: [UInt8], image: [UInt8]?) {
    let last = bytes.count - separator.count
    guard last >= 0,
      let cut = (0...last).first(where: { bytes[$0...].starts(with: separator) })
    else { return (bytes, nil) }
    return (Array(bytes[..<cut]), Array(bytes[(cut + separator.count)...]))
  }

  /// The script, expanded first if it has a directive.
  private static func load(_ bytes: [UInt8]) -> LinkerScript {
    guard bytes.contains(UInt8(ascii: "#")) else { return ScriptParser.parse(file(bytes, "a.lds")) }
    var sources = SourceSet()
    let main = sources.add(file(bytes, "a.lds.S"))
    var options = Preprocessor.Options()
    options.missingIncludes = .tolerate
    let expansion = Preprocessor.expand(
      main, in: &sources, options: options, provider: NoSources())
    var script = ScriptParser.parse(expansion.source, in: sources)
    script.diagnostics = expansion.diagnostics + script.diagnostics
    return script
  }

  private static func judge(_ program: Program, _ images: [Image], _ dialect: LinkerDialect) -> Int
  {
    let evidence = Evidence(images, for: program)
    var report = EvaluationReport(program, evidence: evidence, dialect: dialect)
    if let map = images.first(where: { $0.kind == .gnuMap }) {
      let listed = Program(map: map)
      report.adoptVerdicts(
        ofMap: EvaluationReport(listed, evidence: Evidence(images, for: listed), dialect: dialect))
    }
    let explainer = Explainer(
      report, surroundings: .init(map: images.first, plan: images.first.flatMap { plan($0) }),
      dialect: dialect)
    let checker = MendChecker(report, dialect: dialect)
    var sum =
      Headroom.all(of: report, dialect: dialect).count
      &+ Contradictions(images, limit: 5).pairs.count
    for explanation in explainer.explain(Array(report.assertions.indices)) {
      let wanted = [explanation.assertion] + explanation.sameCause
      sum &+= explanation.causes.count &+ explanation.candidates.count
      if let effect = checker.effect(of: program) {
        sum &+= checker.mends(wanted, by: effect) ? 1 : 0
      }
    }
    for assertion in report.assertions {
      sum &+= touch(assertion.span, program.sources) &+ report.operandText(assertion)
    }
    return report.assignments.reduce(sum) { $0 &+ touch($1.span, program.sources) }
  }

  private static func lint(_ script: LinkerScript, _ image: Image?) -> Int {
    let planned = image.map { [PlannedImage($0, plan: plan($0))] } ?? []
    let context = RuleContext(script: script, images: planned)
    let findings = RuleRegistry.check(context)
    var sum = 0
    for finding in findings {
      sum &+= finding.message.utf8.count
      sum &+= finding.fingerprintParts(sources: script.sources).count
      for place in [finding.place] + finding.notes.map(\.place) {
        if case .source(let span) = place { sum &+= touch(span, script.sources) }
      }
    }
    let known = Baseline(findings, sources: script.sources)
    let filter = FindingFilter(baseline: known)
    let kept = filter.apply(findings, sources: script.sources, ran: [])
    precondition(kept.shown.isEmpty, "a baseline does not hold what it was made of")
    return context.facts.map { sum &+ $0.proof.assertions.count } ?? sum
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
