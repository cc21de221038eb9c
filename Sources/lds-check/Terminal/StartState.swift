// What the program was started with, before `Terminal.prepare()` changed it: a program that we run in our place is to
// find all of it as it was.

import Glibc

/// Signals that were not ignored, streams that were closed.
struct StartState: Sendable {
  /// Signals that `prepare()` ignores and that were not ignored before.
  var signals: [Int32] = []
  /// Standard streams that were closed.
  var closed: [Int32] = []

  /// As it was when the program began; set once, before anything else runs.
  nonisolated(unsafe) static var current = StartState()

  /// Ignores `signal`, and remembers if it was not ignored.
  mutating func ignore(_ number: Int32) {
    var before = sigaction()
    unsafe _ = sigaction(number, nil, &before)
    let isIgnored =
      unsafe unsafeBitCast(before.__sigaction_handler.sa_handler, to: UInt.self)
      == UInt(bitPattern: 1)
    if !isIgnored { signals.append(number) }
    _ = signal(number, SIG_IGN)
  }

  /// Puts everything back, for a program that takes our place.
  func restore() {
    for number in signals { _ = signal(number, SIG_DFL) }
    for descriptor in closed { _ = close(descriptor) }
  }
}
