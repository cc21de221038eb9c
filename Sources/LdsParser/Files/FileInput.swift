// Reading an input file into memory that nobody else can change: by read(2) into memory of our own, or,
// for large files, mapped under a lease (see LeasedFile).

import Glibc

/// Opens files and standard input for the readers and parsers.
public enum FileInput {
  /// Files from this size on are worth mapping: copying 100 MB costs three times reading them once.
  private static let mappingThreshold = 4 << 20
  /// Bytes of one read(2).
  private static let chunk = 1 << 20

  /// The contents of the file at `path`.
  ///
  /// `mayMap` says whether a large file may be mapped under a lease while nobody writes to it. A
  /// program that allows it calls ``protectMappings()`` first.
  /// - Throws: `ReadError` if it is missing, a folder, unreadable, or larger than ``Limit/fileBytes``.
  public static func read(_ path: FilePath, mayMap: Bool = false) throws(ReadError) -> SourceBuffer
  {
    let descriptor = try open(path)
    if mayMap, let size = sizeOfRegularFile(descriptor), size >= mappingThreshold,
      size <= Limit.fileBytes, let memory = LeasedFile.map(descriptor, size: size)
    {
      return SourceBuffer(path: path, memory: memory)
    }
    defer { _ = Glibc.close(descriptor) }
    return try read(descriptor, path: path)
  }

  /// Makes the program end with a message and status 2, and not by a signal, in the one case that a lease does
  /// not cover: stopped for 45 seconds while another process wants to cut a mapped file short.
  public static func protectMappings() {
    LeasedFile.installGuard()
  }

  /// What stands on standard input, up to its end.
  public static func readStandardInput() throws(ReadError) -> SourceBuffer {
    try read(STDIN_FILENO, path: FilePath("<stdin>"))
  }

  private static func open(_ path: FilePath) throws(ReadError) -> CInt {
    if path.bytes.contains(0) {
      throw ReadError(id: "unreadable-file", message: "a file name cannot contain a NUL byte")
    }
    while true {
      let name = path.bytes.map { CChar(bitPattern: $0) } + [0]
      let descriptor = unsafe Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw failure("cannot open", errno) }
    }
  }

  private static func read(_ descriptor: CInt, path: FilePath) throws(ReadError) -> SourceBuffer {
    var status = stat()
    if unsafe fstat(descriptor, &status) != 0 { throw failure("cannot examine", errno) }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw ReadError(id: "unreadable-file", message: "is a folder, not a file")
    }
    let expected = sizeOfRegularFile(descriptor) ?? 0
    try check(size: expected)
    // One byte more than expected, so that the end of the file is seen without growing.
    var memory = try GrowingMemory(capacity: max(expected &+ 1, 1 << 16))
    while true {
      try check(size: memory.count)
      try memory.reserve(1)
      let got = memory.fill(from: descriptor, atMost: chunk)
      if got == 0 { break }
      if got < 0 { try recover(descriptor, from: errno) }
    }
    return SourceBuffer(path: path, memory: memory.finish())
  }

  /// Returns if reading is worth another try: after a signal, and when more has come down a pipe that somebody
  /// made non-blocking.
  private static func recover(_ descriptor: CInt, from code: CInt) throws(ReadError) {
    if code == EINTR { return }
    guard code == EAGAIN else { throw failure("cannot read", code) }
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&wanted, 1, -1)
  }

  private static func sizeOfRegularFile(_ descriptor: CInt) -> Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return max(0, Int(status.st_size))
  }

  /// Refuses an input of more than ``Limit/fileBytes``.
  package static func check(size: Int) throws(ReadError) {
    guard size > Limit.fileBytes else { return }
    throw ReadError(
      id: "file-too-large",
      message: "is larger than \(Limit.fileBytes) bytes, the limit for one input")
  }

  private static func failure(_ what: String, _ code: CInt) -> ReadError {
    let reason =
      switch code {
      case ENOENT: "no such file or folder"
      case EACCES, EPERM: "permission denied"
      case EBADF: "it is closed"
      case EISDIR: "is a folder"
      case ENOTDIR: "a part of the path is not a folder"
      case ELOOP: "too many symbolic links"
      case EMFILE, ENFILE: "too many open files"
      case ENAMETOOLONG: "the name is too long"
      case EIO: "input/output error"
      default: "system error \(code)"
      }
    return ReadError(
      id: code == ENOENT ? "missing-file" : "unreadable-file", message: "\(what): \(reason)")
  }
}

/// Large files mapped instead of copied, without the risk that goes with it. Mapping a file that somebody
/// cuts short or rewrites meanwhile means SIGBUS or bytes that change after they were checked. A read
/// lease (fcntl(2), "Leases") closes the door: while it is held, whoever wants to write or truncate waits.
/// It is refused where a writer has the file open already, for files of other users, and on file systems
/// without leases; the file is then copied like any other.
enum LeasedFile {
  /// Maps the `size` bytes of the regular file `descriptor`, which it keeps if it succeeds; nil where no lease
  /// is to be had.
  static func map(_ descriptor: CInt, size: Int) -> FileMemory? {
    // The notice that somebody waits must not kill: the default one, SIGIO, does; SIGURG is ignored.
    guard size > 0, fcntl(descriptor, setSignal, SIGURG) == 0,
      fcntl(descriptor, setLease, CInt(F_RDLCK)) == 0
    else { return nil }
    // From here on the size cannot change; it may have before.
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, Int(status.st_size) == size,
      let base = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe base != MAP_FAILED
    else {
      _ = fcntl(descriptor, setLease, CInt(F_UNLCK))
      return nil
    }
    return unsafe FileMemory(
      mapping: base, count: size, mappedLength: size, descriptor: descriptor)
  }

  /// The kernel breaks a lease by force after 45 seconds (`/proc/sys/fs/lease-break-time`). A program that
  /// was stopped for so long and then touches pages that are gone ends here instead of in SIGBUS.
  static func installGuard() {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in
      let message: StaticString = "lds-check: an input file was cut short while it was read\n"
      unsafe _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      _exit(2)
    }
    unsafe _ = sigaction(SIGBUS, &action, nil)
  }

  // <fcntl.h>; GNU extensions that the module map leaves out.
  private static let setLease: CInt = 1024
  private static let setSignal: CInt = 10
}
