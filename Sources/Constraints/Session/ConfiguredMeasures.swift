// The constraints and budgets of a configuration as things that may change when a section grows.

public import LdsParser

/// What a configuration says of layouts of one link.
public struct ConfiguredMeasures {
  private let configuration: Configuration
  private let script: LinkerScript?
  private let dialect: LinkerDialect
  private let path: FilePath

  /// Nil if the configuration has neither constraints nor budgets.
  ///
  /// - Parameters:
  ///   - script: the script of the link, which assigns regions to sections.
  ///   - path: the name that the image is reported by.
  public init?(
    _ configuration: Configuration, script: LinkerScript?, dialect: LinkerDialect, path: FilePath
  ) {
    guard !configuration.constraints.isEmpty || !configuration.budgets.isEmpty else { return nil }
    self.configuration = configuration
    self.script = script
    self.dialect = dialect
    self.path = path
  }

  /// The verdicts on a layout; those that it does not decide are left out.
  public func callAsFunction(_ layout: LayoutPrediction) -> [LayoutMeasure] {
    let image = layout.image(path: path)
    return constraints(image) + budgets(image)
  }

  private func constraints(_ image: Image) -> [LayoutMeasure] {
    let scripts = script.map { [LoadedScript(path: path, script: $0)] } ?? []
    return Session(
      scripts: scripts, images: [image], dialect: dialect, configuration: configuration
    ).judgeConstraints().flatMap { judged in
      zip(judged.constraints, judged.report.assertions).compactMap { constraint, assertion in
        guard assertion.verdict != .undecided else { return nil }
        return LayoutMeasure(
          name: "constraint '\(constraint.name)'", value: assertion.verdict.rawValue,
          isOrdered: false)
      }
    }
  }

  private func budgets(_ image: Image) -> [LayoutMeasure] {
    guard !configuration.budgets.isEmpty,
      let use = MemoryUse([image], script: script, dialect: dialect)
    else { return [] }
    // The size of a file is not in a layout.
    let judge = BudgetJudge(use, against: nil, configuration: configuration, dialect: dialect) {
      _ in nil
    }
    return judge.judge().compactMap { judged in
      guard judged.verdict != .undecided else { return nil }
      return LayoutMeasure(
        name: "budget '\(judged.budget.name)'", value: judged.verdict.rawValue,
        isOrdered: judged.budget.onlyFills)
    }
  }
}

extension ConfiguredBudget {
  /// Whether it bounds what only rises while sections grow.
  fileprivate var onlyFills: Bool {
    switch subject {
    case .region: true
    case .contributor: atLeast == nil
    case .gap, .file: false
    }
  }
}
