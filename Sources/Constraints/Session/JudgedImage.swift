// What came of judging: one program, the files of one image, the verdicts.

public import LdsParser

/// One program judged against one image.
public struct JudgedImage: Sendable {
  /// The script, nil where a map was judged by its own statements.
  public let script: LoadedScript?
  /// The files of the image that were used together.
  public let images: [Image]
  /// The verdicts.
  public let report: EvaluationReport
  /// The constraints of the configuration, if these and no script were judged.
  public let constraints: [ConfiguredConstraint]
  /// The scripts that set what constraints are about.
  let scripts: [LoadedScript]

  init(
    script: LoadedScript?, images: [Image], report: EvaluationReport,
    constraints: [ConfiguredConstraint] = [], beside scripts: [LoadedScript] = []
  ) {
    self.scripts = scripts
    self.script = script
    self.images = images
    self.report = report
    self.constraints = constraints
  }

  /// The image as reports name it: its best informed file, without folders; nil for no image.
  public var name: String? {
    images.min { $0.kind.rank < $1.kind.rank }?.path.lastComponent.display
  }
}
