// Stretches of statements between which nothing is placed: what is set there is set at one place, but for what moves the
// location counter in between.
//
//     .text : { *(.text) }
//     . = ALIGN(PAGE_SIZE);
//     text_end = .;              one run: an ALIGN, and what it aligns
//     . = ALIGN(SECTION_ALIGN);
//     .rodata : { ... }

internal import LdsParser

/// The runs of a program.
struct StatementRuns: Sendable {
  /// A statement whose whole value is an ALIGN.
  struct Aligner: Sendable, Hashable {
    /// The step.
    var step: Int
    /// To what.
    var alignment: UInt64
    /// The operand of ALIGN that says so.
    var measure: ExpressionID
  }

  /// Aligners kept for one statement: real scripts have one or two.
  static let mostAligners = 32

  /// For each step the number of its run.
  private let runs: [Int]
  /// The steps that move the location counter, in order.
  private let moves: [Int]
  /// Those of them that align it.
  private let aligning: [Aligner]
  private let program: Program

  init(_ program: Program) {
    self.program = program
    var run = 0
    var runs: [Int] = []
    var moves: [Int] = []
    var aligning: [Aligner] = []
    for (index, step) in program.steps.enumerated() {
      switch step.action {
      case .assertion: break
      case .assignment(let assignment):
        guard assignment.isLocationCounter else { break }
        moves.append(index)
        if let aligner = Self.aligner(assignment.value, index, program) { aligning.append(aligner) }
      default: run += 1
      }
      runs.append(run)
    }
    self.runs = runs
    self.moves = moves
    self.aligning = aligning
  }

  /// The number of the run in which a step stands.
  subscript(step: Int) -> Int { runs[step] }

  /// The statements of the same run that align a symbol which is set at a step, in order, its own among them. Of more
  /// than ``mostAligners`` the last.
  func aligners(of step: Int) -> [Aligner] {
    let end = Self.first(of: aligning.count) { aligning[$0].step >= step }
    let before = aligning[..<end].suffix(Self.mostAligners).filter { runs[$0.step] == runs[step] }
    guard case .assignment(let assignment) = program.steps[step].action,
      let own = Self.aligner(assignment.value, step, program)
    else { return before }
    return before + [own]
  }

  /// The next step of the same run behind a step that moves the location counter.
  func nextMove(after step: Int) -> Int? {
    let next = Self.first(of: moves.count) { moves[$0] > step }
    guard next < moves.count, runs[moves[next]] == runs[step] else { return nil }
    return moves[next]
  }

  /// The ALIGN that makes up the whole of the value that a step sets.
  func aligner(at step: Int) -> Aligner? {
    guard case .assignment(let assignment) = program.steps[step].action else { return nil }
    return Self.aligner(assignment.value, step, program)
  }

  private static func aligner(
    _ value: ExpressionID, _ step: Int, _ program: Program
  ) -> Aligner? {
    let measure: ExpressionID
    switch program.expressions[value] {
    case .call1(.align, let operand): measure = operand
    case .call2(.align, let operand, let second):
      guard case .locationCounter = program.expressions[operand] else { return nil }
      measure = second
    default: return nil
    }
    return program.expressions.foldedValue(measure).map {
      Aligner(step: step, alignment: $0, measure: measure)
    }
  }

  /// The first of `count` indices for which something is true that is true for all behind it.
  private static func first(of count: Int, where isTrue: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isTrue(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
