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
    small.isAltered = isAltered && finding.evidence.isOfAlteredFiles
    var alone = small
    alone.objects = objects.filter { $0.hasPrefix("base") }
    if try alone.differs(finding, in: folder) { small = alone }
    small = try small.withFewerObjects(finding, in: folder)
    for index in small.script.options.indices.reversed() {
      var fewer = small
      fewer.script.options.remove(at: index)
      if try fewer.differs(finding, in: folder) { small = fewer }
    }
    var plain = small
    if let neutral = small.script.neutral {
      plain.script = GeneratedScript(text: neutral, options: small.script.options)
    }
    let start = try plain.differs(finding, in: folder) ? plain : small
    var minimizer = CaseMinimizer(linker.dialect) { text in
      try start.with(text).differs(finding, in: folder)
    }
    return try start.with(try minimizer.minimize(start.script.text)).withFewerObjects(
      finding, in: folder)
  }

  private func withFewerObjects(_ finding: Finding, in folder: TemporaryFolder) throws -> Self {
    var small = self
    for object in objects.reversed() where small.objects.count > 1 {
      var fewer = small
      fewer.objects.removeAll { $0 == object }
      if try fewer.differs(finding, in: folder) { small = fewer }
    }
    return small
  }

  /// The case with another script. A difference about the ASSERT at which the linker stops needs both scripts, and
  /// these differ in the line of that ASSERT.
  private func with(_ text: String) -> Self {
    var other = self
    other.script.text = text
    guard let neutral = script.neutral else { return other }
    let mark = "\"\(GeneratedScript.faultMessage)\""
    let sound = neutral.split(separator: "\n").last { $0.contains(mark) } ?? ""
    let lines = text.split(separator: "\n").map { $0.contains(mark) ? sound : $0 }
    other.script.neutral = lines.joined(separator: "\n") + "\n"
    return other
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
    let altered = isAltered ? ", isAltered: true" : ""
    let options =
      script.options.isEmpty
      ? "" : ", options: [\(script.options.map { "\"\($0)\"" }.joined(separator: ", "))]"
    return """
      RecordedLink(.\(linker.program.family.rawValue), [\(names)]\(target)\(options)\(altered), \"\"\"
      \(lines)
        \"\"\"),
      """
  }
}

extension DifferentialCase.Result {
  /// The first wrong verdict or value.
  public var firstFault: DifferentialCase.Finding? { firstFault(nil) }

  /// The first one from this evidence; nil stands for any.
  public func firstFault(_ evidence: DifferentialCase.Evidence?) -> DifferentialCase.Finding? {
    guard case .judged(let findings, _) = self else { return nil }
    return findings.first { $0.fault != nil && (evidence == nil || $0.evidence == evidence) }
  }
}
