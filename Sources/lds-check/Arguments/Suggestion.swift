// "Did you mean": the known name nearest to a misspelt one.

enum Suggestion {
  /// Names further away than this are no help; three edits still find `--fromat` and `superpage`.
  private static let farthest = 3

  /// The nearest of `candidates`, the first of equals; nil if none is near.
  static func nearest(to name: String, among candidates: [String]) -> String? {
    // Half of a short name changed is another name, not a slip of the finger.
    let limit = min(farthest, (name.utf8.count + 1) / 2)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
      let distance = editDistance(Array(name.utf8), Array(candidate.utf8))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    return best?.name
  }

  /// Levenshtein distance: insertions, deletions and replacements that turn one name into the other.
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // A name far longer than any of ours is no misspelling of one, and must not cost time.
    guard left.count <= 64, right.count <= 64 else { return Int.max }
    var row = Array(0...right.count)
    for (index, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (byte == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, min(row[column], row[column + 1]) + 1)
      }
    }
    return row[right.count]
  }
}
