// By how many bytes sections may grow until something changes, in words and as JSON.

import Constraints
import LdsParser

/// Tells of thresholds.
enum GrowthText {
  /// Sections that are shown of one ASSERT.
  private static let most = 4

  /// `may grow: .text by 7628 bytes, .data by 16` of one ASSERT, the least first; nil if nothing is known.
  static func line(_ thresholds: [LayoutThreshold]) -> String? {
    guard !thresholds.isEmpty else { return nil }
    let parts = thresholds.prefix(most).map { threshold in
      let name = String(decoding: threshold.section, as: UTF8.self)
      return "\(name) by \(threshold.bytes)\(threshold.isExact ? "" : " at most")"
    }
    let more =
      thresholds.count > most ? ", and \(thresholds.count - most) more sections by more" : ""
    return "may grow: \(parts.joined(separator: ", ")) bytes\(more)"
  }

  /// What else changes, the least growth of each first.
  static func write(_ thresholds: [LayoutThreshold], _ writer: TextWriter) {
    var seen: [LayoutThreshold.Subject] = []
    for threshold in thresholds where !seen.contains(threshold.subject) {
      seen.append(threshold.subject)
    }
    for subject in seen {
      let own = thresholds.filter { $0.subject == subject }
      guard let first = own.first, let line = line(own) else { continue }
      writer.line(
        "\(name(subject)): \(ReportText.inline(first.from)) -> \(ReportText.inline(first.to))")
      writer.line("  \(line)", .note)
    }
  }

  /// What a threshold is about.
  static func name(_ subject: LayoutThreshold.Subject) -> String {
    switch subject {
    case .assertion: "ASSERT"
    case .region(let name): "region \(ReportText.inline(String(decoding: name, as: UTF8.self)))"
    case .link: "link"
    case .other(let name): name
    }
  }
}

extension JSONWriter {
  /// The members of one threshold.
  func growth(_ threshold: LayoutThreshold) {
    member("section", threshold.section)
    member("bytes", Int(clamping: threshold.bytes))
    member("exact", threshold.isExact)
  }

  /// Thresholds of what is no ASSERT; nothing if there are none.
  func growths(_ thresholds: [LayoutThreshold]) {
    if thresholds.isEmpty { return }
    array("growth", thresholds) { threshold in
      row {
        member("subject", GrowthText.name(threshold.subject))
        growth(threshold)
        member("from", threshold.from)
        member("to", threshold.to)
      }
    }
  }
}
