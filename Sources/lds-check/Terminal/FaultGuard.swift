// What becomes of a fault of ours behind a link that is done: the program ends with the linker's own status, whatever
// happens to the check.

import Glibc

/// Turns the end of the program by a fault, or by taking too long, into an end with a given status.
enum FaultGuard {
  /// Read by the handler.
  nonisolated(unsafe) private static var status: Int32 = 0

  /// From now on the program ends with `status`, come what may.
  static func install(status: Int32, seconds: UInt32) {
    unsafe Self.status = status
    // A stack that has run out has no room for a handler.
    let size = 1 << 16
    var stack = unsafe stack_t(
      ss_sp: UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16), ss_flags: 0,
      ss_size: size)
    unsafe _ = sigaltstack(&stack, nil)
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
