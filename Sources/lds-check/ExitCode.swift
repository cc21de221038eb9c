// The four ways in which the program ends; users script on them.

enum ExitCode: Int32, Sendable {
  /// Nothing at or above the level that `--fail-on` sets.
  case success = 0
  /// Findings.
  case findings = 1
  /// Wrong usage, or a file that cannot be read or is not what it claims.
  case usage = 2
  /// A fault of the program itself.
  case internalFault = 70
}
