// Maps and symbol lists of a shape that is hard on a reader or on a rule over both, of any length.

/// Files that lie beside a script.
enum AdversarialImages {
  private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
    AdversarialScript.lines(count, line)
  }

  private static func hexadecimal(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
  }

  /// A map of GNU ld with these rows.
  private static func map(_ rows: String) -> String {
    """

    Memory Configuration

    Name             Origin             Length             Attributes
    *default*        0x0000000000000000 0xffffffffffffffff

    Linker script and memory map

    \(rows)
    OUTPUT(a.elf elf64-x86-64)

    """
  }

  private static func sections(_ count: Int) -> String {
    map(
      lines(count) {
        let row = "0x\(hexadecimal(4096 + 16 * $0)) 0x10"
        return ".s\($0) \(row)\n .s\($0) \(row) f.o\n"
      })
  }

  /// `count` lines, each of another of these forms; `#` is the line's number.
  private static func mixed(_ count: Int, _ forms: [String]) -> String {
    let parts = forms.map { $0.split(separator: "#", omittingEmptySubsequences: false) }
    return lines(count) { parts[$0 % parts.count].joined(separator: "\($0)") + "\n" }
  }

  /// Lines that fit no form, or fit one nearly.
  private static let unusual = [
    "garbage # here", "  0x#", "\t\t#", "                0x00000000000#", "LOAD f#.o",
    "*fill* 0x# 0x#",
    " *(.text.f#)", "                0x0000000000001000                x# = .", "=#", "(#)", "#:#",
    "\u{1}#", "name_#_____________________________________",
    "                [!provide]                        PROVIDE (x# = .)",
    "                0x0000000000001000                ASSERT ((x# == 0x1), y)",
    "Address of section .t# set to 0x0", "START GROUP", ".x# 0x0000000000001000", " .x#",
    "   1000  1000  # 1",
    "    1000     1000        #     1 .s#", "    1000     1000        #     1         x# = .",
    "    1000     1000        4     1         BYTE(#)",
    "    1000     1000        4     1         = #",
    "    1000     1000        4     1                 sym#",
    "    1000     1000        4     1         <internal>:(.s#)", "  1000  4  1  .s#",
  ]

  private static let lldHead =
    "             VMA              LMA     Size Align Out     In      Symbol\n"
  private static let moldHead = "               VMA       Size Align Out     In      Symbol\n"

  private static func shape(
    _ name: String, scale: Int, script: @escaping @Sendable (Int) -> String = { _ in "" },
    _ images: @escaping @Sendable (Int) -> [String]
  ) -> AdversarialScript {
    AdversarialScript(name: name, text: script, images: images, scale: scale)
  }

  /// Every shape.
  static let all: [AdversarialScript] = [
    shape("unusual lines in a map of GNU ld", scale: 40) { [map(mixed($0, unusual))] },
    shape("unusual lines in a map of gold", scale: 40) { count in
      ["Memory map\n\n" + map(mixed(count, unusual))]
    },
    shape("unusual lines in a map of lld", scale: 40) { [lldHead + mixed($0, unusual)] },
    shape("unusual lines in a map of mold", scale: 40) { [moldHead + mixed($0, unusual)] },
    shape("unusual lines in a symbol list", scale: 100) { count in
      [
        String(repeating: "0000000000001000 T first\n", count: 40)
          + mixed(
            count,
            [
              "0000000000001000 T a#", "                 U b#", "0000000000001000 ? #",
              "0000000000001000 t .L#",
              "f#.o:",
              "",
            ])
      ]
    },
    // In a release build the longer of the two has two million.
    shape("many symbols", scale: 200, script: { _ in "ASSERT(a7 == 112, \"m\")" }) { count in
      [lines(count) { "\(hexadecimal($0 * 16)) T a\($0)\n" }]
    },
    shape("one symbol many times in two lists", scale: 20, script: { _ in "ASSERT(a == 1, \"m\")" })
    {
      count in
      [0, 1].map { list in lines(count) { "\(hexadecimal($0 + list * count)) T a\n" } }
    },
    // Of a megabyte in a debug build.
    shape(
      "long names", scale: 1000,
      script: { count in
        let name = String(repeating: "x", count: count)
        return "\(name) = y;\nSECTIONS { .\(name) : { *(.\(name) *\(name)y) } }\n"
          + "ASSERT(\(name) % 16 == 0, \"\(name)\")\n"
      }
    ) { count in
      let name = String(repeating: "x", count: count)
      return [
        "0000000000001000 T \(name)\n0000000000001008 T y\n",
        map(
          ".\(name)\n                0x0000000000001000 0x10\n .\(name)\n    0x0000000000001000 0x10 f.o\n"
        ),
      ]
    },
    shape(
      "output sections that match nothing", scale: 4,
      script: { count in
        AdversarialScript.sections(count) { ".y\($0) : { *(.n\($0)) }\n" }
      }
    ) { [sections($0)] },
    shape(
      "regions that overflow", scale: 2,
      script: { count in
        "MEMORY {\n" + lines(count) { "r\($0) : ORIGIN = \(4096 + 16 * $0), LENGTH = 8\n" } + "}\n"
          + AdversarialScript.sections(count) { ".s\($0) : { *(.s\($0)) } > r\($0)\n" }
      }
    ) { [sections($0)] },
    shape(
      "symbols that nobody defines", scale: 1,
      script: { lines($0) { "ASSERT(q\($0) == 1, \"q\($0)\")\n" } }
    ) { count in [lines(count) { "\(hexadecimal($0)) T a\($0)\n" }] },
  ]
}
