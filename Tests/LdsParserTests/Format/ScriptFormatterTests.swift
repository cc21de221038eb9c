// Formatting keeps every token and comment, means the same to the linker's parser, and is done after one run.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct ScriptFormatterTests {
  private func format(
    _ text: String, isPreprocessed: Bool = false, style: ScriptFormatter.Style = .init()
  ) throws -> String {
    let result = run(Array(text.utf8), isPreprocessed: isPreprocessed, style: style)
    #expect(result.fault == nil, "\(result.fault?.message ?? "")")
    return String(decoding: result.bytes, as: UTF8.self)
  }

  private func run(
    _ bytes: [UInt8], isPreprocessed: Bool = false, style: ScriptFormatter.Style = .init()
  ) -> ScriptFormatter.Result {
    var sources = SourceSet()
    let source = sources.add(SourceBuffer(path: FilePath("a.lds"), bytes: bytes))
    return ScriptFormatter.format(
      source, in: sources, isPreprocessed: isPreprocessed, style: style)
  }

  /// What has to hold of any script that can be read.
  private func expectSound(_ bytes: [UInt8], isPreprocessed: Bool = false) {
    let result = run(bytes, isPreprocessed: isPreprocessed)
    let name = String(decoding: bytes.prefix(400), as: UTF8.self)
    if let fault = result.fault {
      let start = fault.span.map { Int($0.start) } ?? 0
      let around = bytes[max(0, start - 60)..<min(bytes.count, start + 60)]
      Issue.record("\(fault.message): \(String(decoding: around, as: UTF8.self))")
      return
    }
    let again = run(result.bytes, isPreprocessed: isPreprocessed)
    #expect(again.fault == nil && again.bytes == result.bytes, "not stable: \(name)")
    #expect(comments(result.bytes) == comments(bytes), "\(name)")
    #expect(result.bytes.filter { $0 > 0x20 } == bytes.filter { $0 > 0x20 }, "\(name)")
    if isPreprocessed { return }
    let old = ScriptParser.parse(SourceBuffer(path: FilePath("a"), bytes: bytes))
    let new = ScriptParser.parse(SourceBuffer(path: FilePath("a"), bytes: result.bytes))
    #expect(old.isRefused == new.isRefused, "\(name)")
    #expect(ScriptWriter.bytes(of: old) == ScriptWriter.bytes(of: new), "\(name)")
  }

  /// The words of the comments, found without the formatter's scanner.
  private func comments(_ bytes: [UInt8]) -> [[String]] {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.components(separatedBy: "/*").dropFirst().map {
      ($0.components(separatedBy: "*/").first ?? "").split(whereSeparator: \.isWhitespace)
        .map(String.init)
    }
  }

  // MARK: - The style

  @Test func blocksAreIndentedAndStatementsStandAlone() throws {
    let text = """
      SECTIONS {
      . = 1M ;   start = . ;
      .text :
        { *(.text) *(.text.*) }
      .data ALIGN( 16 ) : { KEEP (*(.data)) } >RAM AT>ROM
         }
      ENTRY(a) ASSERT( start<=1M,"low" )
      """
    #expect(
      try format(text) == """
        SECTIONS
        {
          . = 1M;
          start = .;
          .text : {
            *(.text)
            *(.text.*)
          }
          .data ALIGN(16) : { KEEP(*(.data)) } >RAM AT>ROM
        }
        ENTRY(a)
        ASSERT(start <= 1M, "low")

        """)
  }

  @Test func directivesStayWhereTheyAre() throws {
    let text = """
      #define SECTION(x) \\
          x : { *(x) }
      SECTIONS
      {
      	.a : {
      # ifdef A
      	*(.a)
       #else
      *(.b)  /* b */
      #endif
      	}
      }
      """
    #expect(
      try format(text, isPreprocessed: true) == """
        #define SECTION(x) \\
            x : { *(x) }
        SECTIONS
        {
        	.a : {
        # ifdef A
        		*(.a)
         #else
        		*(.b) /* b */
        #endif
        	}
        }

        """)
  }

  @Test func bracesMayOpenInBranches() throws {
    let text = """
      SECTIONS
      {
      #ifdef A
      .a : {
      #else
      .b : {
      #endif
      *(.x)
      }
      }
      """
    let expected = """
      SECTIONS
      {
      #ifdef A
        .a : {
      #else
        .b : {
      #endif
          *(.x)
        }
      }

      """
    #expect(try format(text, isPreprocessed: true) == expected)
  }

  @Test func whatTheAuthorAlignedStaysAligned() throws {
    let text = """
      MEMORY
      {
        FLASH (rx)  : ORIGIN = 0, LENGTH = 1M
        RAM (rwx) : ORIGIN = 1M, LENGTH = 64K
      }
      a    = 1;   /* one */
      long = 2; /* two */
      b = 3;

      c = 4;
      """
    #expect(
      try format(text) == """
        MEMORY
        {
          FLASH (rx) : ORIGIN = 0, LENGTH = 1M
          RAM (rwx)  : ORIGIN = 1M, LENGTH = 64K
        }
        a    = 1; /* one */
        long = 2; /* two */
        b    = 3;

        c = 4;

        """)
  }

  @Test func tablesOfAssertionsStayTables() throws {
    let text = """
      ASSERT(IS_ALIGNED(start,    PAGE),   "start")
      ASSERT(IS_ALIGNED(text_end, SECTION), "text")
      ASSERT(  IS_ALIGNED(x,      8),  "x")

      ASSERT(a == b,  "alone")
      ASSERT(c, "c", 1,  2)

      """
    #expect(
      try format(text, isPreprocessed: true) == """
        ASSERT(IS_ALIGNED(start,    PAGE),    "start")
        ASSERT(IS_ALIGNED(text_end, SECTION), "text")
        ASSERT(IS_ALIGNED(x,        8),       "x")

        ASSERT(a == b, "alone")
        ASSERT(c, "c", 1, 2)

        """)
    // Arguments that nobody aligned have one blank, and an '=' is no ':'.
    #expect(
      try format("SECTIONS {\n  . = 1;\n  .text\t\t: { *(.text) }\n  ASSERT(a,b)\n}\n") == """
        SECTIONS
        {
          . = 1;
          .text : { *(.text) }
          ASSERT(a, b)
        }

        """)
  }

  @Test func backslashesStayAtTheEndsOfLines() throws {
    let text = """
      SECTIONS
      {
        .init : AT(1) { \\
              a = .;     \\
          INIT_TEXT   \\
          b = .; \\
        }
      }
      #ifdef X
      #endif

      """
    #expect(
      try format(text, isPreprocessed: true) == """
        SECTIONS
        {
          .init : AT(1) { \\
            a = .; \\
            INIT_TEXT \\
            b = .; \\
          }
        }
        #ifdef X
        #endif

        """)
  }

  @Test func longAssertionsAreBroken() throws {
    let text =
      "ASSERT(first_symbol_with_a_name <= second_symbol_with_a_name, \"the first symbol lies behind the second one\")"
    #expect(
      try format(text) == """
        ASSERT(first_symbol_with_a_name <= second_symbol_with_a_name,
               "the first symbol lies behind the second one")

        """)
    let wide = try format(
      "ASSERT(aaaaaaaaaa == 1||bbbbbbbbbb == 2||cccccccccc==3, \"m\")",
      style: .init(width: 40))
    #expect(
      wide == """
        ASSERT(aaaaaaaaaa == 1 ||
               bbbbbbbbbb == 2 ||
               cccccccccc == 3,
               "m")

        """)
  }

  @Test func namesWithOperatorsInThemStayWhole() throws {
    let text =
      "SECTIONS { .a-b : { *(.x-y) }\nc = ADDR(.a-b) -SIZEOF(.a-b)+-1; d = F(a-b) ; }\n"
    let formatted = try format(text, isPreprocessed: true)
    #expect(formatted.contains(".a-b : {"))
    #expect(formatted.contains("c = ADDR(.a-b) - SIZEOF(.a-b) + -1;"))
    #expect(formatted.contains("d = F(a-b);"))
  }

  @Test func commentsMoveAsAWhole() throws {
    let text = """
      SECTIONS
      {
          .text : {
      /*
       * stars
       *   further in
       */
                *(.text) /* long
                            way */
      /* two
         lines */
      # a comment of ld
          }
      }
      """
    #expect(
      try format(text) == """
        SECTIONS
        {
            .text : {
                /*
                 * stars
                 *   further in
                 */
                *(.text) /* long
                            way */
                /* two
                   lines */
        # a comment of ld
            }
        }

        """)
  }

  @Test func lineEndsOfDOSStay() throws {
    let formatted = try format("SECTIONS {\r\n.a : { *(.a) }\r\n/* x\r\n y */\r\n}\r\n")
    #expect(
      formatted == "SECTIONS\r\n{\r\n  .a : { *(.a) }\r\n  /* x\r\n   y */\r\n}\r\n")
  }

  // MARK: - What cannot be read

  @Test(arguments: [
    ("SECTIONS { ↓} }", false), ("SECTIONS ↓{ .a : { *(.a) }", false), ("a = ↓(1;", false),
    ("a = 1; ↓/* never", false), ("ASSERT(1, ↓\"never)", false), ("a = 1 ↓);", false),
    ("KEEP(*(.a) ↓}", false),
  ])
  func faultsHaveAPlaceAndChangeNothing(_ marked: String, _ isPreprocessed: Bool) throws {
    var text = MarkedText(marked)
    if marked == "SECTIONS { ↓} }" { text = MarkedText("SECTIONS { } ↓}") }
    let result = run(Array(text.text.utf8), isPreprocessed: isPreprocessed)
    #expect(result.bytes == Array(text.text.utf8))
    #expect(result.fault.flatMap(\.span).map { Int($0.start) } == text.offsets.first)
  }

  @Test func deepNestingIsFlat() {
    let text = String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000)
    #expect(run(Array(("a = " + text + ";").utf8)).fault == nil)
  }

  // MARK: - Many scripts

  @Test(.enabled(if: LinkerReading.isMeasured))
  func defaultScriptsOfTheLinker() throws {
    let scripts = try LinkerReading.defaultScripts()
    #expect(scripts.count > 5)
    for script in scripts { expectSound(script) }
  }

  @Test func samples() throws {
    let folder = Checkout.path("samples")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    let scripts = names.filter { $0.hasSuffix(".lds") || $0.hasSuffix(".lds.S") }
    #expect(!scripts.isEmpty)
    for name in scripts {
      let bytes = FileManager.default.contents(atPath: folder + "/" + name).map { [UInt8]($0) }
      expectSound(bytes ?? [], isPreprocessed: name.hasSuffix(".S"))
    }
    let nodes = FileManager.default.contents(
      atPath: Checkout.path("Tests/CommandTests/Inputs/every-node.lds"))
    expectSound(nodes.map { [UInt8]($0) } ?? [])
  }

  /// Random scripts, with blanks, line ends and comments strewn between the tokens.
  @Test(arguments: 0..<40)
  func randomScripts(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    for style in ScriptGenerator.Style.allCases {
      var generator = ScriptGenerator(seed: UInt64(seed) &* 7 &+ 1, style: style)
      let text = generator.script().text
      var bent: [UInt8] = []
      var isString = false
      for byte in text.utf8 {
        if byte == UInt8(ascii: "\"") { isString.toggle() }
        let isBlank = byte == 0x20 || byte == 0x0A
        guard isBlank, !isString else {
          bent.append(byte)
          continue
        }
        switch random.below(9) {
        case 0: bent += Array("\n\n\n\t".utf8)
        case 1: bent += Array(" /* a comment */ ".utf8)
        case 2: bent += Array("\n  /* one\n of two lines */\n".utf8)
        case 3: bent += Array("\t ".utf8)
        case 4: bent.append(0x0A)
        default: bent.append(byte)
        }
      }
      expectSound(bent)
    }
  }
}
