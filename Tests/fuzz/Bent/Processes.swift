// Starting programs and measuring them: posix_spawn, and wait4 for time and memory.

import Glibc

/// What a run took.
struct Measured {
  var pid: Int32
  /// Exit status; the negative number of the signal that ended it.
  var status: Int32
  /// CPU time.
  var cpuSeconds: Double
  /// Peak of resident memory.
  var megabytes: Int

  static let none = Measured(pid: 0, status: 0, cpuSeconds: 0, megabytes: 0)
}

/// Child processes.
enum Processes {
  /// Starts a program with nothing to read and nowhere to write.
  static func start(_ program: String, _ arguments: [String]) -> Int32? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
      let mode = descriptor == 0 ? O_RDONLY : O_WRONLY
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", mode, 0)
    }
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    // Swift's own report of a crash takes longer than the crash.
    var environment: [UnsafeMutablePointer<CChar>?] = unsafe [
      strdup("SWIFT_BACKTRACE=enable=no"), strdup("LC_ALL=C"), nil,
    ]
    defer { unsafe environment.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let fault = unsafe posix_spawn(&pid, program, &actions, nil, &words, &environment)
    return fault == 0 ? pid : nil
  }

  /// Waits for any of `children`. After `patience` seconds without one that ends, they are ended.
  static func wait(for children: some Collection<Int32>, atMost patience: Double) -> Measured {
    var waited = 0.0
    while true {
      var status: Int32 = 0
      var usage = rusage()
      let pid = unsafe wait4(-1, &status, WNOHANG, &usage)
      if pid > 0 { return measured(pid, status, usage) }
      if pid < 0 { return .none }
      usleep(500)
      waited += 0.0005
      if waited > patience {
        for child in children { kill(child, SIGKILL) }
        waited = 0
      }
    }
  }

  private static func measured(_ pid: Int32, _ status: Int32, _ usage: rusage) -> Measured {
    let signal = status & 0x7f
    return Measured(
      pid: pid, status: signal == 0 ? (status >> 8) & 0xff : -signal,
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      megabytes: usage.ru_maxrss / 1024)
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }

  /// Ends this program.
  static func exit(_ status: Int32) -> Never {
    Glibc.exit(status)
  }
}
