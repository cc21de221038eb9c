// The preprocessor against the real compiler: same tokens, same blanks between them.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("gcc"), "needs gcc"))
struct CompilerComparisonTests {
  private func gcc(_ text: String, _ language: Preprocessor.Language) throws -> String {
    let folder = try TemporaryFolder()
    try folder.write("script.lds.S", text)
    let name = language == .c ? "c" : "assembler-with-cpp"
    return try ProgramRun.tool(
      "gcc", ["-E", "-P", "-x", name, "script.lds.S"], folder: folder.path
    ).output
  }

  /// Cases between `NEXT_CASE` marks, blanks and line ends as one blank.
  private func cases(_ text: String) -> [String] {
    text.components(separatedBy: "NEXT_CASE").map { Expansion.line($0) }
  }

  private func compare(_ scripts: [String], _ language: Preprocessor.Language) throws {
    let text = scripts.joined(separator: "NEXT_CASE\n")
    let theirs = cases(try gcc(text, language))
    // One run for each: all together would pass the limits.
    let ours = scripts.map { Expansion($0) { $0.language = language }.line }
    #expect(theirs.count == scripts.count)
    for (script, (our, their)) in zip(scripts, zip(ours, theirs)) where our != their {
      Issue.record("\(script)\ngcc: \(their)\nour: \(our)")
    }
  }

  /// Seeds of further nests, separated by blanks.
  static let seeds =
    [1]
    + (ProcessInfo.processInfo.environment["LDS_NEST_SEEDS"] ?? "")
    .split(separator: " ").compactMap { UInt64($0) }

  @Test(arguments: Preprocessor.Language.allCases, seeds)
  func expandsRandomNests(language: Preprocessor.Language, seed: UInt64) throws {
    var nests = MacroNests(seed: seed)
    try compare((0..<Effort.times(400)).map { _ in nests.next() }, language)
  }

  @Test func expandsTheRowsOfTheUnitTests() throws {
    // Those with #pragma, #line or __LINE__ depend on where they stand.
    let rows = MacroExpansionTests.rows.filter { !$0.script.contains("__LINE__") }
    let names = [
      "A", "f", "e", "x", "g", "z", "h", "m", "w", "t", "s", "c", "v", "p", "i", "q", "KB", "D",
    ]
    let undefine = names.map { "#undef \($0)\n" }.joined()
    let theirs = cases(
      try gcc(rows.map { $0.script + "\n" + undefine }.joined(separator: "NEXT_CASE\n"), .assembler)
    )
    #expect(theirs == rows.map(\.expected))
  }

  @Test(arguments: Preprocessor.Language.allCases)
  func separatesAndPastesEveryPairOfTokens(language: Preprocessor.Language) throws {
    let tokens =
      "= ! > < + - * / % & | ^ >> << ~ && || ? : == != >= <= += -= *= /= %= &= |= ^= >>= <<= # ## "
      + "[ ] { } ; ... ++ -- -> . a 1 .5 1.5 1e5 1e+ 'c' \"s\" L'c' @ \\ ` $ L u U8 <: %: :> <% %>"
    let list = tokens.split(separator: " ")
    var script = "#define I(x) x\n"
    for left in list {
      for right in list {
        script += "I(\(left))I(\(right)) \(left)I(\(right)) I(\(left))\(right)\n"
      }
    }
    script += "#undef I\n#define P(x,y) x##y\n"
    for left in list {
      for right in list { script += "P(\(left),\(right))\n" }
    }
    let theirs = try gcc(script, language).split(separator: "\n")
    let ours = Expansion(script) { $0.language = language }.text.split(separator: "\n")
    #expect(ours.count == theirs.count)
    for (our, their) in zip(ours, theirs) where our != their {
      Issue.record("gcc: \(their)\nour: \(our)")
    }
  }

  /// A folder with trees that kbuild has built: every `.lds.cmd` and `.ld.cmd` below it is repeated and
  /// compared.
  static let trees = ProcessInfo.processInfo.environment["LDS_KBUILD_TREES"]

  @Test(.enabled(if: trees != nil, "needs LDS_KBUILD_TREES"))
  func repeatsRecordedCommands() throws {
    let root = try #require(Self.trees)
    let commands = try ProgramRun.shell(
      "find -H '\(root)' -name '.*.lds.cmd' -o -name '.*.ld.cmd' | sort"
    ).output
    var count = 0
    for path in commands.split(separator: "\n").map(String.init) {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let command = try KbuildCommand(bytes, path: FilePath(path))
      let made = command.options.workingDirectory.appending(command.target).display
      guard FileManager.default.fileExists(atPath: made) else { continue }
      let built = try String(contentsOfFile: made, encoding: .utf8)
      for usesTable in [true, false] {
        var options = command.options
        if !usesTable { options.predefined = .compilerOutput(try predefined(command)) }
        #expect(try expand(command, options) == Self.tokens(built), "\(path), table: \(usesTable)")
      }
      count += 1
    }
    #expect(count > 0)
  }

  private func predefined(_ command: KbuildCommand) throws -> [UInt8] {
    let words = [command.compiler.bytes] + command.predefinedQuery
    let line = words.map { "'" + String(decoding: $0, as: UTF8.self) + "'" }.joined(separator: " ")
    return Array(
      try ProgramRun.shell(line, folder: command.options.workingDirectory.display).output.utf8)
  }

  private func expand(_ command: KbuildCommand, _ options: Preprocessor.Options) throws -> String {
    var sources = SourceSet()
    let script = try #require(try DiskSources().open(command.scriptPath))
    let main = sources.add(script)
    let result = Preprocessor.expand(
      main, in: &sources, options: options, provider: DiskSources())
    let buffer = sources.buffer(result.source)
    return Self.tokens(buffer.text(in: 0..<buffer.count))
  }

  /// Text without the comments that -C keeps, blanks as one blank.
  private static func tokens(_ text: String) -> String {
    Expansion.line(text.replacing(/\/\*(?s:.*?)\*\//, with: " "))
  }
}
