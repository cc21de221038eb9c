// The system calls of the program, wrapped so that an interrupted call goes on and a failed one is a value.
// With Terminal.swift and AtomicFile.swift the only places that know libc.

import Glibc
import LdsParser

/// A failed system call: what it says of itself, as `strerror` puts it.
struct SystemError: Error, Equatable {
  let code: Int32

  static let isFolder = SystemError(code: EISDIR)
  static let missing = SystemError(code: ENOENT)

  /// The last call's error.
  static var last: SystemError { SystemError(code: errno) }

  /// The sentence of the C library: `No such file or directory`.
  var message: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }

  var isClosedPipe: Bool { code == EPIPE }
}

/// System calls on descriptors and paths.
enum SystemCalls {
  /// Waits until `descriptor`, which somebody made non-blocking, takes or gives bytes again.
  private static func wait(for descriptor: Int32, _ events: Int32) {
    var wanted = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
    _ = unsafe poll(&wanted, 1, -1)
  }

  /// Calls that are interrupted are made again.
  static func retrying(_ call: () -> Int) throws(SystemError) -> Int {
    while true {
      let result = call()
      if result >= 0 { return result }
      if errno != EINTR { throw .last }
    }
  }

  /// `path` as the C library wants it: its bytes and a NUL. A name that holds a NUL names no file.
  static func cPath(_ path: FilePath) throws(SystemError) -> [CChar] {
    if path.bytes.contains(0) { throw SystemError(code: ENOENT) }
    return path.bytes.map { CChar(bitPattern: $0) } + [0]
  }

  /// Seconds since the first of January 1970, UTC.
  static var secondsSinceEpoch: Int { time(nil) }

  /// Opens `path`; the descriptor is not inherited by other programs.
  static func open(_ path: FilePath, _ flags: Int32, mode: mode_t = 0) throws(SystemError) -> Int32
  {
    let name = try cPath(path)
    return Int32(try retrying { Int(unsafe Glibc.open(name, flags | O_CLOEXEC, mode)) })
  }

  /// Opens `path` so that every write goes to its end; the file is made if it is not there.
  static func openForAppending(_ path: FilePath) throws(SystemError) -> Int32 {
    try open(path, O_WRONLY | O_APPEND | O_CREAT, mode: 0o666)
  }

  /// Makes a folder; one that is there stays as it is.
  static func makeDirectory(_ path: FilePath) throws(SystemError) {
    let name = try cPath(path)
    guard unsafe mkdir(name, 0o777) != 0 else { return }
    let error = SystemError.last
    guard error.code == EEXIST, try kind(of: path) == .directory else { throw error }
  }

  /// The folder that relative paths are seen from; the root where there is none any more.
  static var workingFolder: FilePath {
    guard let text = unsafe getcwd(nil, 0) else { return FilePath("/") }
    defer { unsafe free(text) }
    return unsafe FilePath(bytes: Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
  }

  /// Closes a descriptor; what close(2) reports is of no use to a reader.
  static func close(_ descriptor: Int32) {
    _ = Glibc.close(descriptor)
  }

  /// Writes all of `bytes`, however often the system takes only a part.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      do {
        let written = try retrying {
          unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
        rest = rest.dropFirst(written)
      } catch {
        if error.code != EAGAIN { throw error }
        wait(for: descriptor, POLLOUT)
      }
    }
  }

  /// The kinds of file that matter here.
  enum FileKind {
    case regular, directory, symbolicLink
    /// A terminal, a disk, /dev/null.
    case device
    /// A pipe or socket.
    case other
  }

  /// What `path` leads to, symbolic links followed.
  static func kind(of path: FilePath) throws(SystemError) -> FileKind {
    let name = try cPath(path)
    var info = stat()
    _ = try retrying { Int(unsafe stat(name, &info)) }
    return kind(info)
  }

  /// What stands at `path` itself: a symbolic link is one.
  static func kindOfEntry(_ path: FilePath) throws(SystemError) -> FileKind {
    kind(try statusOfEntry(path))
  }

  /// The names in a folder in order of their bytes, without `.` and `..`.
  static func names(in folder: FilePath) throws(SystemError) -> [FilePath] {
    let name = try cPath(folder)
    guard let stream = unsafe opendir(name) else { throw .last }
    defer { _ = unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
      let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { text in
        unsafe Array(text.prefix { $0 != 0 })
      }
      if bytes != [0x2E], bytes != [0x2E, 0x2E] { names.append(bytes) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { FilePath(bytes: $0) }
  }

  /// The rights of the regular file at `path`; nil if there is none, or something else.
  static func permissions(ofFile path: FilePath) -> mode_t? {
    guard let info = try? statusOfEntry(path), kind(info) == .regular else { return nil }
    return info.st_mode & 0o777
  }

  private static func statusOfEntry(_ path: FilePath) throws(SystemError) -> stat {
    let name = try cPath(path)
    var info = stat()
    _ = try retrying { Int(unsafe lstat(name, &info)) }
    return info
  }

  /// What tells a file from all others, whatever it is called.
  struct FileIdentity: Hashable {
    let device: UInt64
    let node: UInt64
  }

  /// The file that `path` leads to, symbolic links followed; nil if there is none.
  static func identity(of path: FilePath) -> FileIdentity? {
    guard let name = try? cPath(path) else { return nil }
    var info = stat()
    guard (try? retrying({ Int(unsafe stat(name, &info)) })) != nil else { return nil }
    return FileIdentity(device: UInt64(info.st_dev), node: UInt64(info.st_ino))
  }

  /// Whether `path` is a file that may be run.
  static func isExecutable(_ path: FilePath) -> Bool {
    guard let name = try? cPath(path), (try? kind(of: path)) == .regular else { return false }
    return unsafe access(name, X_OK) == 0
  }

  /// `path` from the root, without symbolic links; nil if there is no such file.
  static func realPath(_ path: FilePath) -> FilePath? {
    guard let name = try? cPath(path), let text = unsafe realpath(name, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe FilePath(bytes: Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
  }

  private static func kind(_ info: stat) -> FileKind {
    switch info.st_mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .directory
    case S_IFLNK: .symbolicLink
    case S_IFCHR, S_IFBLK: .device
    default: .other
    }
  }
}

/// Arrays of C strings.
enum CWords {
  /// `words` as C has them: an array of pointers to texts that end with NUL, and nil at the end.
  static func pass<Result>(
    _ words: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var bytes: [CChar] = []
    for word in words { bytes += word.map { CChar(bitPattern: $0) } + [0] }
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: words.count + 1)
    defer { unsafe pointers.deallocate() }
    return unsafe bytes.withUnsafeMutableBufferPointer { text in
      var offset = 0
      for (index, word) in words.enumerated() {
        unsafe pointers[index] = text.baseAddress.map { unsafe $0 + offset }
        offset += word.count + 1
      }
      unsafe pointers[words.count] = nil
      return unsafe body(pointers)
    }
  }

  /// Our environment with one variable set.
  static func environment(setting name: String, to value: String) -> [[UInt8]] {
    let prefix = Array((name + "=").utf8)
    var variables: [[UInt8]] = [prefix + Array(value.utf8)]
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let variable = unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
      if !variable.starts(with: prefix) { variables.append(variable) }
      unsafe entry += 1
    }
    return variables
  }
}
