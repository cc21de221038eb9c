// Where strings and constants were merged. GNU ld merges them behind the script: expressions saw symbols where each object
// has its own, and a map lists them where they came to be.

internal import LdsParser

extension Evidence {
  /// What has become of another size has been merged, unless it is code that was made shorter, or unwind tables, which no
  /// symbols are in.
  mutating func adoptMergedRows(of image: Image) {
    let relaxes = image.outputFormat.map { format in
      ["*riscv*", "*loongarch*"].contains { Glob(Array($0.utf8)).matches(format) }
    }
    for row in image.resizedInputs {
      let name = row.name(in: image)
      let isMerged =
        relaxes == true
        ? name.starts(with: ".rodata".utf8)
        : ![".text", ".eh_frame"].contains { name.starts(with: $0.utf8) }
      guard isMerged else { continue }
      let (end, overflow) = row.address.addingReportingOverflow(row.size)
      mergedRows[Int(row.outputSection), default: []].append(
        row.address...(overflow ? .max : end))
    }
  }

  /// Whether a symbol of a map is where strings or constants were merged.
  func isInMergedRow(_ symbol: Symbol) -> Bool {
    guard case .section(let index) = symbol.place, let rows = mergedRows[index] else {
      return false
    }
    return rows.contains { $0.contains(symbol.address) }
  }
}
