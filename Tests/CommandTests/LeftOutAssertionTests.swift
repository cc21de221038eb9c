// ASSERTs that a conditional leaves out on the guess that a missing header does not define its name.

import TestSupport
import Testing

struct LeftOutAssertionTests {
  private static let script = """
    #include <gone.h>
    #define HERE 1
    a = 1;
    #ifdef CONFIG_KEXEC
    /* ASSERT(0, "in a comment") */ // ASSERT(0, "in another")
    ASSERT(a == 1, "ASSERT(0) in a message")
    #define CHECK ASSERT(a, \\
      "ASSERT(0)")
    # ifdef INNER
      ASSERT (a, "nested")
    # endif
    MY_ASSERT(a)
    #elif HERE > 1
    ASSERT(a, "known to be left out")
    #else
    ASSERT(a, "read")
    #endif
    #ifndef CONFIG_SMALL
    ASSERT(a, "read as well")
    #else
    ASSERT(a, "left out by the other branch")
    #endif
    #ifdef HERE
    ASSERT(a, "read, and no guess")
    #else
    ASSERT(a, "left out, and no guess")
    #endif
    #ifdef CONFIG_EMPTY
    b = 2;
    #endif
    b = 2;

    """

  private func lint(_ options: [String] = [], header: String? = nil) throws -> [String] {
    let folder = try TemporaryFolder()
    try folder.write("x.lds.S", Self.script)
    if let header { try folder.write("gone.h", header) }
    let run = try ProgramRun.run(["lint", "x.lds.S"] + options, folder: folder.path)
    #expect(run.status == 0, "\(run)")
    let lines = (run.output + run.errors).split(separator: "\n").map(String.init)
    return lines.indices.filter { lines[$0].contains("[left-out-assert]") }.map {
      lines[$0] + lines[$0 + 1]
    }
  }

  @Test func eachConditionSaysItOnce() throws {
    let found = try lint()
    #expect(found.count == 2, "\(found)")
    let places = [("CONFIG_KEXEC", "x.lds.S:4:1"), ("CONFIG_SMALL", "x.lds.S:18:1")]
    for (text, (name, place)) in zip(found, places) {
      #expect(text.contains("'\(name)'") && text.hasSuffix(place), "\(text)")
    }
    #expect(found.first?.contains(": 3 ASSERTs are left out") == true, "\(found)")
    #expect(found.last?.contains(": 1 ASSERT is left out") == true, "\(found)")
  }

  @Test func whatDecidesTheNameSilencesIt() throws {
    #expect(try lint(["-UCONFIG_KEXEC", "-UCONFIG_SMALL"]).isEmpty)
    #expect(try lint(["-UCONFIG_KEXEC"]).count == 1)
    #expect(try lint(["-I", "."], header: "#define NOTHING\n").isEmpty)
  }

  @Test func verdictsSayItToo() throws {
    let folder = try TemporaryFolder()
    try folder.write("x.lds.S", Self.script)
    try folder.write("x.nm", "0000000000000001 A a\n0000000000000002 A b\n")
    for command in ["eval", "explain"] {
      let run = try ProgramRun.run([command, "x.lds.S", "x.nm"], folder: folder.path)
      #expect(run.errors.contains("3 ASSERTs are left out here and not checked"), "\(run)")
    }
  }
}
