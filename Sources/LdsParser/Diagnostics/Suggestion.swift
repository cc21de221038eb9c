// "Did you mean": the known name nearest to a misspelt one.

/// Finds the name that was meant.
public enum Suggestion {
  /// Names further away than this are no help; three edits still find `--fromat` and `superpage`.
  private static let farthest = 3

  /// The nearest of `candidates`, the first of equals; nil if none is near.
  public static func nearest(to name: String, among candidates: [String]) -> String? {
    // Half of a short name changed is another name, not a slip of the finger.
    let limit = min(farthest, (name.utf8.count - 1) / 2)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
      let distance = editDistance(Array(name.utf8), Array(candidate.utf8))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one name into the other
  /// (optimal string alignment).
  public static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // A name far longer than any of ours is no misspelling of one, and must not cost time.
    guard left.count <= 64, right.count <= 64 else { return Int.max }
    var before: [Int] = []
    var above: [Int] = []
    var row = Array(0...right.count)
    for index in left.indices {
      (before, above) = (above, row)
      row[0] = index + 1
      for column in right.indices {
        let replaced = above[column] + (left[index] == right[column] ? 0 : 1)
        row[column + 1] = min(replaced, above[column + 1] + 1, row[column] + 1)
        if index > 0, column > 0, left[index] == right[column - 1], left[index - 1] == right[column]
        {
          row[column + 1] = min(row[column + 1], before[column - 1] + 1)
        }
      }
    }
    return row[right.count]
  }
}
