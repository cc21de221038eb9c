// What programs read is what the schemas of `Documentation/schemas` say: each command's JSON is held to its schema, and
// a key that stands in none of them is a fault.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct OutputSchemaTests {
  /// A command line, and the schema of what it prints.
  struct Case: CustomTestStringConvertible {
    var schema: String
    var arguments: [String]
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ schema: String, _ line: String) {
      self.schema = schema
      arguments = line.split(separator: " ").map(String.init)
    }
  }

  static let cases = [
    Case("eval", "eval samples/unaligned/boot.lds samples/unaligned/boot.map"),
    Case("eval", "eval --headroom samples/sound/boot.lds samples/sound/boot.map"),
    Case("eval", "eval samples/sound/boot.lds samples/sound/boot.nm --strict"),
    Case("eval", "eval --linker bfd@2.35..2.47 samples/sound/boot.lds samples/sound/boot.map"),
    Case("eval", "eval samples/sound/boot.map samples/unaligned/boot.map"),
    Case("lint", "lint samples/unaligned/boot.lds"),
    Case("lint", "lint samples/boot.lds.S samples/unaligned/boot.map"),
    Case("lint", "lint --linker bfd@2.35..2.47 --linker lld@19 samples/firmware/firmware.ld"),
    Case("explain", "explain samples/unaligned/boot.lds samples/unaligned/boot.map"),
    Case("explain", "explain samples/unaligned/boot.map --against samples/sound/boot.map"),
    Case("explain", "explain samples/unaligned/boot.lds --log samples/unaligned/ld.stderr"),
    Case("superpages", "superpages samples/unaligned/boot.map"),
    Case("superpages", "superpages --load-address 0x200000 samples/sound/boot.map"),
    Case("superpages", "superpages samples/sound/boot.map samples/unaligned/boot.map"),
    Case("diff", "diff samples/sound/boot.map samples/unaligned/boot.map"),
    Case("diff", "diff samples/firmware/before.map samples/firmware/after.map"),
    Case("memory", "memory samples/firmware/after.map"),
    Case("memory", "memory samples/firmware/before.map samples/firmware/after.map --by section"),
    Case("symbols", "symbols samples/sound/boot.map"),
    Case("symbols", "symbols samples/sound/boot.nm samples/firmware/after.map"),
    Case("parse", "parse samples/boot.lds.S samples/firmware/firmware.ld"),
    Case("parse", "parse Tests/CommandTests/Inputs/every-node.lds"),
  ]

  private func faults(of output: String, _ schema: String) throws -> [String] {
    let schema = try #require(
      JSONSchema(Checkout.bytes("Documentation/schemas/\(schema).json")))
    return schema.faults(of: Array(output.utf8))
  }

  @Test(arguments: cases) func outputIsWhatTheSchemaSays(_ item: Case) throws {
    let run = try ProgramRun.run(item.arguments + ["--format", "json"])
    #expect(try faults(of: run.output, item.schema) == [], "\(run.errors)")
  }

  @Test func trendsAreWhatTheSchemaSays() throws {
    let folder = try TemporaryFolder()
    for sample in ["sound", "unaligned"] {
      _ = try ProgramRun.run([
        "eval", "--history", folder.path("h.json"), "samples/\(sample)/boot.map",
      ])
    }
    let run = try ProgramRun.run(["diff", folder.path("h.json"), "--format", "json"])
    #expect(try faults(of: run.output, "diff") == [], "\(run.errors)")
  }

  @Test func certificatesAreWhatTheSchemaSays() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("proofs.json")
    for linker in ["bfd", "lld"] {
      let run = try ProgramRun.run([
        "lint", "samples/sound/boot.lds", "--linker", linker, "--certificates", file,
      ])
      #expect(run.status == 0, "\(run.errors)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(try faults(of: text, "certificates") == [])
    }
  }

  @Test(.enabled(if: ExternalTool.path("as") != nil, "needs as, to make an object"))
  func layoutsAreWhatTheSchemaSays() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\n.globl t\nt: .skip 16\n.data\n.globl d\nd: .skip 6\n")
    try folder.write(
      "S",
      "SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } _end = .; }\n"
        + "ASSERT(_end <= 0x2000, \"too large\")\n")
    try #require(ProgramRun.shell("as --64 a.s -o a.o", folder: folder.path).status == 0)
    for (schema, line) in [
      ("layout", "layout S a.o"), ("what-if", "what-if S a.o"),
      ("what-if", "what-if S a.o --grow .text=8K"),
    ] {
      let arguments = line.split(separator: " ").map(String.init) + ["--format", "json"]
      let run = try ProgramRun.run(arguments, folder: folder.path)
      #expect(try faults(of: run.output, schema) == [], "\(line): \(run.output)\(run.errors)")
    }
  }

  @Test func everySchemaIsNamed() throws {
    let readme = try String(decoding: Checkout.bytes("README.md"), as: UTF8.self)
    let folder = Checkout.path("Documentation/schemas")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count == 11)
    for name in names {
      #expect(readme.contains("(Documentation/schemas/\(name))"), "README does not name \(name)")
    }
  }

  @Test func unknownKeyIsAFault() throws {
    let document = "{\"tool\": {\"name\": \"lds-check\", \"version\": \"1\", \"more\": 1}}"
    let found = try faults(of: document, "lint")
    #expect(found.contains("/tool: unknown key more"), "\(found)")
    #expect(found.contains(": no proofs"))
  }
}
