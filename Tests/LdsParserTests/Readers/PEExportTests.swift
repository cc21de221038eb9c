// The exports of a stripped DLL, which are all that is left of its symbols, against those before it was
// stripped.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct PEExportTests {
  static let chains = ["x86_64", "i686"].filter {
    ExternalTool.path($0 + "-w64-mingw32-ld") != nil
  }

  @Test(.enabled(if: !chains.isEmpty, "needs binutils-mingw-w64"), arguments: chains)
  func areTheSymbolsBeforeItWasStripped(chain: String) throws {
    let folder = try TemporaryFolder()
    // C names begin with an underscore on i386, and the export table leaves it out.
    let mark = chain == "i686" ? "_" : ""
    let labels = ["f1", "f2", "d0", "r0", "b0", "hidden"].map { mark + $0 }
    try folder.write(
      "a.s",
      """
      .globl \(labels.joined(separator: ", "))
      .text
      \(mark)f1: .space 7
      \(mark)f2: .space 9
      .section .rdata,"dr"
      \(mark)r0: .long 4
      .data
      \(mark)d0: .long 1
      \(mark)hidden: .long 2
      .bss
      \(mark)b0: .space 8

      """)
    try folder.write(
      "a.def",
      "EXPORTS\nf1\nsecond = f2\nd0 DATA\nr0 DATA\nb0 DATA\nf2 @7 NONAME\nfwd = KERNEL32.Sleep\n")
    let prefix = chain + "-w64-mingw32-"
    let run = try ProgramRun.shell(
      "\(prefix)as a.s -o a.o && \(prefix)ld -shared a.o a.def -e \(mark)f1 -o a.dll && "
        + "cp a.dll b.dll && \(prefix)strip b.dll", folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    let whole = try ImageReader.read(try folder.buffer("a.dll"))
    let stripped = try ImageReader.read(try folder.buffer("b.dll"))
    #expect(stripped.diagnostics.map(\.id) == ["stripped-image"])
    let rows = Dictionary(
      nmRows(whole).map { ($0.split(separator: " ").last.map(String.init) ?? "", $0) }
    ) { one, _ in one
    }
    // A forwarded export lies in another DLL, and one without a name is not listed.
    let expected = ["b0", "d0", "f1", "r0", "f2"].map { name in
      (rows[mark + name] ?? "?").replacing(mark + name, with: name == "f2" ? "second" : name)
    }
    #expect(nmRows(stripped).sorted() == expected.sorted())
    for record in stripped.symbols.records {
      guard case .section(let index) = record.place else {
        Issue.record("\(stripped.symbols.name(record)) is in no section")
        continue
      }
      let section = stripped.outputSections[index]
      #expect(record.value &- (section.vma ?? 0) < section.size)
    }
  }

  @Test(.enabled(if: chains.contains("x86_64"), "needs binutils-mingw-w64"))
  func brokenTablesGiveNone() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".globl f1\n.text\nf1: ret\n")
    try folder.write("a.def", "EXPORTS\nf1\n")
    let prefix = "x86_64-w64-mingw32-"
    let run = try ProgramRun.shell(
      "\(prefix)as a.s -o a.o && \(prefix)ld -s -shared a.o a.def -e f1 -o a.dll",
      folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    let bytes = Array(try Data(contentsOf: URL(filePath: folder.path("a.dll"))))
    let start = Int(bytes[60]) + 4 + 20
    // The directory's address, and then each of the three tables' in it.
    let directory = start + 112
    let image = try ImageReader.read(try folder.buffer("a.dll"))
    #expect(nmRows(image).map { $0.suffix(4) } == ["T f1"])
    let edata = try #require(image.outputSections.first { $0.name == Array(".edata".utf8) })
    let table = try #require(edata.fileOffset).advanced(by: 0)
    for offset in [directory, Int(table) + 24, Int(table) + 28, Int(table) + 32, Int(table) + 36] {
      var bent = bytes
      bent.replaceSubrange(offset..<offset + 4, with: [0xff, 0xff, 0xff, 0x7f])
      let buffer = SourceBuffer(path: FilePath("bent.dll"), bytes: bent)
      #expect(nmRows(try ImageReader.read(buffer)) == [], "\(offset)")
    }
  }
}
