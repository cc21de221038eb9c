// What the map of a link says of the ASSERTs of a script. GNU ld lists every ASSERT in its own words; what it says of
// one counts for an ASSERT of the script only if both ask the same: a map of yesterday answers yesterday's question,
// whatever the message is.

internal import LdsParser

/// The verdicts of one map that are about conditions of one script.
struct MapWord: Sendable {
  /// The map.
  let file: FilePath
  private let words: [Place: AssertionReport]

  private struct Place: Hashable {
    var step: Int
    var condition: ExpressionID
  }

  /// What `map` says by its own statements of the conditions of `program`. Only the map is asked: other files beside it
  /// may be of another link.
  ///
  /// - Parameter open: names that stand for numbers: macros of a header that was not found. What the map has there is
  ///   taken for them.
  init(_ map: Image, for program: Program, open: Set<NameID> = [], dialect: LinkerDialect) {
    file = map.path
    let listed = Program(map: map)
    let report = EvaluationReport(listed, evidence: Evidence([map], for: listed), dialect: dialect)
    var theirs: [Place: AssertionReport] = [:]
    for word in report.assertions where word.verdict != .undecided {
      theirs[Place(step: word.step, condition: word.condition)] = word
    }
    var words: [Place: AssertionReport] = [:]
    for pair in StatementPairs(program, listed, open: open).conditions {
      let word = theirs[Place(step: pair.theirs.step, condition: pair.theirs.condition)]
      words[Place(step: pair.mine.step, condition: pair.mine.condition)] = word
    }
    self.words = words
  }

  /// What the map says of the condition of an ASSERT of the script; nil if it does not decide it, or has another.
  func word(on assertion: AssertionReport) -> AssertionReport? {
    words[Place(step: assertion.step, condition: assertion.condition)]
  }
}

/// The conditions that two programs share: a script, and the statements of a map that may have been linked by another
/// state of it.
struct StatementPairs {
  /// Where a condition stands.
  struct Condition: Hashable {
    var step: Int
    var condition: ExpressionID
  }

  /// Conditions that ask the same of the same symbols.
  private(set) var conditions: [(mine: Condition, theirs: Condition)] = []

  /// Pairs equal conditions, the first with the first, where both programs have as many of them.
  ///
  /// Equal are conditions that are the same once constants are folded, names by their bytes, if the script sets the
  /// symbols in them in the same way in both, and they stand in or behind the same output section. One that asks for
  /// the location counter has to stand behind the same statements of it besides.
  ///
  /// - Parameter open: names of the first program that stand for numbers which it does not know. One number has to fit
  ///   in all places.
  init(_ mine: Program, _ theirs: Program, open: Set<NameID> = []) {
    let right = StatementTexts(theirs)
    let left = StatementTexts(mine)
    pair(left, right) { $0 }
    if open.isEmpty { return }
    let paired = Set(conditions.map(\.mine))
    pair(StatementTexts(mine, open: open), right, without: paired) { text in
      StatementText(shape: text.shape)
    }
  }

  /// Pairs conditions that have the same `key`, and may be the same.
  private mutating func pair(
    _ left: StatementTexts, _ right: StatementTexts, without paired: Set<Condition> = [],
    _ key: (StatementText) -> StatementText
  ) {
    let changed = left.namesSetOtherwise(in: right)
    let listed = Dictionary(grouping: right.conditions) { right.text($0, changed: []).map(key) }
    let asked = Dictionary(grouping: left.conditions) { left.text($0, changed: changed).map(key) }
    let sections = left.sections.intersection(right.sections)
    let places = (left.lastSections(among: sections), right.lastSections(among: sections))
    var found: [(mine: Condition, theirs: Condition)] = []
    var numbers: [[UInt8]: Set<StatementText.Number>] = [:]
    for (text, mine) in asked {
      guard let text, let theirs = listed[text], theirs.count == mine.count else { continue }
      for (one, other) in zip(mine, theirs) where !paired.contains(one) {
        guard let text = left.text(one, changed: changed),
          let word = right.text(other, changed: []),
          text.fits(word), places.0[one.step] == places.1[other.step]
        else { continue }
        if let mine = left.isInside(one), let theirs = right.isInside(other), mine != theirs {
          continue
        }
        found.append((one, other))
        for case (.open(let name), let number) in zip(text.numbers, word.numbers) {
          numbers[name, default: []].insert(number)
        }
      }
    }
    conditions += found.filter { pair in
      left.text(pair.mine, changed: [])?.numbers.allSatisfy { number in
        if case .open(let name) = number { numbers[name]?.count == 1 } else { true }
      } ?? false
    }
  }
}
