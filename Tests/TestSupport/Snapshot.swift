// Expected output kept in files beside the tests. A snapshot is reviewed like code.
//
// LDS_RECORD=1 swift test --filter ... writes what came out; that run still fails, so that no CI passes by
// recording.

import Foundation

/// Compares output with a recorded file.
public enum Snapshot {
  /// What is wrong with `actual`, nil if it is what was recorded.
  ///
  /// - Parameters:
  ///   - actual: the output.
  ///   - name: the file's name in the folder `Snapshots` beside the test.
  ///   - test: the test's file; leave it out.
  public static func mismatch(
    _ actual: String, named name: String, test: String = #filePath
  ) -> String? {
    let folder = URL(fileURLWithPath: test).deletingLastPathComponent()
      .appendingPathComponent("Snapshots")
    let file = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["LDS_RECORD"] == "1" {
      return record(actual, folder, file)
    }
    guard let data = try? Data(contentsOf: file) else {
      return "no snapshot \(name); record it with LDS_RECORD=1. Output:\n\(actual)"
    }
    let expected = String(decoding: data, as: UTF8.self)
    return expected == actual ? nil : difference(expected, actual, name)
  }

  private static func record(_ actual: String, _ folder: URL, _ file: URL) -> String {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: file)
      return "recorded \(file.lastPathComponent); run again without LDS_RECORD"
    } catch {
      return "cannot record \(file.lastPathComponent): \(error)"
    }
  }

  private static func difference(_ expected: String, _ actual: String, _ name: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).prefix { $0 == $1 }.count
    let was = line < old.count ? String(old[line]) : "(end)"
    let came = line < new.count ? String(new[line]) : "(end)"
    return """
      \(name) differs at line \(line + 1)
      expected: \(was)
      got:      \(came)
      whole output:
      \(actual)
      """
  }
}
