// A file that is there whole or not at all: written beside its final name, then renamed.

import Glibc
import LdsParser

/// The target of `--output FILE` while it is being written.
///
/// A symbolic link at FILE is replaced, not followed, so nothing is written outside its folder.
/// Devices and pipes cannot be replaced and are written directly.
final class AtomicFile {
  let path: FilePath
  let descriptor: Int32
  /// The name written under until ``commit()``; nil for a device or pipe.
  private let temporary: FilePath?
  private var isOpen = true

  init(path: FilePath) throws(SystemError) {
    self.path = path
    // A name that cannot exist is found out now, not when everything has been written.
    _ = try SystemCalls.cPath(path)
    if Self.isWrittenDirectly(path) {
      temporary = nil
      descriptor = try SystemCalls.open(path, O_WRONLY)
      return
    }
    if (try? SystemCalls.kind(of: path)) == .directory { throw SystemError(code: EISDIR) }
    (temporary, descriptor) = try Self.createBeside(path)
  }

  deinit {
    discard()
  }

  /// Makes what was written the file's content. The old content stays if this throws.
  func commit() throws(SystemError) {
    defer { discard() }
    guard let temporary else { return }
    _ = try SystemCalls.retrying { Int(fsync(descriptor)) }
    let from = try SystemCalls.cPath(temporary)
    let to = try SystemCalls.cPath(path)
    _ = try SystemCalls.retrying { Int(unsafe rename(from, to)) }
  }

  /// Forgets what was written and leaves the old file; after a commit there is nothing to forget.
  func discard() {
    guard isOpen else { return }
    isOpen = false
    SystemCalls.close(descriptor)
    guard let temporary, let name = try? SystemCalls.cPath(temporary) else { return }
    _ = unsafe unlink(name)
  }

  /// Devices, pipes, and whatever /dev and /proc offer under another name, such as `/dev/stdout`.
  private static func isWrittenDirectly(_ path: FilePath) -> Bool {
    if path.bytes.starts(with: "/dev/".utf8) || path.bytes.starts(with: "/proc/".utf8) {
      return true
    }
    return (try? SystemCalls.kind(of: path)) == .other
  }

  /// A new file in the folder of `path`, which no planted file or link can stand in for.
  private static func createBeside(_ path: FilePath) throws(SystemError) -> (FilePath, Int32) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
    for attempt in 0..<100 {
      let name = Array(".lds-check-\(getpid())-\(attempt).tmp".utf8)
      let candidate = path.directory.appending(FilePath(bytes: name))
      do {
        return (candidate, try SystemCalls.open(candidate, flags, mode: 0o666))
      } catch {
        if error.code != EEXIST { throw error }
      }
    }
    throw SystemError(code: EEXIST)
  }
}
