// While a linker runs in our place, signals are its business: one that somebody sends to us goes on to it, one that the
// terminal sends to everybody has reached it already. We end when it has ended.

import Glibc

/// Catches signals, and wakes a poll(2).
final class SignalRelay {
  /// The program that gets the signals; 0 as long as there is none.
  var target: pid_t = 0
  private let ends: [Int32]
  private var before: [(Int32, sigaction)] = []

  /// Signals that people and programs send to end or tell something.
  private static let relayed = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]

  /// Where the handler writes: nothing else may be done in one.
  nonisolated(unsafe) private static var wake: Int32 = -1

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw .last }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    self.ends = ends
    unsafe Self.wake = ends[1]
    for number in Self.relayed + [SIGCHLD] { catchSignal(number) }
  }

  private func catchSignal(_ number: Int32) {
    var old = sigaction()
    unsafe _ = sigaction(number, nil, &old)
    let isIgnored =
      unsafe unsafeBitCast(old.__sigaction_handler.sa_handler, to: UInt.self)
      == UInt(bitPattern: 1)
    // What nohup ignores stays ignored; the end of the linker must be told.
    if isIgnored, number != SIGCHLD { return }
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_sigaction = { number, info, _ in
      // SI_KERNEL, 0x80: the terminal sent it to the whole group.
      let isForAll = unsafe info.map { unsafe $0.pointee.si_code == 0x80 } ?? false
      let saved = errno
      var message = UInt8(truncatingIfNeeded: number) | (isForAll ? 0x80 : 0)
      unsafe _ = write(SignalRelay.wake, &message, 1)
      errno = saved
    }
    action.sa_flags = SA_SIGINFO | SA_RESTART
    unsafe _ = sigaction(number, &action, nil)
    before.append((number, old))
  }

  /// Waits for a signal or for something to read, and hands signals on.
  func wait(besides descriptor: Int32) {
    var events = [
      pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    unsafe _ = poll(&events, nfds_t(events.count), -1)
    var messages = [UInt8](repeating: 0, count: 64)
    let count = unsafe messages.withUnsafeMutableBytes {
      unsafe read(ends[0], $0.baseAddress, $0.count)
    }
    for message in messages.prefix(max(count, 0)) where target > 0 {
      let number = Int32(message & 0x7f)
      if number != SIGCHLD, message & 0x80 == 0 { kill(target, number) }
    }
  }

  /// Lets signals do again what they did.
  func end() {
    for (number, action) in before {
      var action = action
      unsafe _ = sigaction(number, &action, nil)
    }
    unsafe Self.wake = -1
    ends.forEach(SystemCalls.close)
  }
}
