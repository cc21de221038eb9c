// Files written by the program: whole or not at all.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct OutputTests {
  @Test func fileAppearsWhenFinished() throws {
    let folder = try TemporaryFolder()
    try folder.write("report", "old")
    let output = try Output(file: FilePath(folder.path("report")))
    output.write("new")
    output.write([UInt8](repeating: 0x61, count: 200_000))
    #expect(folder.text("report") == "old")
    try output.finish()
    #expect(folder.text("report")?.utf8.count == 200_003)
    #expect(try folder.names() == ["report"])
  }

  @Test func abandonedFileLeavesTheOldOne() throws {
    let folder = try TemporaryFolder()
    try folder.write("report", "old")
    let output = try Output(file: FilePath(folder.path("report")))
    output.write([UInt8](repeating: 0x61, count: 200_000))
    output.abandon()
    #expect(folder.text("report") == "old")
    #expect(try folder.names() == ["report"])
  }

  @Test func symbolicLinkIsReplacedAndNotFollowed() throws {
    let folder = try TemporaryFolder()
    try folder.write("victim", "old")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("report"), withDestinationPath: folder.path("victim"))
    let output = try Output(file: FilePath(folder.path("report")))
    output.write("new")
    try output.finish()
    #expect(folder.text("victim") == "old")
    #expect(folder.text("report") == "new")
  }

  @Test func foldersAndMissingFoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    #expect(throws: OutputError.self) { try Output(file: FilePath(folder.path)) }
    #expect(throws: OutputError.self) { try Output(file: FilePath(folder.path("none/report"))) }
    #expect(throws: OutputError.self) { try Output(file: FilePath(bytes: [0x61, 0, 0x62])) }
  }

  @Test func plantedTemporaryFileIsNotUsed() throws {
    let folder = try TemporaryFolder()
    let planted = ".lds-check-\(ProcessInfo.processInfo.processIdentifier)-0.tmp"
    try folder.write("victim", "old")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(planted), withDestinationPath: folder.path("victim"))
    let output = try Output(file: FilePath(folder.path("report")))
    output.write("new")
    try output.finish()
    #expect(folder.text("victim") == "old" && folder.text("report") == "new")
  }
}
