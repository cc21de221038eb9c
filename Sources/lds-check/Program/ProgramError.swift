// How the program ends, and the faults that the user can mend: each of these ends the run with status 2.

import LdsParser

/// A fault in one sentence.
struct ProgramError: Error, Equatable {
  /// The sentence: lower case, no full stop, the file first where there is one.
  let message: String
  /// What to do about it, if there is something.
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// A file that cannot be read, or not as what it claims to be.
struct InputError: Error {
  let path: FilePath
  let reason: ReadError
}

/// A file of ours (configuration, baseline, tag database) that makes no sense, and what is wrong with it, place by place.
struct RefusedFile: Error {
  let diagnostics: [Diagnostic]
  let sources: SourceSet

  /// The file.
  var path: FilePath { sources.buffer(SourceID(index: 0)).path }
}

/// The four ways in which the program ends; users script on them. Standing in front of a linker, it ends as that does.
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
