// What `--headroom` says of sections that grow, where a script and objects are at hand.

import Constraints
import LdsParser

/// The thresholds of one link.
struct GrowthSearch {
  /// Of all sections, those of one subject together, the least first.
  let thresholds: [LayoutThreshold]

  init(
    _ model: LayoutModel, judgesAssertions: Bool = true,
    measuring measure: @escaping (LayoutPrediction) -> [LayoutMeasure] = { _ in [] }
  ) throws(ProgramError) {
    var found: [LayoutThreshold] = []
    do throws(LayoutStop) {
      for section in model.growing {
        found += try model.thresholds(
          of: section, judgesAssertions: judgesAssertions, measuring: measure)
      }
    } catch {
      throw ProgramError("the objects cannot be laid out: \(error.message)")
    }
    thresholds = found.sorted { $0.bytes < $1.bytes }
  }

  /// Those of one ASSERT that holds now.
  func thresholds(of condition: ExpressionID) -> [LayoutThreshold] {
    thresholds.filter { $0.subject == .assertion(condition) && $0.from == "holds" }
  }

  /// Those of what is no ASSERT.
  var others: [LayoutThreshold] {
    thresholds.filter { if case .assertion = $0.subject { false } else { true } }
  }
}
