// Which program is run against which evidence: scripts against images, or maps for themselves.

import Constraints
import LdsParser

/// One program judged against one image.
struct JudgedImage {
  /// The script, nil where a map was judged by its own statements.
  var script: LoadedScript?
  /// The files of the image that were used together.
  var images: [Image]
  /// The verdicts.
  var report: EvaluationReport
  /// The constraints of the configuration, if these and no script were judged.
  var constraints: [ConfiguredConstraint] = []

  /// The image as the report names it: its best informed file.
  var name: String? {
    images.min { $0.kind.detail < $1.kind.detail }?.path.lastComponent.display
  }
}

/// Runs everything that was loaded.
enum Judging {
  /// Judges each image by the scripts, or by itself where no script is given.
  ///
  /// Files of one image complete each other. Of several scripts, the one that made an image is the one
  /// whose assignments fit it best.
  ///
  /// - Throws: nothing in the input has an ASSERT.
  static func judge(
    _ inputs: LoadedInputs, dialect: LinkerDialect
  ) throws(ProgramError) -> [JudgedImage] {
    let groups = ImageEvidence.grouping(inputs.images).map { $0.map { inputs.images[$0] } }
    if inputs.scripts.isEmpty { return try judgeMaps(groups, dialect) }
    if groups.isEmpty { return inputs.scripts.map { judge($0, [], dialect) } }
    return groups.flatMap { group in
      let judged = inputs.scripts.map { judge($0, group, dialect) }
      let fewest = judged.map(\.staleCount).min() ?? 0
      return bestVariants(judged.filter { $0.staleCount == fewest })
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

  /// Judges each image by the constraints of a configuration.
  static func judge(
    _ inputs: LoadedInputs, by configuration: Configuration, dialect: LinkerDialect
  ) -> [JudgedImage] {
    if configuration.constraints.isEmpty { return [] }
    let groups = ImageEvidence.grouping(inputs.images).map { $0.map { inputs.images[$0] } }
    let program = Program(configuration.script)
    return (groups.isEmpty ? [[]] : groups).map { images in
      let evidence = Evidence(images, for: program)
      return JudgedImage(
        script: nil, images: images,
        report: EvaluationReport(program, evidence: evidence, dialect: dialect),
        constraints: configuration.constraints)
    }
  }

  private static func judge(
    _ script: LoadedScript, _ images: [Image], _ dialect: LinkerDialect
  ) -> JudgedImage {
    let program = Program(script.script)
    var report = EvaluationReport(
      program, evidence: Evidence(images, for: program), dialect: dialect)
    if report.assertions.contains(where: { $0.verdict == .undecided }),
      let map = images.first(where: { $0.kind == .gnuMap })
    {
      report.adoptVerdicts(ofMap: judgeMap(map, images, dialect))
    }
    return JudgedImage(script: script, images: images, report: report)
  }

  /// A map judged by the statements that it lists.
  private static func judgeMap(
    _ map: Image, _ images: [Image], _ dialect: LinkerDialect
  ) -> EvaluationReport {
    let program = Program(map: withContents(map))
    return EvaluationReport(program, evidence: Evidence(images, for: program), dialect: dialect)
  }

  /// The map with its rows of input sections, which tell the location counter, if there is an ASSERT to
  /// judge by it. Most of a large map is such rows.
  private static func withContents(_ map: Image) -> Image {
    let hasAssertion = map.statements.contains {
      if case .assertion = $0.kind { true } else { false }
    }
    guard hasAssertion, map.inputSections.isEmpty else { return map }
    return (try? ImageReader.read(map.symbols.names, parts: .all)) ?? map
  }

  private static func judgeMaps(
    _ groups: [[Image]], _ dialect: LinkerDialect
  ) throws(ProgramError) -> [JudgedImage] {
    var judged: [JudgedImage] = []
    for group in groups {
      guard let map = group.first(where: { $0.kind == .gnuMap && !$0.statements.isEmpty }) else {
        let name = group.first?.path.display ?? "the input"
        throw ProgramError(
          "\(name): no ASSERT to judge without a linker script",
          hint: "give the script too, or a map of GNU ld, which lists every ASSERT")
      }
      judged.append(
        JudgedImage(script: nil, images: group, report: judgeMap(map, group, dialect)))
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

extension ImageKind {
  /// Images before maps before listings.
  fileprivate var detail: Int {
    switch self {
    case .elf, .pe: 0
    case .gnuMap, .lldMap, .goldMap, .moldMap: 1
    case .nm, .xenSymbols: 2
    }
  }
}
