// How much longer work takes on a larger input. No time is compared with a limit, only with another time.

import Glibc

/// The CPU time of work on the calling thread.
public enum WorkTime {
  /// How many times as long `long` takes as `short` where that is more than `most` in each of three attempts, since a
  /// busy machine may disturb one; else nil. What is too short for the clock is repeated.
  public static func excess(over most: Double, _ short: () -> Void, _ long: () -> Void) -> Double? {
    var growth = 0.0
    for _ in 0..<3 {
      growth = seconds(long) / seconds(short)
      if growth <= most { return nil }
    }
    return growth
  }

  /// Seconds that one run takes.
  private static func seconds(_ work: () -> Void) -> Double {
    let start = clock()
    var (runs, spent) = (0.0, 0.0)
    repeat {
      work()
      runs += 1
      spent = clock() - start
    } while spent < 0.005
    return spent / runs
  }

  private static func clock() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
