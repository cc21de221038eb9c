// The evaluator works on copies of the walker, several for each statement: what never changes during a walk
// stands behind one reference, so that a copy is cheap.

/// A value that copies of its owner have in common.
final class Shared<Value: Sendable>: Sendable {
  /// The value.
  let value: Value

  init(_ value: Value) {
    self.value = value
  }
}
