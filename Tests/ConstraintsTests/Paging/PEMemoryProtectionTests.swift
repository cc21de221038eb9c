// Page protection of PE images that GNU ld writes: what the header promises, beside objdump, and what the rule makes of it.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite(.enabled(if: ExternalTool.path("ld") != nil && ExternalTool.path("objdump") != nil))
struct PEMemoryProtectionTests {
  /// The image, and what objdump says of its header; nil where ld has no PE.
  private func link(_ section: String, _ options: String) throws -> (image: Image, header: String)?
  {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      ".text\n.globl _start\n_start: nop\n.data\n.long 1\n.section .other,\"\(section)\"\n.long 2\n"
    )
    let run = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m i386pep --subsystem 10 \(options) a.o -o x.efi 2>&1 && objdump -p x.efi",
      folder: folder.path)
    guard let bytes = FileManager.default.contents(atPath: folder.path("x.efi")) else { return nil }
    return (
      try ImageReader.read(SourceBuffer(path: FilePath("x.efi"), bytes: Array(bytes))), run.output
    )
  }

  private func messages(_ image: Image) throws -> [String] {
    let mapped = try MappingProfiles.apply("sections", to: image)
    let plan = try SuperpagePlan(image, mapped: mapped)
    let context = RuleContext(images: [PlannedImage(image, plan: plan)])
    return PEMemoryProtection().check(context).map(\.message)
  }

  @Test(arguments: [
    ("awx", "--nxcompat", ["'.other' may be written and executed"]), ("aw", "--nxcompat", []),
    ("awx", "--disable-nxcompat", ["does not promise NX_COMPAT"]),
    (
      "aw", "--nxcompat --section-alignment 0x800 --file-alignment 0x200",
      ["SectionAlignment is 0x800"]
    ),
  ]) func theRuleSaysWhatTheHeaderSays(_ flags: String, _ options: String, _ wanted: [String])
    throws
  {
    guard let (image, header) = try link(flags, options) else { return }
    let promises = try #require(image.promises)
    let size = String(promises.sizeOfImage, radix: 16)
    let padded = String(repeating: "0", count: 8 - size.count) + size
    #expect(header.contains("SizeOfImage\t\t\(padded)"), "\(header)")
    #expect(header.contains("NX_COMPAT") == promises.isNXCompatible)
    #expect(promises.isForFirmware)
    let found = try messages(image)
    #expect(found.count == wanted.count, "\(found)")
    for (message, part) in zip(found, wanted) { #expect(message.contains(part)) }
  }
}
