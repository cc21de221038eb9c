// Every published limit from both sides: input just at it is read, input just above it gets an error that
// names the number.

import Glibc
import LdsParser
import TestSupport
import Testing

@Suite struct LimitTests {
  private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  /// Errors of the preprocessor about a limit.
  private func stops(
    _ text: String, files: [String: String] = [:],
    _ change: (inout Preprocessor.Options) -> Void = { _ in }
  ) -> [String] {
    let expansion = Expansion(text, files: files) { options in
      options.predefined = .none
      change(&options)
    }
    let prefix = "preprocessing stops: "
    return expansion.script.diagnostics.filter { $0.id == "preprocessor-limit" }.map { diagnostic in
      #expect(diagnostic.message.hasPrefix(prefix))
      return String(diagnostic.message.dropFirst(prefix.count))
    }
  }

  private func errors(_ text: String, provider: MemorySources = MemorySources()) -> [String] {
    ScriptParser.parse(SourceBuffer(name: "a.lds", text: text), provider: provider)
      .diagnostics.filter { $0.severity == .error }.map(\.message)
  }

  @Test func nestingOfExpressions() {
    let deep = { (count: Int) in "x = " + repeated("(", count) + "1" + repeated(")", count) + ";" }
    #expect(errors(deep(Limit.nesting - 1)) == [])
    #expect(errors(deep(Limit.nesting + 1)) == ["expression nested deeper than 256"])
    let unary = { (count: Int) in "x = " + repeated("~", count) + "1;" }
    #expect(errors(unary(Limit.nesting - 1)) == [])
    #expect(errors(unary(Limit.nesting + 1)) == ["expression nested deeper than 256"])
  }

  @Test func nestingOfConditions() {
    let deep = { (count: Int) in
      "#if " + repeated("(", count) + "1" + repeated(")", count) + "\nx\n#endif\n"
    }
    #expect(Expansion(deep(Limit.nesting - 2)).messages == [])
    #expect(
      Expansion(deep(Limit.nesting + 1)).messages
        == ["1: error: the condition is nested deeper than 256"])
  }

  @Test func nestingOfMacroCalls() {
    let calls = { (count: Int) in
      "#define f(x) x\n" + repeated("f(", count) + "1" + repeated(")", count)
    }
    #expect(stops(calls(Limit.nesting)) == [])
    #expect(
      stops(calls(Limit.nesting + 1)) == ["macro calls nested in arguments deeper than 256"])
  }

  @Test func depthOfIncludes() {
    let files = { (count: Int) in
      Dictionary(
        uniqueKeysWithValues: (1...count).map { index in
          ("\(index).h", index == count ? "x\n" : "#include \"\(index + 1).h\"\n")
        })
    }
    #expect(stops("#include \"1.h\"\n", files: files(Limit.includeDepth)) == [])
    #expect(
      stops("#include \"1.h\"\n", files: files(Limit.includeDepth + 1))
        == ["#include nested deeper than 64"])
  }

  @Test func depthOfLinkerIncludes() {
    let sources = { (count: Int) in
      MemorySources(
        Dictionary(
          uniqueKeysWithValues: (1...count).map { index in
            ("f\(index).ld", index == count ? "x = 1;" : "INCLUDE f\(index + 1).ld\n")
          }))
    }
    let most = Limit.linkerIncludeDepth
    #expect(errors("INCLUDE f1.ld", provider: sources(most - 1)) == [])
    #expect(
      errors("INCLUDE f1.ld", provider: sources(most + 1))
        == ["INCLUDE nested deeper than 10 files"])
  }

  @Test func macroExpansions() {
    let calls = { (count: Int) in "#define x y\n" + repeated("x\n", count) }
    #expect(stops(calls(500)) { $0.expansionLimit = 500 } == [])
    #expect(stops(calls(501)) { $0.expansionLimit = 500 } == ["more than 500 macro expansions"])
  }

  @Test func expandedTokens() {
    // Each call copies four tokens.
    let calls = { (count: Int) in "#define x a b c d\n" + repeated("x\n", count) }
    let stopped = { (count: Int) in stops(calls(count)) { $0.expandedTokensLimit = 4000 } }
    #expect(stopped(900) == [])
    #expect(stopped(1100) == ["macros expand to more than 4000 tokens"])
  }

  @Test func expandedBytes() {
    let text = { (count: Int) in repeated("0123456789abcde\n", count) }
    let stopped = { (count: Int) in stops(text(count)) { $0.expandedBytesLimit = 1 << 20 } }
    #expect(stopped((1 << 16) - 1) == [])
    #expect(stopped((1 << 16) + 2) == ["more than 1 MiB of expanded text"])
  }

  @Test func pastedBytes() {
    let pastes = { (count: Int) in
      "#define p(a, b) a ## b\n" + repeated("p(abcdefgh, ijklmnop)\n", count)
    }
    let stopped = { (count: Int) in stops(pastes(count)) { $0.pastedBytesLimit = 1 << 14 } }
    #expect(stopped(900) == [])
    #expect(stopped(1100) == ["more than 0 MiB of text made by # and ##"])
  }

  @Test func preprocessedBytesAndFiles() {
    let includes = { (count: Int) in repeated("#include \"a.h\"\n", count) }
    let files = ["a.h": repeated(" ", 1000)]
    let bytes = { (count: Int) in
      stops(includes(count), files: files) { $0.preprocessedBytesLimit = 1 << 20 }
    }
    #expect(bytes(1000) == [])
    #expect(bytes(1050) == ["more than 1 MiB of included text"])
    let entered = { (count: Int) in
      stops(includes(count), files: files) { $0.includedFilesLimit = 100 }
    }
    #expect(entered(98) == [])
    #expect(entered(101) == ["more than 100 files included"])
  }

  @Test func conditionalDepthAndParameters() {
    let conditionals = { (count: Int) in
      repeated("#if 1\n", count) + repeated("#endif\n", count)
    }
    #expect(stops(conditionals(Limit.conditionalDepth)) == [])
    #expect(
      stops(conditionals(Limit.conditionalDepth + 1))
        == ["conditionals nested deeper than \(Limit.conditionalDepth)"])
    let macro = { (count: Int) in
      "#define f(" + (0..<count).map { "p\($0)" }.joined(separator: ", ") + ") 1\n"
    }
    #expect(Expansion(macro(Limit.macroParameters)).messages == [])
    #expect(
      Expansion(macro(Limit.macroParameters + 1)).messages == [
        "1: error: more than 1024 parameters"
      ])
  }

  @Test func limitsOfRunsAreThePublishedOnes() {
    let options = Preprocessor.Options()
    #expect(options.expansionLimit == Limit.macroExpansions)
    #expect(options.expandedTokensLimit == Limit.expandedTokens)
    #expect(options.expandedBytesLimit == Limit.expandedBytes)
    #expect(options.pastedBytesLimit == Limit.pastedBytes)
    #expect(options.preprocessedBytesLimit == Limit.preprocessedBytes)
    #expect(options.includedFilesLimit == Limit.includedFiles)
  }

  @Test func reportedErrors() {
    let faults = { (count: Int) in
      ScriptParser.parse(SourceBuffer(name: "a.lds", text: repeated("x y;\n", count)))
        .diagnostics.map(\.message)
    }
    #expect(faults(Limit.reportedErrors).count == Limit.reportedErrors)
    #expect(faults(Limit.reportedErrors).last?.hasPrefix("found") == true)
    #expect(faults(Limit.reportedErrors + 1).last == "1 more errors are not shown")
  }

  @Test func fileBytes() throws {
    try FileInput.check(size: Limit.fileBytes)
    let error = #expect(throws: ReadError.self) {
      try FileInput.check(size: Limit.fileBytes + 1)
    }
    #expect(error?.message == "is larger than 4294967280 bytes, the limit for one input")
    // Refused by its size, before anything of it is read; the file has holes only.
    let folder = try TemporaryFolder()
    let path = try folder.write("f", "")
    let resized = unsafe truncate(path, Limit.fileBytes + 1)
    try #require(resized == 0)
    for mayMap in [false, true] {
      let refused = #expect(throws: ReadError.self) {
        try FileInput.read(FilePath(path), mayMap: mayMap)
      }
      #expect(refused?.id == "file-too-large")
    }
  }

  @Test func unpackedBytes() throws {
    // One stored block of ten bytes, as RFC 1952 and RFC 1951 have it.
    let packed: [UInt8] =
      [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 10, 0, 0xf5, 0xff] + Array("0123456789".utf8)
      + [0xc6, 0xc7, 0x84, 0xa6, 10, 0, 0, 0]
    let buffer = SourceBuffer(path: FilePath("a.gz"), bytes: packed)
    #expect(try Gzip.unpack(buffer, limit: 10).count == 10)
    let error = #expect(throws: ReadError.self) { try Gzip.unpack(buffer, limit: 9) }
    #expect(error?.message == "unpacks to more than 9 bytes, the limit for its size")
  }

  @Test func unpackedBytesGrowWithThePackedOnes() {
    #expect(Limit.unpackedBytes(of: 0) == 64 << 20)
    #expect(Limit.unpackedBytes(of: 1 << 20) == 128 << 20)
    #expect(Limit.unpackedBytes(of: 1 << 40) == Limit.fileBytes)
  }
}
