// Scripts of a shape that is hard on one part of the program, of any length.

import Testing

/// A shape of script.
struct AdversarialScript: Sendable, CustomTestStringConvertible {
  let name: String
  /// The script with so many statements.
  let text: @Sendable (Int) -> String
  /// Maps and symbol lists that are read with it.
  var images: @Sendable (Int) -> [String] = { _ in [] }
  /// Statements for one of the other shapes: where a line costs little, it takes more of them to see anything.
  var scale = 1

  var testDescription: String { name }

  static func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map(line).joined()
  }

  static func sections(_ count: Int, _ line: (Int) -> String) -> String {
    "SECTIONS {\n" + lines(count, line) + "}\n"
  }

  static func inside(_ count: Int, _ line: (Int) -> String) -> String {
    sections(1) { _ in ".t : {\n" + lines(count, line) + "}\n" }
  }

  /// Every shape.
  static let all: [AdversarialScript] = [
    AdversarialScript(name: "conditions on many symbols") { count in
      lines(count) { "ASSERT(s\($0) < \($0 + 9), \"_s\($0) too large\")\n" }
    },
    AdversarialScript(name: "conditions on one symbol") { count in
      lines(count) { "ASSERT(s < \($0 + 9), \"large\")\n" }
    },
    AdversarialScript(name: "a chain of assignments that double") { count in
      "a0 = 1;\n" + lines(count) { "a\($0 + 1) = a\($0) + a\($0);\n" }
        + "ASSERT(a\(count) == 0, \"a_0\")\n"
    },
    AdversarialScript(name: "one symbol that doubles") { count in
      "b = 1;\n" + lines(count) { _ in "b = b + b;\n" } + "ASSERT(b == 0, \"b\")\n"
    },
    AdversarialScript(name: "a chain of references to later symbols") { count in
      lines(count) { "a\($0) = a\($0 + 1) + 1;\n" } + "ASSERT(a0, \"m\")\n"
    },
    AdversarialScript(name: "late values that travel backwards") { count in
      lines(count) { "a\($0) = 0;\n" } + lines(count) { "a\(count - $0) = a\(count - $0 - 1);\n" }
        + "a0 = late; late = 1;\n"
    },
    AdversarialScript(name: "patterns of files in archives") { count in
      inside(count / 2) { "*libx.a:obj\($0).*(.literal .text .text.*)\n" }
    },
    AdversarialScript(name: "patterns that begin alike and end with a star") { count in
      inside(count) { "*/src/net/lwip/file\($0)*.o(.text.net.\($0)*)\n" }
    },
    AdversarialScript(name: "patterns that begin and end with a star") { count in
      inside(count) { "*(*.tab\($0).*)\n" }
    },
    AdversarialScript(name: "patterns of one file") { count in
      inside(count) { "*lib.a:obj.*(.text.f\($0) .text.f\($0).*)\n" }
    },
    AdversarialScript(name: "a long sum of numbers") { count in
      "x = 1" + lines(count * 4) { _ in " + 1" } + ";\nASSERT(x, \"m\")\n"
    },
    AdversarialScript(name: "a long sum of symbols") { count in
      "x = s" + lines(count) { " + s\($0)" } + ";\nASSERT(x, \"m\")\n"
    },
    // Few regions are looked at in every section, to a limit; with four times as many it is passed.
    AdversarialScript(
      name: "regions",
      text: { count in
        "MEMORY {\n" + lines(count) { "r\($0) (rx) : ORIGIN = \($0 * 4096), LENGTH = 4K\n" } + "}\n"
          + sections(count) { ".s\($0) : { *(.s\($0)) } > r\($0)\n" }
      }, scale: 2),
    AdversarialScript(name: "regions that refer to one another") { count in
      let sum = lines(count) { _ in " + ORIGIN(r)" }
      return "MEMORY { r : ORIGIN = 0\(sum), LENGTH = 4K }\nASSERT(ORIGIN(r) == 0, \"m\")\n"
    },
    AdversarialScript(name: "output sections") { count in
      sections(count) { ".s\($0) : { *(.s\($0)) }\n" }
    },
    AdversarialScript(name: "sections with symbols") { count in
      sections(count) { ".s\($0) : { a\($0) = .; *(.s\($0)) . = ALIGN(16); e\($0) = .; }\n" }
        + lines(count) { "ASSERT(e\($0) - a\($0) < 9, \"s\")\n" }
    },
    AdversarialScript(name: "members of an overlay") { count in
      sections(1) { _ in
        "OVERLAY 0x1000 : {\n" + lines(count) { ".o\($0) { *(.o\($0)) }\n" } + "}\n"
      }
    },
    AdversarialScript(name: "patterns") { count in inside(count) { "*(.s\($0))\n" } },
    AdversarialScript(name: "the same pattern") { count in inside(count) { _ in "*(.text)\n" } },
    AdversarialScript(name: "patterns with wildcards") { count in inside(count) { "*(.*\($0)*)\n" }
    },
    AdversarialScript(name: "moves of the location counter") { count in
      inside(count) { _ in ". = ALIGN(16); . += 4;\n" }
    },
    AdversarialScript(name: "PROVIDE") { count in lines(count) { "PROVIDE(p\($0) = q\($0));\n" } },
    AdversarialScript(name: "suppressions") { count in
      lines(count) { "a\($0) = 1; /* lds-check: disable=assert-message why */\n" }
    },
    AdversarialScript(name: "line markers") { count in
      lines(count) { "# \($0 + 1) \"f\($0).h\"\nx\($0) = 1;\nASSERT(x\($0), \"m\")\n" }
    },
    AdversarialScript(name: "boundaries that nothing aligns") { count in
      inside(count) { "*(.a\($0)) a\($0) = .;\n" }
        + lines(count) { "ASSERT(a\($0) % 16 == 0, \"a\($0)\")\n" }
    },
    AdversarialScript(name: "boundaries at one place") { count in
      inside(count) { "a\($0) = .;\n" } + lines(count) { "ASSERT(a\($0) % 16 == 0, \"a\($0)\")\n" }
    },
    AdversarialScript(
      name: "aligned again and again at one place",
      text: { count in
        sections(1) { _ in
          ".t : { *(.a)\n" + lines(count) { _ in ". = ALIGN(16);\n" }
            + lines(count) { "a\($0) = .;\n" }
            + "}\n"
        }
      }, scale: 2),
    AdversarialScript(
      name: "pairs of symbols around nothing",
      text: { count in
        sections(1) { _ in
          ".t : {\n" + lines(count) { "start_\($0) = .;\n" } + lines(count) { "end_\($0) = .;\n" }
            + "}\n"
        }
      }, scale: 8),
    AdversarialScript(
      name: "shadowed patterns between two symbols",
      text: { count in
        sections(1) { _ in
          ".x : { *(.t*) }\n.y : { a = .;\n" + lines(count) { "*(.t\($0))\n" } + "e = .; }\n"
        }
      }, scale: 4),
    AdversarialScript(
      name: "moves before the image's first byte",
      text: { count in
        sections(1) { _ in
          ". = __image_base__;\n" + lines(count) { "x\($0) = . + 1;\n" }
            + "_start = .;\n.text : { *(.text) }\n__2M_text_end = .; __2M_rodata_start = .;\n"
        }
      }),
    AdversarialScript(name: "faults") { count in lines(count) { _ in "x y;\n" } },
  ]
}
