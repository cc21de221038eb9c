// Faults that the user can mend: each ends the run with status 2.

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
