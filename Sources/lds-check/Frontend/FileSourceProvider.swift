// Opens what a script includes: the file it names, and nothing else.

import LdsParser

/// Files of the file system, for `INCLUDE` and `#include`. Search paths are the parsers' business; this
/// opens exactly the path it is asked for, relative to the working directory.
struct FileSourceProvider: SourceProvider {
  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    do {
      return try FileInput.read(path)
    } catch {
      if error.id == "missing-file" { return nil }
      throw error
    }
  }
}
