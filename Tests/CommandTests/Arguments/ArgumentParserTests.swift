// The forms in which options may be written, and the sentence for each wrong one.

import LdsParser
import Testing

@testable import lds_check

struct ArgumentParserTests {
  private func parse(_ words: String...) throws(UsageError) -> ParsedArguments {
    try ArgumentParser.parse(
      words.map { Array($0.utf8) },
      options: OptionSpec.inputs + OptionSpec.preprocessing
        + [.linker, .format.limited(to: ["text", "json"]), .assert] + OptionSpec.common,
      command: "eval")
  }

  private func message(_ words: String...) -> String? {
    do {
      _ = try ArgumentParser.parse(
        words.map { Array($0.utf8) },
        options: OptionSpec.preprocessing
          + [.linker, .format.limited(to: ["text", "json"]), .assert] + OptionSpec.common,
        command: "eval")
      return nil
    } catch {
      return error.message
    }
  }

  private func text(_ values: [[UInt8]]) -> [String] {
    values.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func compilerOptionsAreJoinedOrApart() throws {
    let parsed = try parse("-Ia", "-I", "b", "-DN", "-DM=1", "-D", "K=-2", "-UX", "-I", "-odd")
    #expect(text(parsed.all(.includeDirectory)) == ["a", "b", "-odd"])
    #expect(text(parsed.all(.define)) == ["N", "M=1", "K=-2"])
    #expect(text(parsed.all(.undefine)) == ["X"])
  }

  @Test func compilerWords() throws {
    let parsed = try parse(
      "-include", "a.h", "-includeb.h", "-isystem", "s", "-isystem/t", "-nostdinc")
    #expect(text(parsed.all(.includeFile)) == ["a.h", "b.h"])
    #expect(text(parsed.all(.systemDirectory)) == ["s", "/t"])
    #expect(parsed.has(.noStandardIncludes))
  }

  @Test func definesAndUndefinesKeepTheirOrder() throws {
    let parsed = try parse("-DA", "-UA", "-DA=2")
    #expect(parsed.occurrences.map(\.id) == [.define, .undefine, .define])
  }

  @Test func longOptionsTakeTheirValueEitherWay() throws {
    #expect(try parse("--format=json").value(.format) == "json")
    #expect(try parse("--format", "json").value(.format) == "json")
    #expect(try parse("--assert=-1 < 0").value(.assert) == "-1 < 0")
    #expect(try parse("--assert=").value(.assert) == "")
  }

  @Test func lastOfAScalarWins() throws {
    #expect(try parse("--format=json", "--format=text").value(.format) == "text")
  }

  @Test func shortFlagsCombineAndAValueComesLast() throws {
    let parsed = try parse("-qo", "out", "-hoelse")
    #expect(parsed.has(.quiet) && parsed.has(.help))
    #expect(text(parsed.all(.output)) == ["out", "else"])
  }

  @Test func colourWithoutAValueMeansAlways() throws {
    #expect(try parse("--color", "never").value(.color) == "always")
    #expect(try parse("--color=never").value(.color) == "never")
  }

  @Test func operandsAndOptionsMix() throws {
    let parsed = try parse("a", "-q", "-", "--script", "s", "--", "-q", "--", "b")
    #expect(parsed.operands.map(\.display) == ["a", "-", "-q", "--", "b"])
    #expect(parsed.inputs.map(\.path.display) == ["a", "-", "s", "-q", "--", "b"])
    #expect(parsed.inputs[1].isStandardInput && !parsed.inputs[0].isStandardInput)
  }

  @Test func standardInputMayBeAValue() throws {
    #expect(try parse("--script", "-").inputs.first?.isStandardInput == true)
  }

  @Test func bytesStayAsTheyAre() throws {
    let name: [UInt8] = [0x62, 0xFF, 0x2E, 0x6C]
    let parsed = try ArgumentParser.parse([name], options: [], command: "eval")
    #expect(parsed.operands.first?.bytes == name)
  }

  @Test func wrongUsageIsNamed() {
    #expect(message("--formt", "x") == "unknown option '--formt'; did you mean '--format'?")
    #expect(message("--form=json") == "unknown option '--form'; did you mean '--format'?")
    #expect(message("-format") == "unknown option '-format'; did you mean '--format'?")
    #expect(message("--zzzzzzzz") == "unknown option '--zzzzzzzz'")
    #expect(message("-k") == "unknown option '-k'")
    #expect(message("-qk") == "unknown option '-k'")
    #expect(message("--strict") == "'eval' has no use for '--strict'")
    #expect(message("--format") == "'--format' needs a value: --format FORMAT")
    #expect(message("-o") == "'-o' needs a value: -o FILE")
    #expect(message("-I") == "'-I' needs a value: -I DIR")
    #expect(message("--quiet=1") == "'--quiet' takes no value, but '1' was given")
    #expect(
      message("--assert", "-1") == "'--assert' needs a value; write --assert=-1 if '-1' is meant")
    #expect(
      message("--format=jsn")
        == "'--format' is one of text, json, not 'jsn'; did you mean 'json'?")
    #expect(message("--format", "yaml") == "'--format' is one of text, json, not 'yaml'")
    #expect(message("--color=") == "'--color' is one of auto, always, never, not ''")
  }

  @Test func optionsBeforeTheCommandEndAtTheCommand() throws {
    let words = ["-q", "--color=never", "eval", "-q"].map { Array($0.utf8) }
    let (leading, rest) = try ArgumentParser.parseLeading(words, options: OptionSpec.beforeCommand)
    #expect(leading.has(.quiet) && leading.value(.color) == "never")
    #expect(rest.map { String(decoding: $0, as: UTF8.self) } == ["eval", "-q"])
  }
}
