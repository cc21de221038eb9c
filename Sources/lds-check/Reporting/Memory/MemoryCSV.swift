// `memory --format csv` (RFC 4180): one line a region, one a contributor.
//
//     region,kind,name,bytes,load_image,length,old_bytes,delta

import Constraints
import LdsParser

/// Writes a memory result as comma separated values.
struct MemoryCSV {
  /// The document.
  static func document(_ result: MemoryResult) -> String {
    var text = "region,kind,name,bytes,load_image,length,old_bytes,delta\r\n"
    for region in result.use?.regions ?? [] {
      let change = result.difference?.region(region.name)
      text += line([
        region.displayName, "region", region.displayName,
        "\(Int64(truncatingIfNeeded: region.used))",
        "", region.length.map { "\($0)" } ?? "", change?.old.map { "\($0)" } ?? "",
        change.map { "\($0.delta)" } ?? "",
      ])
      for row in result.rows(region) {
        let change = result.change(row, in: region)
        let before: Int64? =
          result.difference == nil ? nil : change.map { $0.old ?? 0 } ?? row.bytes
        text += line([
          region.displayName, row.kind.rawValue, row.displayName, "\(row.bytes)",
          "\(row.loadImage)", "", before.map { "\($0)" } ?? "",
          before.map { "\(row.bytes &- $0)" } ?? "",
        ])
      }
      for gone in change?.changes ?? [] where gone.kind == .gone {
        text += line([
          region.displayName, gone.row.kind.rawValue, gone.row.displayName, "0", "0", "",
          "\(gone.old ?? 0)", "\(gone.delta)",
        ])
      }
    }
    return text
  }

  private static func line(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\r\n"
  }

  /// A field in quotes where it needs them; what a spreadsheet would take for a formula is text.
  private static func field(_ text: String) -> String {
    var text = DisplayText.escape(ReportText.inline(text))
    if let first = text.first, "=@".contains(first) { text = "'" + text }
    guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0D }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
