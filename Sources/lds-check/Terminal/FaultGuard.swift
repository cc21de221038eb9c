// What becomes of a run that ends by a signal of our own making: a fault behind a link that is done, and too little
// memory under `ulimit -v`.

import Glibc

/// Turns the end of the program by a fault, or by taking too long, into an end with a given status.
enum FaultGuard {
  /// Read by the handler.
  nonisolated(unsafe) private static var status: Int32 = 0

  /// From now on the program ends with `status`, come what may.
  static func install(status: Int32, seconds: UInt32) {
    unsafe Self.status = status
    HandlerStack.install()
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { number in
      let message: StaticString =
        number == SIGALRM
        ? "lds-check: the check of this link takes too long and is left out\n"
        : "lds-check: internal fault, please report it; the link is not affected\n"
      unsafe _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      unsafe _exit(FaultGuard.status)
    }
    action.sa_flags = Int32(bitPattern: UInt32(SA_ONSTACK))
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM] {
      unsafe _ = sigaction(number, &action, nil)
    }
    alarm(seconds)
  }
}

/// A stack that has run out has no room for a handler.
private enum HandlerStack {
  static func install() {
    let size = 1 << 16
    var stack = unsafe stack_t(
      ss_sp: UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16), ss_flags: 0,
      ss_size: size)
    unsafe _ = sigaltstack(&stack, nil)
  }
}

/// What becomes of a run that `ulimit -v` leaves too little memory: a sentence and status 2, no signal.
enum MemoryGuard {
  /// The language's runtime aborts when it gets no memory, and a stack that may not grow ends in a fault. Where the address space is limited, as CI jobs and
  /// `ulimit -v` have it, that is an answer about the input; anywhere else it is a fault of the program.
  static func install() {
    HandlerStack.install()
    var action = sigaction()
    action.sa_flags = Int32(bitPattern: UInt32(SA_ONSTACK))
    unsafe action.__sigaction_handler.sa_handler = { _ in
      var most = rlimit()
      unsafe _ = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &most)
      // RLIM_INFINITY is a macro that Swift does not see.
      let isLimited = most.rlim_cur != .max
      let message: StaticString =
        isLimited
        ? "lds-check: error: the limit on memory (ulimit -v) is too low for this input\n"
        : "lds-check: internal fault, please report it: ended by the runtime\n"
      unsafe _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      _exit(isLimited ? ExitCode.usage.rawValue : ExitCode.internalFault.rawValue)
    }
    for number in [SIGABRT, SIGSEGV, SIGBUS] { unsafe _ = sigaction(number, &action, nil) }
  }
}
