// Files as they come: pipes, folders, empty ones, ones that somebody else is writing.

import Foundation
import LdsParser
import TestSupport
import Testing

struct FileInputTests {
  @Test(arguments: [0, 1, 4095, 4096, 65_535, 65_536, 65_537, 3_000_000])
  func everyByteIsRead(count: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let path = try folder.write("f", bytes)
    let buffer = try FileInput.read(FilePath(path))
    #expect(buffer.bytes(in: 0..<buffer.count) == bytes)
  }

  @Test(arguments: [100, 6_000_000])
  func mappedAndCopiedAreTheSame(count: Int) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("f", [UInt8](repeating: 7, count: count))
    let mapped = try FileInput.read(FilePath(path), mayMap: true)
    #expect(mapped.count == count)
    #expect(mapped.byte(at: count - 1) == 7)
    #expect(mapped.byte(at: count) == nil)
  }

  @Test func whoeverCutsAMappedFileShortWaitsForTheReader() throws {
    let folder = try TemporaryFolder()
    let count = 6_000_000
    let path = try folder.write("f", [UInt8](repeating: 7, count: count))
    var mapped: SourceBuffer? = try FileInput.read(FilePath(path), mayMap: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", ": > \"$0\"", path]
    try process.run()
    Thread.sleep(forTimeInterval: 0.3)
    // Cut short or not: every byte is still there.
    #expect(mapped?.byte(at: count - 1) == 7)
    #expect(mapped?.bytes(in: 0..<count) == [UInt8](repeating: 7, count: count))
    mapped = nil
    process.waitUntilExit()
    #expect(try FileInput.read(FilePath(path)).count == 0)
  }

  @Test func aPipeIsReadToItsEnd() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("pipe")
    let made = unsafe mkfifo(path, 0o600)
    #expect(made == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done > \"$0\"",
      path,
    ]
    try process.run()
    let buffer = try FileInput.read(FilePath(path), mayMap: true)
    process.waitUntilExit()
    #expect(buffer.count == 3000 * 41)
  }

  @Test func faultsAreNamed() throws {
    let folder = try TemporaryFolder()
    func id(_ path: FilePath) -> String? {
      do throws(ReadError) {
        _ = try FileInput.read(path)
        return nil
      } catch { return error.id.rawValue + ": " + error.message }
    }
    #expect(
      id(FilePath(folder.path("none"))) == "missing-file: cannot open: no such file or folder")
    #expect(id(FilePath(folder.path)) == "unreadable-file: is a folder, not a file")
    #expect(
      id(FilePath(bytes: [65, 0, 66])) == "unreadable-file: a file name cannot contain a NUL byte")
    let odd = FilePath(bytes: Array(folder.path("odd").utf8) + [0xff])
    #expect(id(odd)?.hasPrefix("missing-file") == true)
  }
}
