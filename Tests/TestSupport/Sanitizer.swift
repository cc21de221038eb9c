// Whether the tests run under a sanitizer, where limits on memory mean nothing and time runs slower, or are counted.

import Foundation

/// The sanitizer that the tests were built with; `Tests/sanitizers` says so.
public enum Sanitizer {
  /// `address` or `thread`; nil for a plain build.
  public static let name = ProcessInfo.processInfo.environment["LDS_SANITIZER"]

  /// Whether there is one.
  public static let isActive = name != nil

  /// Whether what runs is counted, as `Tests/coverage` has it: programs write their counters when they end, into a
  /// folder that they may not be let into, and complain of that.
  public static let countsRuns = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"] != nil

  /// Whether programs write files of their own, as those that count do, and those with the thread sanitizer when
  /// they start: what they write is not counted then, nor can it be forbidden.
  public static let writesFiles = name == "thread" || countsRuns
}
