// The first run over somebody's tree: headers that are not found, and headers that are found and written for C.

import Foundation
import TestSupport
import Testing

@Suite struct ForeignHeaderTests {
  private func lint(_ folder: TemporaryFolder) throws -> [[String: Any]] {
    let run = try ProgramRun.run(["lint", "--format", "json", "boot.lds"], folder: folder.path)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    return try #require(object?["findings"] as? [[String: Any]])
  }

  private func severities(_ rule: String, _ findings: [[String: Any]]) -> [String] {
    findings.filter { $0["rule"] as? String == rule }.map { $0["severity"] as? String ?? "" }
  }

  /// What a macro of a header that is not there would make of it is not known: the linker may well read it.
  @Test func missingHeadersRefuseNothing() throws {
    let folder = try TemporaryFolder()
    let body = "SECTIONS {\n  SECTION_text(FOLLOWING(.vectors), ,)\n  .text : { *(.text) }\n}\n"
    try folder.write("boot.lds", "#include <asm/ldscript.h>\n" + body)
    let findings = try lint(folder)
    let found = findings.filter { $0["rule"] as? String == "syntax-error" }
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0["severity"] as? String == "warning" })
    for finding in found {
      let notes = finding["notes"] as? [[String: Any]] ?? []
      #expect(notes.contains { ($0["message"] as? String)?.contains("'asm/ldscript.h'") == true })
    }
    // The same text with nothing missing is refused.
    try folder.write("boot.lds", "#define X 1\n" + body)
    #expect(severities("syntax-error", try lint(folder)).contains("error"))
  }

  /// `ALIGN` of a kernel's header in place of the linker's.
  @Test func macrosOfCInPlaceOfTheLinkersAreToldOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "boot.lds",
      """
      #define ALIGN(x, a) (((x) + (a) - 1) & ~((a) - 1))
      SECTIONS {
        .text : { *(.text) }
        . = ALIGN(4);
        .data : { *(.data) }
        . = ALIGN(8);
        .bss : { *(.bss) }
      }

      """)
    let found = try lint(folder).filter { $0["rule"] as? String == "macro-arguments" }
    #expect(found.count == 1)
    let notes = (found.first?["notes"] as? [[String: Any]] ?? []).compactMap {
      $0["message"] as? String
    }
    #expect(notes.contains { $0.contains("-D__ASSEMBLY__") })
    #expect(notes.contains("the same in 1 more place"))
  }
}
