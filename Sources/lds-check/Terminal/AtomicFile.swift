// A file that is there whole or not at all: written beside its final name, then renamed.

import Glibc
import LdsParser

/// The target of `--output FILE` while it is being written.
///
/// A symbolic link at FILE is replaced, not followed, wherever it leads, so nothing is written outside its
/// folder. Devices and pipes cannot be replaced and are written directly. The rights of an old file stay.
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
      descriptor = try SystemCalls.open(path, O_WRONLY | O_NOCTTY)
      return
    }
    if (try? SystemCalls.kind(of: path)) == .directory { throw SystemError(code: EISDIR) }
    (temporary, descriptor) = try Self.createBeside(path)
    // Who was not to read the old file is not to read the new one.
    if let mode = SystemCalls.permissions(ofFile: path) { _ = fchmod(descriptor, mode) }
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

  /// Devices, pipes, and open files under the names that the system gives them, such as `/dev/stdout`. Such
  /// names are links; others are never followed, not even to a device.
  private static func isWrittenDirectly(_ path: FilePath) -> Bool {
    let links = ["/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/"]
    if links.contains(where: { path.bytes.starts(with: $0.utf8) }) { return true }
    switch try? SystemCalls.kindOfEntry(path) {
    case .device, .other: return true
    default: return false
    }
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
