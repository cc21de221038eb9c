// Which program is run against which evidence: scripts against images, or maps for themselves.

internal import LdsParser

extension Session {
  /// Judges each image by the scripts, or by itself where no script is given.
  ///
  /// Files of one image complete each other. Of several scripts, the one that made an image is the one
  /// whose assignments fit it best.
  ///
  /// - Throws: an image without a script is no map that lists ASSERTs.
  public func judge() throws(SessionError) -> [JudgedImage] {
    scripts.isEmpty ? try judgeMaps() : judgeByScripts()
  }

  /// Judges each image by the scripts or by itself, as ``judge()`` does, and by the constraints of the configuration.
  ///
  /// An image that lists no ASSERT is judged by the constraints alone.
  ///
  /// - Throws: there is neither an ASSERT nor a constraint to judge an image by.
  public func judgeWithConstraints() throws(SessionError) -> [JudgedImage] {
    try judgeAssertions() + judgeConstraints()
  }

  /// What ``judge()`` gives, without the images that only constraints say something of.
  func judgeAssertions() throws(SessionError) -> [JudgedImage] {
    guard scripts.isEmpty, configuration?.constraints.isEmpty == false else { return try judge() }
    return groups.compactMap { group in Self.map(of: group).map { judge(map: $0, group) } }
  }

  /// The map of a group that lists ASSERTs.
  private static func map(of group: ImageGroup) -> Image? {
    group.images.first { $0.kind.tells(.statements) && !$0.statements.isEmpty }
  }

  func judgeByScripts() -> [JudgedImage] {
    if groups.isEmpty {
      return scripts.map { script in
        let program = Program(script.script)
        return JudgedImage(
          script: script, images: [],
          report: EvaluationReport(program, evidence: evidence([], for: program), dialect: dialect))
      }
    }
    return groups.flatMap { group in
      let judged = scripts.map { judge($0, group) }
      let fewest = judged.map(\.staleCount).min() ?? 0
      return Self.bestVariants(judged.filter { $0.staleCount == fewest })
    }
  }

  /// Of the variants of one script, those that account for the most symbols of the image.
  private static func bestVariants(_ judged: [JudgedImage]) -> [JudgedImage] {
    judged.filter { one in
      !judged.contains { other in
        other.script?.path == one.script?.path && other.confirmedCount > one.confirmedCount
      }
    }
  }

  /// Judges each image by the constraints of the configuration.
  public func judgeConstraints() -> [JudgedImage] {
    guard let configuration, !configuration.constraints.isEmpty else { return [] }
    let program = Program(configuration.script)
    return (groups.isEmpty ? [ImageGroup([])] : groups).map { group in
      let report = group.confirmed { images in
        var evidence = evidence(images, for: program)
        evidence.adopt(shipped, of: images, for: program)
        evidence.adoptRegions(of: scripts.map(\.script))
        return EvaluationReport(program, evidence: evidence, dialect: dialect)
      }
      return JudgedImage(
        script: nil, images: group.images, report: report, constraints: configuration.constraints,
        beside: scripts)
    }
  }

  private func judge(_ script: LoadedScript, _ group: ImageGroup) -> JudgedImage {
    var program = Program(script.script)
    let doubts = script.doubts(of: program)
    let report = group.confirmed { images in
      var own = EvaluationReport(
        program, evidence: evidence(images, for: program), dialect: dialect)
      let map = images.first { $0.kind.tells(.statements) && !$0.statements.isEmpty }
      let open = script.openNames(of: own)
      if let map, map.kind == .gnuMap, !open.isEmpty {
        let numbers = MacroNumbers(program, map: Program(map: map), open: open).values
        if !numbers.isEmpty {
          program = program.taking(numbers, dialect: dialect)
          own = EvaluationReport(
            program, evidence: evidence(images, for: program), dialect: dialect)
        }
      }
      if let foretold, foretold.script == script.path { own = own.foretold(by: foretold) }
      // Where nothing but the map was read, it is asked only for what the script does not decide.
      let isAsked =
        images.count > 1 || !doubts.isEmpty
        || own.assertions.contains { $0.verdict == .undecided }
      return own.completed(
        doubts: doubts,
        map: map.flatMap { map in
          isAsked
            ? MapWord(map, for: program, open: open, dialect: dialect) : nil
        })
    }
    return JudgedImage(script: script, images: group.images, report: report)
  }

  /// A map judged by the statements that it lists; what it says of their values is of its own link alone.
  private func judge(map: Image, _ group: ImageGroup) -> JudgedImage {
    let program = Program(map: map)
    let report = group.confirmed { images in
      let isOwn = images.contains { $0.path == map.path }
      return EvaluationReport(
        isOwn ? program : program.statementsAlone, evidence: evidence(images, for: program),
        dialect: dialect)
    }
    return JudgedImage(script: nil, images: group.images, report: report)
  }

  /// The facts of the files, and what the command line of their link decides.
  private func evidence(_ images: [Image], for program: Program) -> Evidence {
    var evidence = Evidence(images, for: program)
    evidence.settings = settings
    let machine = images.lazy.compactMap(\.machine).first
    evidence.settings.defaultPageSizes =
      settings.defaultPageSizes ?? machine.flatMap { PageSizes(machine: $0, dialect: dialect) }
    return evidence
  }

  func judgeMaps() throws(SessionError) -> [JudgedImage] {
    var judged: [JudgedImage] = []
    for group in groups {
      guard let map = Self.map(of: group) else { throw .noStatements(group.images.first?.path) }
      judged.append(judge(map: map, group))
    }
    return judged
  }
}

extension JudgedImage {
  fileprivate var staleCount: Int { report.assignments.count(where: \.isStale) }

  /// Assignments whose symbols the image has.
  fileprivate var confirmedCount: Int {
    report.assignments.count { $0.isApplied && !$0.isStale && $0.imageValue != nil }
  }
}
