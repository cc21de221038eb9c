// The ELF reader against nm and objdump on files that real compilers and linkers make.

import Foundation
import LdsParser
import TestSupport
import Testing

/// One symbol as nm prints it, name by bytes.
func nmRows(_ image: Image) -> [String] {
  image.symbols.records.map { record in
    let digits = image.is32Bit == true ? 8 : 16
    let number =
      image.is32Bit == true ? UInt64(UInt32(truncatingIfNeeded: record.value)) : record.value
    let hex = String(number, radix: 16)
    let value =
      record.place == .undefined
      ? String(repeating: " ", count: digits)
      : String(repeating: "0", count: max(0, digits - hex.count)) + hex
    return "\(value) \(String(UnicodeScalar(record.letter))) \(image.symbols.name(record))"
  }
}

@Suite(.enabled(if: ExternalTool.path("nm") != nil, "needs nm"))
struct ELFCorpusTests {
  static let installed = [
    "/usr/lib/x86_64-linux-gnu/crt1.o", "/usr/lib/x86_64-linux-gnu/crti.o", "/bin/ls",
    "/usr/bin/ld.bfd", "/usr/lib/x86_64-linux-gnu/libc.so.6",
  ].filter { FileManager.default.fileExists(atPath: $0) }

  @Test(arguments: installed)
  func symbolsEqualNM(path: String) throws {
    let nm = try #require(ExternalTool.path("nm"))
    let buffer = try FileInput.read(FilePath(path))
    let image = try ImageReader.read(buffer)
    let isStripped = image.diagnostics.contains { $0.id == "stripped-image" }
    let rows = try ExternalTool.run(
      nm, (isStripped ? ["-D", "--without-symbol-versions"] : []) + ["-p", path])
    #expect(nmRows(image) == rows.lines)
  }
}
