// Scripts with regions, load regions and fixed addresses: an edit that is offered makes the real link pass, and where
// the real link has no room for it, none is offered.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("ld", "as"), "needs GNU ld and as"))
struct MendRoomTests {
  private static let assembly = """
    .text\n.skip 37
    .data\n.balign 16\n.skip 300
    .section .rodata,"a"\n.balign 8\n.skip 75
    .bss\n.balign 32\n.skip 400

    """

  /// A layout with one ASSERT that fails, and a number that decides whether an ALIGN fits.
  private static func script(_ shape: Int, _ alignment: Int, _ room: Int) -> String {
    let regions =
      "MEMORY { R : ORIGIN = 0x400000, LENGTH = \(room)\n  F : ORIGIN = 0x8000, LENGTH = \(room) }\n"
    let check = "ASSERT((mark & \(alignment - 1)) == 0, \"too bad\")\n"
    switch shape {
    case 0:
      return regions
        + """
        SECTIONS
        {
          .text : {
            *(.text)
            mark = .;
          } > R
          .rodata : { *(.rodata) } > R
          .data : { *(.data) } > R
          .bss : { *(.bss) } > R
        }

        """ + check
    case 1:
      return regions.replacingOccurrences(
        of: "R : ORIGIN = 0x400000, LENGTH = \(room)", with: "R : ORIGIN = 0x400000, LENGTH = 1M")
          + """
          SECTIONS
          {
            .text : { *(.text) } > R AT> F
            .data : {
              *(.data)
              mark = .;
            } > R AT> F
            .rodata : { *(.rodata) } > R AT> F
            .bss : { *(.bss) } > R
          }

          """ + check
    case 4:
      // GNU ld loads what follows in the same region where the first one is loaded.
      return script(1, alignment, room).replacingOccurrences(
        of: "mark = .;\n  } > R AT> F", with: "mark = .;\n  } > R"
      ).replacingOccurrences(of: "*(.rodata) } > R AT> F", with: "*(.rodata) } > R")
    case 2:
      return """
        SECTIONS
        {
          .text 0x400000 : AT(0x8000) {
            *(.text)
            mark = .;
          }
          .rodata 0x500000 : AT(0x\(String(0x8000 + room / 4, radix: 16))) { *(.rodata) }
          .data 0x600000 : { *(.data) }
          .bss : { *(.bss) }
        }

        """ + check
    default:
      return """
        SECTIONS
        {
          . = 0x400000;
          .text : { *(.text) }
          .rodata : { *(.rodata) }
          mark = .;
          .data 0x\(String(0x400000 + room, radix: 16)) : { *(.data) }
          .bss : { *(.bss) }
        }

        """ + check
    }
  }

  static let cases: [(shape: Int, alignment: Int, room: Int)] = (0..<5).flatMap { shape in
    [16, 256, 4096].flatMap { alignment in
      [512, 900, 1200, 8192].map { (shape, alignment, $0) }
    }
  }

  @Test(arguments: cases)
  func anOfferedEditLinks(_ shape: Int, _ alignment: Int, _ room: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.assembly)
    try folder.write("a.lds", Self.script(shape, alignment, room))
    let broken = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m elf_x86_64 --noinhibit-exec -T a.lds a.o -o a.elf -Map=a.map",
      folder: folder.path)
    // What does not fit as it is says nothing about edits.
    guard broken.errors.contains("too bad"), !broken.errors.contains("overflowed"),
      !broken.errors.contains("overlaps")
    else { return }
    for evidence in [["a.map"], ["a.map", "a.elf"]] {
      let run = try ProgramRun.run(
        ["explain", "--format", "json", "a.lds"] + evidence, folder: folder.path)
      let top = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let first = try #require((top["explanations"] as? [[String: Any]])?.first)
      let mends = try #require(first["mends"] as? [[String: Any]])
      let isOffered = !mends.isEmpty
      try folder.write(
        "b.lds",
        Self.script(shape, alignment, room).replacingOccurrences(
          of: "mark = .;", with: ". = ALIGN(\(alignment)); mark = .;"))
      let mended = try ProgramRun.shell(
        "ld -m elf_x86_64 -T b.lds a.o -o b.elf", folder: folder.path)
      if isOffered {
        #expect(mended.status == 0, "\(evidence): \(mended.errors)")
      } else if mended.status == 0, evidence.count == 2, shape == 0 {
        // With the alignments of the image at hand, there is no need to refuse what fits.
        Issue.record("\(first["advice"] ?? "")")
      }
    }
  }
}
