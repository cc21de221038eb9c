// Time and memory of whole processes, as a user meets them.

import Glibc

/// What one run of a program cost.
struct Measurement {
  var wall: Double
  /// Median wall time of the runs that this is the best of.
  var median = 0.0
  var cpu: Double
  var peakMegabytes: Double

  /// The run with the least wall time of `count` runs of a program with its output dropped; nil if it cannot
  /// be run or fails.
  ///
  /// - Parameter accepted: the highest exit status that is no failure.
  static func best(
    of count: Int, _ arguments: [String], accepted: CInt = 0
  ) -> Measurement? {
    var runs: [Measurement] = []
    for _ in 0..<count {
      guard let run = run(arguments, accepted: accepted) else { return nil }
      runs.append(run)
    }
    runs.sort { $0.wall < $1.wall }
    var best = runs.first
    best?.median = runs[runs.count / 2].wall
    return best
  }

  /// Runs a program with its output shown.
  static func show(_ arguments: [String]) {
    _ = run(arguments, isShown: true)
  }

  private static func run(
    _ arguments: [String], isShown: Bool = false, accepted: CInt = 0
  ) -> Measurement? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    for stream in isShown ? [] : [STDOUT_FILENO, STDERR_FILENO] {
      unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    var vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe vector.forEach { unsafe free($0) } }
    var process = pid_t()
    let clock = ContinuousClock()
    let start = clock.now
    guard unsafe posix_spawnp(&process, arguments[0], &actions, nil, &vector, environ) == 0 else {
      return nil
    }
    var status: CInt = 0
    var usage = rusage()
    guard unsafe wait4(process, &status, 0, &usage) == process else { return nil }
    let wall = seconds(clock.now - start)
    guard status & 0x7f == 0, status >> 8 & 0xff <= accepted else { return nil }
    return Measurement(
      wall: wall, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMegabytes: Double(usage.ru_maxrss) / 1024)
  }

  static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
  }
}
