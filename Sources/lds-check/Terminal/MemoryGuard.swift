// What becomes of a run that `ulimit -v` leaves too little memory: a sentence and status 2, no signal.

import Glibc

enum MemoryGuard {
  /// The language's runtime aborts when it gets no memory. Where the address space is limited, as CI jobs and
  /// `ulimit -v` have it, that is an answer about the input; anywhere else it is a fault of the program.
  static func install() {
    var action = sigaction()
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
    unsafe _ = sigaction(SIGABRT, &action, nil)
  }
}
