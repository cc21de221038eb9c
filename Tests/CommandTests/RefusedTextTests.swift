// Short scripts that some linkers read and others do not: every release that is there is asked, and lint refuses the same.

import Foundation
import LdsParser
import TestSupport
import Testing

struct RefusedTextTests {
  private static let memory = "MEMORY { r : ORIGIN = 0, LENGTH = 1K } "

  private static let scripts =
    [
      "a (rx) :ORIGIN = 0, LENGTH = 1K", "a (rx):ORIGIN = 0, LENGTH = 1K",
      "a :ORIGIN = 0, LENGTH = 4",
      "a (rx) : ORIGIN =0x10, LENGTH = 1K", "a (rx) : ORIGIN=0x10, LENGTH=1K",
      "a (rx) : ORIGIN =(0), LENGTH = 1K", "a (rx) : ORIGIN =-1, LENGTH = 1K",
      "a (rx) : ORIGIN = 0, LENGTH =DEFINED(x) ? 1 : 2", "a (rx) : ORIGIN = 0 , LENGTH =1K",
      "a (rx) : ORIGIN = 0,LENGTH = 1K", "a (rx) : ORIGIN = 0,LENGTH=1K",
      "a (rx) : ORIGIN = 0, LENGTH =/* two */ 2", "a (rx) :/* one */ORIGIN = 0, LENGTH = 4",
      "a (r x) : ORIGIN = 0, LENGTH = 1K", "a (! r) : ORIGIN = 0, LENGTH = 1K",
      "a (w !x) : ORIGIN = 0, LENGTH = 1K", "a (w!x) : ORIGIN = 0, LENGTH = 1K",
      "a (!r) : ORIGIN = 0, LENGTH = 1K", "a ( rx ) : ORIGIN = 0, LENGTH = 1K",
      "a(rx) : ORIGIN = 0, LENGTH = 1K", "a,b : ORIGIN = 0, LENGTH = 1",
    ].map { "MEMORY { \($0) }" }
    + [
      "x =4;", "x =y;", "x =ALIGN(4);", "x =(4);", "x =-4;", "x=4;", "x= 4;", "PROVIDE(x =4);",
      "a,b = 1;",
    ]
    + ["x =4;", "x =y;", ". =4;", ". =ALIGN(4);", "PROVIDE(x=4);", "a,b : { *(.q) }"]
    .map { "SECTIONS { \($0) }" }
    + [
      "KEEP(.foo)", "KEEP(*)", "KEEP(a.o)", "KEEP(*(.a))",
      "KEEP(*(SORT \"(.a)))",
    ].map { "SECTIONS { .a : { \($0) } }" }
    + [
      "INSERT AFTER .text", "SECTIONS { .b : { *(.b) } } INSERT AFTER .text;",
      "SECTIONS { .b : { *(.b) } } x = 1; INSERT AFTER .text;",
      "SECTIONS { .b : { *(.b) } } ; INSERT AFTER .text;",
      "SECTIONS { .b : { *(.b) } } INSERT AFTER .text INSERT AFTER .q;",
      "SECTIONS { .b : { *(.b) } } INSERT AFTER .text SECTIONS { .c : { *(.c) } } INSERT AFTER .text",
    ]
    + ["REGION_ALIAS(x,r)", "REGION_ALIAS(x, r)", "REGION_ALIAS(x ,r)", "REGION_ALIAS(\"x\",r)"]
    .map { memory + $0 }
    + [
      "OUTPUT_FORMAT(elf32-i386,elf32-i386,elf32-i386)", "EXTERN(a,b)", "EXTERN(a, b)",
      "ENTRY(a,b)",
      "PHDRS { a,b PT_LOAD; }", "SEARCH_DIR(a,b)", "OUTPUT(a,b)", "NOCROSSREFS(.a .b)",
      "SECTIONS { .a :{ *(.a) } }", "SECTIONS { .a :{*(.a)}}", "SECTIONS { .a: { *(.a) } }",
    ]

  /// GNU ld 2.35 cuts words of output sections otherwise. Of lld the oldest and the newest; `LDS_CHECK_LINKS` asks all.
  private static var releases: [KnownRelease] {
    let lld = KnownRelease.lld.filter { $0.path != nil }
    let asksAll = ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"] != nil
    let ends = lld.count > 2 ? [lld[0], lld[lld.count - 1]] : lld
    return KnownRelease.bfd.filter { $0.path != nil && $0.name != "ld-2.35" }
      + (asksAll ? lld : ends)
  }

  @Test(.enabled(if: !releases.isEmpty, "needs a release of a linker"), arguments: releases)
  func whatALinkerRefusesIsRefused(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let names = Self.scripts.indices.map { "s\($0).ld" }
    for (name, script) in zip(names, Self.scripts) { try folder.write(name, script + "\n") }
    let lint = try ProgramRun.run(
      ["lint", "-q", "--linker", release.dialect.description] + names, folder: folder.path)
    let lines = lint.output.split(separator: "\n")
    for (name, script) in zip(names, Self.scripts) {
      let read = try ProgramRun.tool(
        try #require(release.path), ["-T", name], folder: folder.path)
      let refusal = read.errors.split(separator: "\n").first {
        $0.contains("\(name):1:") && !$0.contains("warning") && !$0.contains("ignoring")
      }
      let finding = lines.first { $0.hasPrefix("\(name):1:") && $0.contains(": error: ") }
      #expect(
        (refusal != nil) == (finding != nil),
        "\(script)\nlinker: \(refusal ?? "reads it")\nlint: \(finding ?? "reads it")")
    }
  }
}
