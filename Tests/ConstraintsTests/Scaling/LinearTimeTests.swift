// Hostile shapes cost time in proportion to their length: four times the script, some four times the work. What is
// measured is the CPU time of the thread; the bound leaves room for a busy machine and is
// far below the sixteen of quadratic work.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite struct LinearTimeTests {
  #if DEBUG
    private static let statements = 80
  #else
    private static let statements = 2500
  #endif
  private static let mostGrowth = 9.0

  /// One size of a shape.
  private struct Input {
    var script: String
    var images: [String]

    init(_ shape: AdversarialScript, times factor: Int) {
      let count = factor * shape.scale * LinearTimeTests.statements
      script = shape.text(count)
      images = shape.images(count)
    }
  }

  /// Parses, judges, explains and lints a script with its images.
  private static func work(_ input: Input) -> Int {
    let images = input.images.enumerated().compactMap { index, text in
      try? ImageReader.read(SourceBuffer(name: "\(index).map", text: text))
    }
    #expect(images.count == input.images.count, "an image was refused")
    let buffer = SourceBuffer(name: "a.lds", text: input.script)
    let script = ScriptParser.parse(buffer)
    if script.isRefused { return script.diagnostics.count }
    let program = Program(script)
    let report = EvaluationReport(program, evidence: Evidence(images, for: program))
    let places = report.assertions.reduce(0) { $0 &+ program.sources.position(of: $1.span).line }
    let findings = RuleRegistry.check(
      RuleContext(script: script, images: images.map { PlannedImage($0, plan: nil) }))
    let contradictions = Contradictions(images)
    return places &+ findings.count &+ contradictions.pairs.count
      &+ ScriptWriter.bytes(of: script).count
  }

  @Test(arguments: AdversarialScript.all + AdversarialImages.all)
  func costsTimeInProportion(script: AdversarialScript) {
    let (short, long) = (Input(script, times: 1), Input(script, times: 4))
    var sums: Set<Int> = []
    let growth = WorkTime.excess(
      over: Self.mostGrowth, { sums.insert(Self.work(short)) }, { sums.insert(Self.work(long)) })
    #expect(growth == nil, "\(script.name): \(growth ?? 0) times the time")
    // The same input comes to the same each time.
    #expect(sums.count <= 2, "\(script.name): \(sums)")
  }
}
