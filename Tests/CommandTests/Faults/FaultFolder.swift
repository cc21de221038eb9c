// What all fault tests start from: a folder with a map and its script, and a shell in it.

import Foundation
import TestSupport
import Testing

/// A folder with `boot.map`, `boot.lds` and `boot.nm` of the sample that fails two ASSERTs.
struct FaultFolder {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["boot.map", "boot.lds", "boot.nm"] {
      try folder.write(name, try Checkout.bytes("samples/grown/" + name))
    }
  }

  /// Runs a line of bash in the folder; `$LDS_CHECK` is the program, `$?` is printed by whoever wants it.
  func shell(_ line: String) throws -> ProgramRun {
    try ProgramRun.tool("/bin/bash", ["-c", line], folder: folder.path)
  }

  /// Runs the program with words of shell in the folder.
  func check(_ words: String) throws -> ProgramRun {
    try shell("exec \"$LDS_CHECK\" " + words)
  }

  /// Names in the folder, without the shell's line and what the folder began with.
  func newNames() throws -> [String] {
    try folder.names().filter { !["boot.map", "boot.lds", "boot.nm"].contains($0) }
  }

  /// The end of every run that judges `boot.map`.
  static let summary = "2 errors; 15 ASSERTs hold, 2 fail\n"

  static func has(_ tool: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: tool)
  }
}
