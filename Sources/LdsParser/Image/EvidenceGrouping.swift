// Which files belong to one image: those that give nearly all symbols they share one value.

extension ImageEvidence {
  /// Names that are compared to tell whether two files are of one image.
  private static let sampleSize = 2048
  /// Two links of one source agree on much of their text; files of one image on nearly all: but for a few
  /// symbols that a map shows in another form, such as thread-local ones.
  private static let sameImageShare = 0.98
  private static let toleratedDifferences = 16

  /// Puts files that describe the same image together, in the order they were given.
  ///
  /// Two files of one kind are two images. A map, an image and listings are of one image if nearly all
  /// global symbols they share have the same value; where only some differ, the group has
  /// ``Contradictions``.
  public static func grouping(_ files: [Image]) -> [[Int]] {
    var groups: [[Int]] = []
    for index in files.indices {
      var best: (group: Int, share: Double)?
      for (group, members) in groups.enumerated() {
        guard members.allSatisfy({ canJoin(files[$0], files[index]) }) else { continue }
        let share = members.map { agreement(files[$0], files[index]) }.max() ?? 0
        if share > 0.5, share > best?.share ?? 0 { best = (group, share) }
      }
      if let best { groups[best.group].append(index) } else { groups.append([index]) }
    }
    return groups
  }

  private static func canJoin(_ left: Image, _ right: Image) -> Bool {
    if left.kind == right.kind || (left.kind.isMap && right.kind.isMap)
      || (left.kind.isBinary && right.kind.isBinary)
    {
      return false
    }
    if let leftBits = left.is32Bit, let rightBits = right.is32Bit, leftBits != rightBits {
      return false
    }
    return true
  }

  /// Whether two files that would complete each other, such as a map and an image, name mostly the same
  /// global symbols. Where they are not of one image, the user may have taken them for that.
  public static func areOfOneProgram(_ left: Image, _ right: Image) -> Bool {
    guard canJoin(left, right), left.isRelocatable == right.isRelocatable else { return false }
    let counts = SharedNames(left, right, sampleSize: sampleSize)
    return counts.shared > 1 && counts.shared * 2 >= counts.asked
  }

  /// Whether most of what an object defines is in an image.
  public static func isLinked(_ object: Image, into image: Image) -> Bool {
    guard object.isRelocatable, !image.isRelocatable else { return false }
    let index = SymbolIndex(image.symbols)
    let globals = object.symbols.records.filter { $0.isDefinition && $0.binding != .local }
    let step = max(1, globals.count / sampleSize)
    let sample = stride(from: 0, to: globals.count, by: step).map { globals[$0] }
    let shared = sample.count { record in
      index.rows(object.symbols.nameBytes(record)).contains {
        image.symbols.records[$0].isDefinition
      }
    }
    return shared > 0 && shared * 2 >= sample.count
  }

  /// Share of the global names both have that have one value in both; 0 without a common name.
  private static func agreement(_ left: Image, _ right: Image) -> Double {
    let counts = SharedNames(left, right, sampleSize: sampleSize)
    guard counts.shared > 0 else { return 0 }
    let share = Double(counts.same) / Double(counts.shared)
    let isOne =
      share >= sameImageShare || counts.shared - counts.same <= toleratedDifferences
    return isOne ? share : 0
  }
}

/// How many of the global names that one file has another has too, from a sample.
private struct SharedNames {
  /// Names of the file with fewer symbols that were looked for.
  var asked = 0
  /// Those that the other file defines.
  var shared = 0
  /// Those of equal value.
  var same = 0

  init(_ left: Image, _ right: Image, sampleSize: Int) {
    let fewer = left.symbols.records.count < right.symbols.records.count ? left : right
    let more = left.symbols.records.count < right.symbols.records.count ? right : left
    let globals = fewer.symbols.records.filter { $0.isDefinition && $0.binding != .local }
    let step = max(1, globals.count / sampleSize)
    let sample = stride(from: 0, to: globals.count, by: step).map { globals[$0] }
    let index = SymbolIndex(more.symbols, names: sample.map { fewer.symbols.nameBytes($0) })
    asked = sample.count
    let mask: UInt64 = 0xffff_ffff & ~(left.instructionBit | right.instructionBit)
    for record in sample {
      let others = index.rows(fewer.symbols.nameBytes(record)).map { more.symbols.records[$0] }
        .filter(\.isDefinition)
      if others.isEmpty { continue }
      shared += 1
      if others.contains(where: { ($0.value ^ record.value) & mask == 0 }) {
        same += 1
      }
    }
  }
}
