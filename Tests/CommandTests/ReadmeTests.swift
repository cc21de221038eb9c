// The commands of README.md do what it says: those on the samples print what it shows, and the others are
// commands and options that there are.

import Foundation
import TestSupport
import Testing

@Suite struct ReadmeTests {
  /// A fenced block: its language, its lines, and the prose up to the next block.
  private struct Block {
    var language: String
    var lines: [String] = []
    var prose = ""
  }

  private static func blocks() throws -> [Block] {
    var blocks: [Block] = []
    var isInside = false
    for line in try Checkout.text("README.md").components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        if !isInside { blocks.append(Block(language: String(line.dropFirst(3)))) }
        isInside.toggle()
      } else if !blocks.isEmpty {
        if isInside {
          blocks[blocks.count - 1].lines.append(line)
        } else {
          blocks[blocks.count - 1].prose += line + "\n"
        }
      }
    }
    return blocks
  }

  /// The arguments of the program in a line of shell; nil if it runs something else.
  private static func arguments(_ line: String) -> [String]? {
    let command = line.prefix { $0 != "#" }.replacing(/^swift run (-c release )?/, with: "")
    let words = command.split(separator: " ").map(String.init)
    return words.first == "lds-check" ? Array(words.dropFirst()) : nil
  }

  /// Whether `shown` are the lines of `output`, with any number of them at each `...`.
  static func shows(_ shown: ArraySlice<String>, _ output: ArraySlice<String>) -> Bool {
    guard let first = shown.first else { return output.isEmpty }
    if first == "..." || first == "…" {
      return output.indices.contains { shows(shown.dropFirst(), output[$0...]) }
        || shown.count == 1
    }
    return first == output.first && shows(shown.dropFirst(), output.dropFirst())
  }

  @Test func samplesPrintWhatIsShown() throws {
    var count = 0
    let blocks = try Self.blocks()
    for (block, next) in zip(blocks, blocks.dropFirst()) where block.language == "sh" {
      for arguments in block.lines.compactMap(Self.arguments)
      where arguments.contains(where: { $0.contains("samples/") }) {
        count += 1
        let run = try ProgramRun.run(arguments)
        let status = block.prose.firstMatch(of: /exits with (\d+)/).flatMap { Int($0.1) }
        #expect(run.status == status ?? 0)
        guard next.language.isEmpty else { continue }
        let output = run.output.split(separator: "\n").map(String.init)
        #expect(Self.shows(next.lines[...], output[...]), "\(run.output)")
      }
    }
    #expect(count > 0)
  }

  @Test func pictureIsThatOfTheSample() throws {
    let run = try ProgramRun.run(["superpages", "--format", "svg", "samples/unaligned/boot.map"])
    #expect(try run.output == Checkout.text("Documentation/superpages.svg"))
  }

  /// Every command line, on files that are not there: nothing but that may be wrong with it.
  @Test func everyCommandLineIsUnderstood() throws {
    let folder = try TemporaryFolder()
    let lines = try Self.blocks().filter { $0.language == "sh" }.flatMap(\.lines)
    let commands = lines.compactMap(Self.arguments)
    #expect(commands.count > 10)
    for arguments in commands {
      let run = try ProgramRun.run(arguments, folder: folder.path)
      let isUnderstood = run.status == 0 || run.errors.contains("[missing-file]")
      #expect(isUnderstood, "\(arguments): \(run.errors)")
    }
  }

  /// Every long option in the prose is one of some command's.
  @Test func everyOptionOfTheProseExists() throws {
    let text = try Checkout.text("README.md")
    let names = ["eval", "explain", "lint", "superpages", "diff", "rules", "symbols", "parse"]
    let help = try ([[]] + names.map { [$0] }).map {
      try ProgramRun.run($0 + ["--help"]).output
    }.joined()
    // One is an option of ld.
    for match in text.matches(of: /`(--[a-z-]+)[^`]*`/) where match.1 != "--noinhibit-exec" {
      #expect(help.contains(match.1), "\(match.1)")
    }
  }

  @Test(arguments: [
    (["a", "...", "d"], ["a", "b", "c", "d"], true), (["a", "...", "d"], ["a", "d"], true),
    (["a", "...", "d"], ["a", "b"], false), (["a"], ["a", "b"], false), (["a", "b"], ["a"], false),
    (["a", "…"], ["a", "b"], true), (["..."], [], true),
  ])
  func elisionsStandForAnyLines(_ shown: [String], _ output: [String], _ isShown: Bool) {
    #expect(Self.shows(shown[...], output[...]) == isShown)
  }
}
