// Whether the tests run under a sanitizer: limits on memory mean nothing there, and time runs slower.

import Foundation

/// The sanitizer that the tests were built with; `Tests/sanitizers` says so.
public enum Sanitizer {
  /// `address` or `thread`; nil for a plain build.
  public static let name = ProcessInfo.processInfo.environment["LDS_SANITIZER"]

  /// Whether there is one.
  public static let isActive = name != nil

  /// Whether programs write a file of their own as they start, as those with the thread sanitizer do: what they
  /// write is not counted then, nor can it be forbidden.
  public static let writesFiles = name == "thread"
}
