// The four ways in which the program ends; users script on them. Standing in front of a linker, it ends as that does.

enum ExitCode: Hashable, Sendable {
  /// Nothing at or above the level that `--fail-on` sets.
  case success
  /// Findings.
  case findings
  /// Wrong usage, or a file that cannot be read or is not what it claims.
  case usage
  /// A fault of the program itself.
  case internalFault
  /// What a wrapped linker ended with.
  case linker(Int32)

  var rawValue: Int32 {
    switch self {
    case .success: 0
    case .findings: 1
    case .usage: 2
    case .internalFault: 70
    case .linker(let status): status
    }
  }
}
