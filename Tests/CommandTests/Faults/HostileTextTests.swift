// Names and messages that would steer a terminal, a CI's log reader or a browser. They reach every command in
// every format, from scripts, maps, listings and the names of files.

import Foundation
import FoundationXML
import LdsParser
import TestSupport
import Testing

struct HostileTextTests {
  /// Escape sequences as bytes and as UTF-8, a bell, text that runs backwards or is not seen, markup, a
  /// workflow command of GitHub, older ones, and a byte that is not UTF-8.
  private static let evil: [[UInt8]] = [
    Array("\u{1B}[31m".utf8), Array("\u{9B}31m".utf8), [0x9B], Array("\u{7}\u{8}\u{7F}".utf8),
    Array("\u{202E}\u{2066}\u{200B}\u{FEFF}\u{E0041}".utf8),
    Array("]]><script>alert(1)</script>".utf8),
    Array("'onload=%0A::error::pwned".utf8), [0xFF, 0xC0, 0xED, 0xA0, 0x80], Array("\r".utf8),
    Array("##[error]pwned##vso[task]".utf8),
  ]

  /// The path of a file in it is as bad as what the file says.
  private static let stem: [UInt8] =
    Array("e\u{1B}[31m\u{9B}\u{202E}<script>&'%:,".utf8) + [0xFF] + Array("\n::error::pwned".utf8)

  private static let folder: FaultFolder? = {
    guard let folder = try? FaultFolder() else { return nil }
    let names = evil.enumerated().map { Array("n\($0.offset)".utf8) + $0.element }
    _ = try? folder.folder.write("script", script(names))
    _ = try? folder.folder.write("map", map(names))
    _ = try? folder.folder.write("nm", listing(names))
    let octal = stem.map { String(format: "\\%03o", $0) }.joined()
    _ = try? folder.shell(
      "x=$(printf '\(octal)x'); for f in script map nm; do mv $f \"./${x%x}.$f\"; done")
    return folder
  }()

  private static func script(_ names: [[UInt8]]) -> [UInt8] {
    var text = Array("SECTIONS {\n . = 0x1000;\n .text : { *(.text) }\n".utf8)
    for (index, name) in names.enumerated() {
      let quoted = [0x22] + name.filter { $0 != 0x22 } + [0x22]
      text += [0x20] + quoted + Array(" = . + \(index);\n ASSERT(".utf8) + quoted
      text += Array(" == 1, \"m".utf8) + name + Array("\n::error file=x::pwned\")\n".utf8)
      text += Array(" ASSERT(undefined_\(index) == 1, ".utf8) + quoted + Array(")\n".utf8)
    }
    return text + Array("}\n".utf8)
  }

  private static func map(_ names: [[UInt8]]) -> [UInt8] {
    var text = Array(
      """

      Memory Configuration

      Name             Origin             Length             Attributes
      *default*        0x0000000000000000 0xffffffffffffffff

      Linker script and memory map


      .text           0x0000000000001000     0x1000

      """.utf8)
    for (index, name) in names.enumerated() {
      let value = Array("                0x000000000000100\(index)                ".utf8)
      text += value + name + Array("\n".utf8)
      text += value + name + Array(" = .\n".utf8)
      text += Array("                0x0000000000000000                ASSERT (0x0, ".utf8) + name
      text += Array(")\n .text.".utf8) + name + Array(" 0x000000000000100\(index) 0x1 a".utf8)
      text += name + Array(".o\n".utf8)
    }
    return text
  }

  private static func listing(_ names: [[UInt8]]) -> [UInt8] {
    names.enumerated().flatMap { Array("000000000000100\($0) T ".utf8) + $1 + [0x0A] }
  }

  private static let plain = [
    "eval S N", "eval M", "lint S", "lint S M", "explain S N", "explain M", "superpages M",
    "symbols M",
    "symbols N", "diff M N", "parse S", "superpages M --format svg", "superpages M --format html",
    "explain S N --format json", "superpages M --format json", "symbols M --format json",
    "symbols N --format json", "diff M N --format json", "eval S N -D\"$E\" -o \"none/$E\"",
    "eval \"$E\"",
    "parse --where \"$E\":1 S", "--\"$E\"", "\"$E\"", "eval --format=\"$E\" S",
    "lint -I \"$E\" --profile \"$E\" S",
    "lint --config S S", "lint --baseline S S", "explain --log N S", "explain --assert \"$E\" S N",
    "superpages --load-address \"$E\" M", "completion \"$E\"", "rules \"$E\"",
    "lint --variant \"$E=-D$E\" S",
    "symbols S", "parse M", "eval S N --headroom", "lint --diff S --format \"$E\"",
  ]

  private static let reports = ["eval S N", "eval M", "lint S", "lint S M"].flatMap { words in
    ["text", "json", "sarif", "gitlab", "github", "junit"].map { words + " --format " + $0 }
  }

  private func run(_ words: String) throws -> (output: [UInt8], errors: [UInt8], status: Int) {
    let folder = try #require(Self.folder)
    let scratch = UUID().uuidString
    let line = words.replacing(/\bS\b/) { _ in "./e*.script" }.replacing(/\bM\b/) { _ in "./e*.map"
    }
    .replacing(/\bN\b/) { _ in "./e*.nm" }
    let run = try folder.shell(
      "E=$(printf 'x\\033[31m\\302\\2331m\\342\\200\\256\\377\\n::error::pwned')\n"
        + "\"$LDS_CHECK\" \(line) >out.\(scratch) 2>err.\(scratch)")
    let output = try folder.folder.buffer("out.\(scratch)")
    let errors = try folder.folder.buffer("err.\(scratch)")
    return (
      output.bytes(in: 0..<output.count), errors.bytes(in: 0..<errors.count), run.status
    )
  }

  /// Nothing but text that is shown as it is; no line that a CI takes for a command.
  private func expectHarmless(_ bytes: [UInt8], _ words: String, github: Bool = false) {
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(Array(text.utf8) == bytes, "\(words): not UTF-8")
    for scalar in text.unicodeScalars where scalar != "\n" {
      let isBad = [.control, .format, .lineSeparator, .paragraphSeparator]
        .contains(scalar.properties.generalCategory)
      if isBad {
        Issue.record("\(words): U+\(String(scalar.value, radix: 16))")
        break
      }
    }
    for line in text.split(separator: "\n") {
      let start = line.drop { $0 == " " }
      #expect(
        !start.hasPrefix("::error::") && !start.hasPrefix("::error file=x"), "\(words): \(line)")
      #expect(github || !start.hasPrefix("::"), "\(words): \(line)")
      // In an annotation the runner has found its command already.
      let isObeyed = line.contains("##[") || line.contains("##vso[")
      #expect(github || !isObeyed, "\(words): \(line)")
    }
  }

  @Test(arguments: plain + reports) func nothingSteersTheReader(_ words: String) throws {
    let (output, errors, status) = try run(words)
    #expect((0...2).contains(status), "\(words)")
    expectHarmless(output, words, github: words.hasSuffix("github"))
    expectHarmless(errors, words)
    let format = words.split(separator: " ").last.map(String.init) ?? ""
    if output.isEmpty { return }
    switch format {
    case "json", "sarif", "gitlab":
      #expect((try? JSONSerialization.jsonObject(with: Data(output))) != nil, "\(words)")
      if format == "sarif" { expectEncodedURIs(output, areSome: words.hasPrefix("eval")) }
    case "junit", "svg", "html":
      let parser = XMLParser(data: Data(output))
      #expect(parser.parse(), "\(words): \(String(describing: parser.parserError))")
      #expect(!String(decoding: output, as: UTF8.self).contains("<script>"))
    default: break
    }
  }

  private func expectEncodedURIs(_ bytes: [UInt8], areSome: Bool) {
    let text = String(decoding: bytes, as: UTF8.self)
    let uris = text.matches(of: /"uri": "([^"]*)"/).map { String($0.output.1) }
    let isEncoded = uris.allSatisfy { uri in
      uri.wholeMatch(of: /(file:\/\/)?([A-Za-z0-9._~\/-]|%[0-9A-F]{2})+/) != nil
    }
    #expect(isEncoded, "\(uris)")
    if !areSome { return }
    #expect(
      uris.contains {
        $0.contains("e%1B%5B31m%C2%9B%E2%80%AE%3Cscript%3E") && $0.contains("%FF%0A")
      })
  }

  /// Text of a script goes to files as it is, and to terminals made harmless.
  @Test(
    .enabled(if: ExternalTool.has("script"), "needs script(1)"),
    arguments: ["--expand", "--format script"])
  func scriptsOnATerminal(_ words: String) throws {
    let folder = try FaultFolder()
    try folder.folder.write("a.lds", "\"a\u{1B}[31m\u{202E}\" = 1;\n")
    let piped = try folder.check("parse \(words) a.lds")
    #expect(piped.output.contains("\"a\u{1B}[31m\u{202E}\" = "))
    let shown = try folder.shell(
      "script -qec '\"$LDS_CHECK\" parse \(words) a.lds' /dev/null </dev/null")
    #expect(shown.output.contains("\"a<1b>[31m<U+202E>\" = "), "\(shown.output)")
    #expect(!shown.output.contains("\u{1B}[31m"))
  }
}
