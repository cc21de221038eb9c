// Opens what a script includes: the file it names, and nothing else.

import LdsParser

/// Files of the file system, for `INCLUDE` and `#include`. Search paths are the parsers' business; this
/// opens exactly the path it is asked for, relative to the working directory.
struct FileSourceProvider: SourceProvider {
  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    do {
      return try FileReader.readIfPresent(path)
    } catch {
      throw ReadError(id: "unreadable-file", message: error.message)
    }
  }
}
