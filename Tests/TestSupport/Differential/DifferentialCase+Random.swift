// Random cases, and small ones in the form in which the tests keep them.

import LdsParser

extension DifferentialCase {
  /// The case of a seed; `isSane` says that its script asks for `SANE_EXPR` in any case.
  public init(
    linker: JudgingLinker, style: ScriptGenerator.Style, topic: ScriptTopic = .sections,
    seed: UInt64, isSane: Bool = false
  ) {
    var generator = ScriptGenerator(
      seed: seed, dialect: linker.dialect, style: style, topic: topic, target: linker.target)
    generator.isSane = isSane
    var random = SeededGenerator(seed: ~seed)
    self.init(
      linker: linker, script: generator.script(), objects: ObjectPool.choose(&random))
  }

  /// A smaller case in which the same verdict is wrong.
  public func minimized(_ finding: Finding, in folder: TemporaryFolder) throws -> Self {
    var small = self
    var alone = self
    alone.objects = objects.filter { $0.hasPrefix("base") }
    if try alone.differs(finding, in: folder) { small = alone }
    for index in small.script.options.indices.reversed() {
      var fewer = small
      fewer.script.options.remove(at: index)
      if try fewer.differs(finding, in: folder) { small = fewer }
    }
    var plain = small
    if let neutral = small.script.neutral {
      plain.script = GeneratedScript(text: neutral, options: small.script.options)
    }
    // A difference about the ASSERT at which the linker stops needs both scripts; they stay as they are.
    guard try plain.differs(finding, in: folder) else { return small }
    let start = plain
    var minimizer = CaseMinimizer(linker.dialect) { text in
      var candidate = start
      candidate.script.text = text
      return try candidate.differs(finding, in: folder)
    }
    plain.script.text = try minimizer.minimize(plain.script.text)
    return plain
  }

  private func differs(_ finding: Finding, in folder: TemporaryFolder) throws -> Bool {
    guard case .judged(let findings, _) = try run(in: folder) else { return false }
    return findings.contains {
      $0.evidence == finding.evidence && $0.name == finding.name && $0.fault != nil
    }
  }

  /// The case as an entry of the tests' table of links.
  public var testCase: String {
    let names = objects.map { "\"\($0)\"" }.joined(separator: ", ")
    let lines = script.text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    let target = linker.target == .x86_64 ? "" : ", target: .\(linker.target.rawValue)"
    let options =
      script.options.isEmpty
      ? "" : ", options: [\(script.options.map { "\"\($0)\"" }.joined(separator: ", "))]"
    return """
      RecordedLink(.\(linker.dialect.rawValue), [\(names)]\(target)\(options), \"\"\"
      \(lines)
        \"\"\"),
      """
  }
}

extension DifferentialCase.Result {
  /// The first wrong verdict or value.
  public var firstFault: DifferentialCase.Finding? {
    guard case .judged(let findings, _) = self else { return nil }
    return findings.first { $0.fault != nil }
  }
}
