// What there is to say of one image on superpages: text, JSON, pictures and pages show the same.

import Constraints
import LdsParser

/// What `superpages` found out about one image.
struct SuperpageResult: Sendable {
  let plan: SuperpagePlan
  var findings: [ReportFinding]

  /// Names of the sections that a rule about sections objects to; pictures show them.
  var markedSections: Set<String> {
    let rules = ["stray-section", "writable-executable"]
    return Set(
      findings.filter { rules.contains($0.rule) && $0.severity > .note }.map(\.subject))
  }
}
