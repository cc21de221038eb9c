// A file that cannot be read, or not as what it claims to be.

import LdsParser

/// A fault of one input file: status 2.
struct InputError: Error {
  let path: FilePath
  let reason: ReadError
}
