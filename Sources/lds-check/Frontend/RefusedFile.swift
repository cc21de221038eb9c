// A file of ours (configuration, baseline, tag database) that makes no sense: status 2.

import LdsParser

/// What is wrong with a file, place by place.
struct RefusedFile: Error {
  let diagnostics: [Diagnostic]
  let sources: SourceSet

  /// The file.
  var path: FilePath { sources.buffer(SourceID(index: 0)).path }
}
