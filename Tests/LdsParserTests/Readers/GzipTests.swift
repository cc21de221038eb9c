// Inflate against gzip itself.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.path("gzip") != nil, "needs gzip"))
struct GzipTests {
  private func pack(_ bytes: [UInt8], _ level: String) throws -> SourceBuffer {
    let folder = try TemporaryFolder()
    let path = try folder.write("x", bytes)
    let gzip = try #require(ExternalTool.path("gzip"))
    let packed = try ExternalTool.run(gzip, [level, "-c", path])
    return SourceBuffer(path: FilePath("x.gz"), bytes: [UInt8](packed.output))
  }

  static let contents: [[UInt8]] = {
    var random = SeededGenerator(seed: 3)
    let noise = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let text = (0..<90_000).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<3, using: &random) }
    return [
      [], [65], Array(repeating: 0, count: 300_000), noise, text, noise + text + noise,
      Array(ReaderSamples.gnuMap.utf8),
    ]
  }()

  @Test(arguments: contents.indices, ["-1", "-6", "-9"])
  func unpacksWhatGzipPacked(index: Int, level: String) throws {
    let packed = try pack(Self.contents[index], level)
    let unpacked = try Gzip.unpack(packed)
    #expect(unpacked.bytes(in: 0..<unpacked.count) == Self.contents[index])
    #expect(unpacked.path == packed.path)
  }

  @Test func membersInARowAreOneFile() throws {
    let first = try pack(Array("one ".utf8), "-6")
    let second = try pack(Array("two".utf8), "-6")
    let both = first.bytes(in: 0..<first.count) + second.bytes(in: 0..<second.count) + [0, 0, 0]
    let unpacked = try Gzip.unpack(SourceBuffer(path: FilePath("x"), bytes: both))
    #expect(unpacked.text(in: 0..<unpacked.count) == "one two")
  }

  @Test func noChangedByteGivesOtherContents() throws {
    let contents = Array(ReaderSamples.gnuMap.utf8.prefix(1200))
    let packed = try pack(contents, "-6")
    let bytes = packed.bytes(in: 0..<packed.count)
    var noticed = 0
    for place in 20..<bytes.count {
      var bent = bytes
      bent[place] ^= 0x10
      do throws(ReadError) {
        // Only the unused bits after the last block may change and go unnoticed.
        let unpacked = try Gzip.unpack(SourceBuffer(path: FilePath("x"), bytes: bent))
        #expect(unpacked.bytes(in: 0..<unpacked.count) == contents)
      } catch {
        noticed += 1
      }
    }
    #expect(noticed >= bytes.count - 21)
  }

  @Test func aBombIsRefused() throws {
    // 100 kB of gzip that unpack to 100 MB of zeros.
    let packed = try pack(Array(repeating: 0, count: 100 << 20), "-9")
    let error = #expect(throws: ReadError.self) { try Gzip.unpack(packed) }
    #expect(error?.id == "gzip-too-large")
  }

  @Test func aPackedMapIsRead() throws {
    let packed = try pack(Array(ReaderSamples.gnuMap.utf8), "-6")
    let image = try ImageReader.read(packed)
    #expect(image.kind == .gnuMap)
    #expect(image.unknownLineCount == 0)
  }
}
