// Snapshots as test expectations.

import TestSupport
import Testing

/// Expects `actual` to be what the file `Snapshots/name` beside the test holds.
func expectSnapshot(
  _ actual: String, named name: String, file: String = #filePath,
  at location: SourceLocation = #_sourceLocation
) {
  if let mismatch = Snapshot.mismatch(actual, named: name, test: file) {
    Issue.record(Comment(rawValue: mismatch), sourceLocation: location)
  }
}
