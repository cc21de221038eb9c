// Statements with an expression: `_end = .;`, `PROVIDE(etext = .);`, `ASSERT(_end < 4M, "too large")`.

/// How an assignment shows to objects.
public enum AssignmentKind: String, Sendable {
  /// `x = e`
  case plain
  /// `HIDDEN(x = e)`
  case hidden = "HIDDEN"
  /// `PROVIDE(x = e)`
  case provide = "PROVIDE"
  /// `PROVIDE_HIDDEN(x = e)`
  case provideHidden = "PROVIDE_HIDDEN"

  /// Whether it takes effect only where the symbol is referenced and not defined.
  public var isProvide: Bool { self == .provide || self == .provideHidden }
}

/// `x = e`, `x += e`, `PROVIDE(x = e)` and the like; `x` may be the location counter.
public struct Assignment: Sendable {
  /// The symbol, or `.`.
  public var target: SpannedName
  /// Whether the target is the location counter.
  public var isLocationCounter: Bool
  /// The operator before `=` of a compound assignment, nil for a plain one.
  public var compound: BinaryOperator?
  /// The whole value: for `x += e` the node `x + e` that GNU ld makes of it.
  public var value: ExpressionID
  /// The right-hand side as written; differs from `value` only for compound assignments.
  public var written: ExpressionID
  /// Plain, HIDDEN, PROVIDE or PROVIDE_HIDDEN.
  public var kind: AssignmentKind

  /// An assignment of `value` to `target`.
  public init(
    target: SpannedName, isLocationCounter: Bool, compound: BinaryOperator?, value: ExpressionID,
    written: ExpressionID, kind: AssignmentKind
  ) {
    self.target = target
    self.isLocationCounter = isLocationCounter
    self.compound = compound
    self.value = value
    self.written = written
    self.kind = kind
  }
}

/// `ASSERT(condition, message)`.
public struct Assertion: Sendable {
  /// What must not be zero.
  public var condition: ExpressionID
  /// What the linker prints if it is.
  public var message: SpannedName

  /// An assertion of `condition`.
  public init(condition: ExpressionID, message: SpannedName) {
    self.condition = condition
    self.message = message
  }
}
