// Large files mapped instead of copied, without the risk that goes with it. Mapping a file that somebody
// cuts short or rewrites meanwhile means SIGBUS or bytes that change after they were checked. A read
// lease (fcntl(2), "Leases") closes the door: while it is held, whoever wants to write or truncate waits.
// It is refused where a writer has the file open already, for files of other users, and on file systems
// without leases; the file is then copied like any other.

import Glibc

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
