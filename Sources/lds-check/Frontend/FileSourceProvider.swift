// Opens what a script includes: the file it names, and nothing else.

import LdsParser

/// Files of the file system, for `INCLUDE` and `#include`. Search paths are the parsers' business; this
/// opens exactly the path it is asked for, relative to the working directory.
struct FileSourceProvider: SourceProvider {
  /// Whether a large file, such as an object with debugging information, may be mapped as long as the program runs.
  var mayMap = false

  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    // A script is not trusted to name what never ends or never begins, such as /dev/zero or a pipe.
    if let kind = UnaskedFile.refusedKind(path) {
      throw ReadError(id: "unreadable-file", message: "is a \(kind), not a file")
    }
    do {
      return try FileInput.read(path, mayMap: mayMap)
    } catch {
      if error.id == .missingFile { return nil }
      throw error
    }
  }
}

/// Files that are open already, and others that another provider opens.
struct OpenedSources: SourceProvider {
  private let buffers: [SourceBuffer]
  private let other: any SourceProvider

  init(_ buffers: [SourceBuffer], behind other: any SourceProvider) {
    self.buffers = buffers
    self.other = other
  }

  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    if let open = buffers.first(where: { $0.path == path }) { return open }
    return try other.open(path)
  }
}

/// Files that are read although the command line does not name them.
enum UnaskedFile {
  /// What the file at `path` is if reading it might never end; nil for a file, a folder, or nothing.
  ///
  /// `-include /dev/null` and `-include <(command)`, which names `/dev/fd/63`, are as good as files.
  static func refusedKind(_ path: FilePath) -> String? {
    if path.bytes == Array("/dev/null".utf8) || path.bytes.starts(with: "/dev/fd/".utf8) {
      return nil
    }
    switch try? SystemCalls.kind(of: path) {
    case .device: return "device"
    case .other: return "pipe"
    default: return nil
    }
  }
}
