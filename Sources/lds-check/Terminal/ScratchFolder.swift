// A folder for one run, in `TMPDIR` or /tmp, gone when the run is over.

import Glibc
import LdsParser

/// A new, empty folder that only we can read.
struct ScratchFolder {
  let path: FilePath

  init() throws(SystemError) {
    let place = FilePath(Terminal.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp")
    var name = try SystemCalls.cPath(place.appending(FilePath("lds-check-XXXXXX")))
    guard unsafe mkdtemp(&name) != nil else { throw .last }
    path = FilePath(bytes: name.dropLast().map { UInt8(bitPattern: $0) })
  }

  /// Removes the folder and the files `names` in it.
  func remove(_ names: [FilePath]) {
    for name in names {
      if let file = try? SystemCalls.cPath(path.appending(name)) { unsafe _ = unlink(file) }
    }
    if let folder = try? SystemCalls.cPath(path) { unsafe _ = rmdir(folder) }
  }
}
