// How much a test with random input tries.

import Foundation

/// The length of tests that try many inputs: `LDS_CHECK_EFFORT=10 swift test` tries ten times as many.
public enum Effort {
  private static let factor =
    ProcessInfo.processInfo.environment["LDS_CHECK_EFFORT"].flatMap(Int.init).map { max(1, $0) }
    ?? 1

  /// So many times as many as a run of every day tries, which has to end while somebody waits.
  public static func times(_ count: Int) -> Int { count * factor }
}
