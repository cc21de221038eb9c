// Files that lie: truncated at every kind of place, with bytes changed. Nothing may trap, and whatever is
// read must stay inside the file. A trap ends the test run.

import Foundation
import LdsParser
import TestSupport
import Testing

/// Reads bytes as a user's file and touches everything that came out; returns whether it was read.
@discardableResult
func readAndTouch(_ bytes: [UInt8], as format: FileFormat? = nil) -> Bool {
  let buffer = SourceBuffer(path: FilePath("damaged"), bytes: bytes)
  let images: [Image]
  do throws(ReadError) {
    if let format {
      images = [try ImageReader.read(buffer, as: format)]
    } else {
      images = try ImageReader.readAll(buffer)
    }
  } catch {
    #expect(!error.message.isEmpty)
    if let offset = error.offset { #expect(offset >= 0 && offset <= bytes.count) }
    return false
  }
  for image in images {
    // One expectation for all: there are millions of names.
    var isInside = true
    // What is unpacked can be a thousand times as long as the file.
    let longest = bytes.count &* 1100
    for record in image.symbols.records {
      if case .section(let index) = record.place, !image.outputSections.indices.contains(index) {
        isInside = false
      }
      if image.symbols.nameBytes(record).count > longest { isInside = false }
    }
    for input in image.inputSections {
      let name = Int(input.nameStart)..<Int(input.nameStart + input.nameLength)
      if image.symbols.names.bytes(in: name).count > longest { isInside = false }
      if Int(input.outputSection) >= image.outputSections.count { isInside = false }
    }
    #expect(isInside)
    let printer = MapPrinter(image: image)
    for statement in image.statements { _ = printer.text(statement.kind) }
    _ = ImageEvidence([image], names: [Array("_start".utf8)]).symbol(Array("_start".utf8))
  }
  return true
}

struct DamagedInputTests {
  static let samples: [(name: String, bytes: [UInt8])] = [
    ("gnu.map", Array(ReaderSamples.gnuMap.utf8)), ("lld.map", Array(ReaderSamples.lldMap.utf8)),
    ("mold.map", Array(ReaderSamples.moldMap.utf8)),
    ("gold.map", Array(ReaderSamples.goldMap.utf8)),
    ("nm", Array(ReaderSamples.nmBSD.utf8)), ("nm -P", Array(ReaderSamples.nmPosix.utf8)),
    ("nm -f sysv", Array(ReaderSamples.nmSysV.utf8)), ("xen", Array(ReaderSamples.xen.utf8)),
    ("elf64", ReaderSamples.fixture("tiny64.elf")),
    ("elf32be", ReaderSamples.fixture("tiny32be.elf")),
    ("object", ReaderSamples.fixture("tiny.o")), ("pe", ReaderSamples.fixture("tiny.exe")),
    ("coff", ReaderSamples.fixture("tiny.obj")), ("archive", ReaderSamples.fixture("tiny.a")),
    ("gzip", ReaderSamples.fixture("tiny.map.gz")),
  ]

  @Test(arguments: samples.indices)
  func soundSampleIsRead(index: Int) {
    #expect(readAndTouch(Self.samples[index].bytes), "\(Self.samples[index].name)")
  }

  @Test(arguments: samples.indices)
  func truncatedInputNeverTraps(index: Int) {
    let bytes = Self.samples[index].bytes
    for length in 0..<min(bytes.count, 200) { readAndTouch(Array(bytes[..<length])) }
    for length in stride(from: 200, to: min(bytes.count, 1500), by: 11) {
      readAndTouch(Array(bytes[..<length]))
    }
    var random = SeededGenerator(seed: UInt64(index))
    for _ in 0..<Effort.times(60) {
      readAndTouch(Array(bytes[..<Int.random(in: 0..<bytes.count, using: &random)]))
    }
  }

  @Test(arguments: samples.indices)
  func changedBytesNeverTrap(index: Int) {
    let sample = Self.samples[index]
    let format = FormatRecognizer.recognize(
      SourceBuffer(path: FilePath(sample.name), bytes: sample.bytes))
    var random = SeededGenerator(seed: 77 + UInt64(index))
    for round in 0..<Effort.times(250) {
      var bytes = sample.bytes
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        // Headers decide most, so half of the changes go there.
        let end = Bool.random(using: &random) ? min(bytes.count, 160) : bytes.count
        let place = Int.random(in: 0..<end, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = 0xff
        case 1: bytes[place] = 0
        case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default: bytes[place] = UInt8.random(in: 0...255, using: &random)
        }
      }
      // Half are read as what they were, so that a broken head does not protect the rest.
      if round % 2 == 0 {
        readAndTouch(bytes)
      } else if case .archive = format {
        readAndTouch(bytes)
      } else {
        readAndTouch(bytes, as: format)
      }
    }
  }

  @Test(arguments: samples.indices)
  func cutPiecesNeverTrap(index: Int) {
    let sample = Self.samples[index]
    var random = SeededGenerator(seed: 991 + UInt64(index))
    for _ in 0..<Effort.times(100) {
      var bytes = sample.bytes
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 1..<200, using: &random))
      if Bool.random(using: &random) {
        bytes.removeSubrange(start..<end)
      } else {
        bytes.insert(
          contentsOf: bytes[start..<end], at: Int.random(in: 0..<bytes.count, using: &random))
      }
      readAndTouch(bytes)
    }
  }

  @Test(arguments: [
    FileFormat.map(.gnuMap), .map(.goldMap), .map(.lldMap), .map(.moldMap), .nmBSD, .nmPosix,
    .nmSysV, .xenSymbols, .elf,
    .peImage, .coffObject, .gzip,
  ])
  func noiseNeverTraps(format: FileFormat) {
    var random = SeededGenerator(seed: 5)
    let alphabet = Array(" \n0xf[]()=.*ASSERT,\t\r|:".utf8)
    for _ in 0..<Effort.times(120) {
      let count = Int.random(in: 0..<400, using: &random)
      let bytes = (0..<count).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      readAndTouch(bytes, as: format)
      readAndTouch(Array(ReaderSamples.gnuMap.utf8) + bytes, as: format)
    }
  }
}
