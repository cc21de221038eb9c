// The way of a linker's messages: through a pipe of ours, or through a pseudo-terminal where they go to a terminal, so
// that the linker colours what it would colour.

import Glibc
import LdsParser

/// What takes the place of standard error.
final class ErrorChannel {
  /// The streams that it stands for: standard output too where both are one file, else their order would be lost.
  let streams: [StandardStream]
  private(set) var reader: Int32
  private(set) var writer: Int32
  /// Whether somebody still reads our standard error.
  private var isOpen = true

  /// Opens the channel.
  ///
  /// - Throws: there is no standard error, or no more descriptors.
  init() throws(SystemError) {
    var error = stat()
    var output = stat()
    let closed = unsafe StartState.current.closed
    let status = unsafe fstat(STDERR_FILENO, &error)
    if closed.contains(STDERR_FILENO) || status != 0 { throw SystemError(code: EBADF) }
    let isShared =
      unsafe fstat(STDOUT_FILENO, &output) == 0 && output.st_dev == error.st_dev
      && output.st_ino == error.st_ino && output.st_rdev == error.st_rdev
    streams = isShared ? [.output, .error] : [.error]
    let ends =
      Terminal.isTerminal(.error) ? try Self.terminal() : try Self.pipe()
    (reader, writer) = (ends.0, ends.1)
    _ = fcntl(reader, F_SETFL, fcntl(reader, F_GETFL) | O_NONBLOCK)
  }

  private static func pipe() throws(SystemError) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else { throw .last }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// A pseudo-terminal with the settings of ours, which changes no byte: ours does what there is to do.
  private static func terminal() throws(SystemError) -> (Int32, Int32) {
    let master = try SystemCalls.open(FilePath("/dev/ptmx"), O_RDWR | O_NOCTTY)
    var number: UInt32 = 0
    var isLocked: Int32 = 0
    // TIOCSPTLCK and TIOCGPTN: what unlockpt(3) and ptsname(3) do.
    guard unsafe ioctl(master, 0x4004_5431, &isLocked) == 0,
      unsafe ioctl(master, 0x8004_5430, &number) == 0,
      let slave = try? SystemCalls.open(FilePath("/dev/pts/\(number)"), O_RDWR | O_NOCTTY)
    else {
      SystemCalls.close(master)
      throw SystemError(code: ENOTTY)
    }
    var settings = termios()
    if unsafe tcgetattr(STDERR_FILENO, &settings) == 0 {
      settings.c_oflag &= ~tcflag_t(OPOST)
      settings.c_lflag &= ~tcflag_t(ECHO)
      unsafe _ = tcsetattr(slave, TCSANOW, &settings)
    }
    var size = winsize()
    if unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 {
      unsafe _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    }
    return (master, slave)
  }

  /// Hands on what has come, and keeps a copy.
  func relay(into log: inout [UInt8]) {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while reader >= 0 {
      let count = unsafe chunk.withUnsafeMutableBytes {
        unsafe read(reader, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      // 0 is the end of a pipe, an error that of a terminal.
      guard count > 0 else { return closeReader() }
      do {
        if isOpen { try SystemCalls.write(chunk[..<count], to: STDERR_FILENO) }
      } catch {
        isOpen = false
        // Whoever writes to a closed pipe is told so; the linker is, too.
        if error.isClosedPipe { closeReader() }
      }
      log += chunk[..<min(count, max(0, Limit.linkerLogBytes - log.count))]
    }
  }

  func closeReader() {
    if reader >= 0 { SystemCalls.close(reader) }
    reader = -1
  }

  func closeWriter() {
    if writer >= 0 { SystemCalls.close(writer) }
    writer = -1
  }

  func close() {
    closeReader()
    closeWriter()
  }
}
