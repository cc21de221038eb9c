// Static libraries as ar makes them.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.path("ar") != nil && ExternalTool.path("as") != nil, "needs ar"))
struct ArchiveReaderTests {
  private static let names = [
    "a.o", "fifteen-bytes.o", "sixteen--bytes.o", "a-name-longer-than-sixteen-bytes.o",
    "another name with blanks.o", "text.txt",
  ]

  /// A folder with objects of these names, each with a symbol of its own, and a file that is no object.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("text.txt", "no object\n")
    for (index, name) in Self.names.enumerated() where name.hasSuffix(".o") {
      try folder.write("a.s", ".globl f\(index)\nf\(index): nop\n.data\nd\(index): .long 1\n")
      #expect(try ProgramRun.shell("as a.s -o '\(name)'", folder: folder.path).status == 0)
    }
    return folder
  }

  private func make(_ archiver: String, in folder: TemporaryFolder) throws {
    let members = Self.names.map { "'\($0)'" }.joined(separator: " ")
    let run = try ProgramRun.shell("\(archiver) lib.a \(members)", folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: ["ar rc", "ar rcS", "llvm-ar --format=gnu rc", "llvm-ar --format=bsd rc"])
  func membersEqualThoseOfNM(archiver: String) throws {
    guard ExternalTool.path(String(archiver.prefix { $0 != " " })) != nil else { return }
    let folder = try folder()
    try make(archiver, in: folder)
    let images = try ImageReader.readAll(try folder.buffer("lib.a"))
    let objects = Self.names.filter { $0.hasSuffix(".o") }
    #expect(
      images.map(\.path.display) == objects.map { folder.path("lib.a") + "(\($0))" })
    for (image, name) in zip(images, objects) {
      let nm = try ProgramRun.shell("nm -p '\(name)'", folder: folder.path).output
      #expect(nmRows(image) == nm.split(separator: "\n").map(String.init))
    }
  }

  @Test func thinArchivesHoldNothing() throws {
    let folder = try folder()
    try make("ar rcT", in: folder)
    let error = #expect(throws: ReadError.self) {
      try ImageReader.readAll(try folder.buffer("lib.a"))
    }
    #expect(error?.id == "thin-archive")
  }
}
