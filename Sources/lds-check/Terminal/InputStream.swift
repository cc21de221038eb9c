// Standard input as it comes, for a program that talks with another one; and what tells that a file changed.

import Glibc
import LdsParser

/// Reads a descriptor piece by piece.
enum InputStream {
  /// What waiting came to.
  enum Event {
    /// These bytes came.
    case bytes([UInt8])
    /// Nothing came for as long as was asked.
    case silence
    /// Nothing will come any more.
    case end
  }

  private static let chunk = 1 << 16

  /// The next bytes on standard input, waiting for them up to `milliseconds`.
  static func next(within milliseconds: Int32) -> Event {
    var wanted = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let ready = unsafe poll(&wanted, 1, milliseconds)
    // A signal is as good as silence: the caller waits again.
    if ready == 0 || ready < 0 && errno == EINTR { return .silence }
    if ready < 0 { return .end }
    var bytes = [UInt8](repeating: 0, count: chunk)
    let count = try? SystemCalls.retrying {
      unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count)
      }
    }
    guard let count, count > 0 else { return .end }
    return .bytes(Array(bytes.prefix(count)))
  }

  /// Milliseconds of a clock that only goes forward.
  static var clock: Int {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec &* 1000 &+ time.tv_nsec / 1_000_000
  }

  /// Writes all of `bytes` to standard output; false if nobody reads it any more.
  static func answer(_ bytes: [UInt8]) -> Bool {
    (try? SystemCalls.write(bytes[...], to: STDOUT_FILENO)) != nil
  }
}

/// A state of a file, by what the system says of it.
struct FileState: Equatable {
  /// Nanoseconds of the last change.
  let changed: Int64
  /// Size in bytes.
  let size: Int64
  let node: UInt64

  /// The file that `path` leads to; nil if there is none, or it is no regular file.
  init?(ofFile path: FilePath) {
    guard let info = Self.status(path), info.st_mode & S_IFMT == S_IFREG else { return nil }
    changed = Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
    size = Int64(info.st_size)
    node = UInt64(info.st_ino)
  }

  private static func status(_ path: FilePath) -> stat? {
    guard let name = try? SystemCalls.cPath(path) else { return nil }
    var info = stat()
    guard (try? SystemCalls.retrying({ Int(unsafe stat(name, &info)) })) != nil else { return nil }
    return info
  }

  /// Names of the entries of a folder, in the order of their bytes; none if it cannot be read.
  static func names(in folder: FilePath) -> [FilePath] {
    let path = folder.bytes.isEmpty ? FilePath(".") : folder
    guard let name = try? SystemCalls.cPath(path), let stream = unsafe opendir(name) else {
      return []
    }
    defer { unsafe closedir(stream) }
    var names: [FilePath] = []
    while let entry = unsafe readdir(stream) {
      let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        unsafe Array(raw.prefix { $0 != 0 })
      }
      names.append(FilePath(bytes: bytes))
    }
    return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }
}
