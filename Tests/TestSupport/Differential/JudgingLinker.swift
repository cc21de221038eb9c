// Runs a real linker over a random script and reads from its messages which ASSERTs failed.

import Foundation
public import LdsParser

/// A linker that judges scripts.
public struct JudgingLinker: Sendable {
  /// What came of a link.
  public enum Outcome: Sendable, Hashable {
    /// It went through; these ASSERTs failed.
    case linked(failed: Set<String>)
    /// The linker gave up on an expression, with this message.
    case stopped(String)
    /// The script cannot be linked, for a reason that has nothing to do with ASSERTs.
    case refused(String)
  }

  /// The program.
  public let program: LinkerProgram
  /// What it links for.
  public let target: LinkTarget
  private let arguments: [String]

  /// Whose rules it follows.
  public var dialect: LinkerDialect { program.dialect }
  /// Where the program lies.
  public var path: String { program.path }
  /// Its release.
  public var version: LinkerVersion { program.version }

  /// The installed linker of a dialect for a target; nil if it or the target's assembler is not installed.
  public init?(_ dialect: LinkerDialect.Family, _ target: LinkTarget = .x86_64) {
    self.init(.installed(dialect), target)
  }

  /// The linker that is asked for; nil if it or the target's assembler is not installed.
  public init?(_ choice: LinkerChoice, _ target: LinkTarget = .x86_64) {
    guard target.hasTools, let program = choice.program(for: target),
      let emulation = target.emulation(program.dialect)
    else { return nil }
    self.program = program
    self.target = target
    var arguments = ["-m", emulation, "--noinhibit-exec"]
    if target != .pe { arguments += ["-z", "noexecstack"] }
    switch program.family {
    case .bfd:
      arguments.append("--no-check-sections")
      if program.version >= LinkerVersion(2, 39) { arguments.append("--no-warn-rwx-segments") }
    case .lld, .mold: arguments.append("--error-limit=0")
    }
    self.arguments = arguments
  }

  /// The installed linker, if it is of the release that the facts were measured on.
  public static func measured(
    _ dialect: LinkerDialect.Family, _ target: LinkTarget = .x86_64
  ) -> JudgingLinker? {
    JudgingLinker(dialect, target).flatMap { $0.program.isMeasured ? $0 : nil }
  }

  /// The command line that links `objects` by the script `S` to `o` with the map `m`.
  public func command(_ objects: [String], options: [String] = []) -> [String] {
    arguments + options + ["-T", "S", "-o", "o", "-Map", "m"] + objects
  }

  /// Links the script `S` in `folder`.
  public func link(
    _ objects: [String], options: [String] = [], in folder: String
  ) throws -> Outcome {
    let run = try ProgramRun.tool(path, command(objects, options: options), folder: folder)
    if Self.isLarge("\(folder)/o") { return .refused("o: larger than can be judged in passing") }
    var failed: Set<String> = []
    for line in (run.errors + run.output).split(separator: "\n") {
      // `/usr/bin/ld.bfd: A7`, `ld.lld: warning: A7`
      var words = line.split(separator: " ")
      words.removeAll { $0 == "warning:" }
      if words.count == 2, words[0].hasSuffix(":"), Self.isMessage(words[1]) {
        failed.insert(String(words[1]))
      } else if Self.isStop(line) {
        return .stopped(String(line))
      } else if line.contains("virtual address range overlaps") {
        // Whose segment a section is in cannot be told then, nor its load address.
        return .refused(String(line))
      } else if !line.contains("warning:"), !line.hasPrefix(">>>"), !line.contains(" adjusted to "),
        !line.contains(" lma 0x"),
        !line.contains("non-representable symbol")
      {
        return .refused(String(line))
      }
    }
    return run.status == 0 ? .linked(failed: failed) : .refused("status \(run.status)")
  }

  /// Far steps of the location counter may end up in the file.
  static func isLarge(_ file: String) -> Bool {
    let size = (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? UInt64
    return (size ?? 0) > 64 << 20
  }

  /// `A7` or `F0`.
  private static func isMessage(_ word: Substring) -> Bool {
    guard let first = word.first, first == "A" || first == "F" else { return false }
    return Int(word.dropFirst()) != nil
  }

  /// Whether the linker says that an expression has no value.
  private static func isStop(_ line: Substring) -> Bool {
    if line.contains("warning:") { return false }
    return [
      " / by zero", " % by zero", "referenced in expression", "division by zero",
      "modulo by zero", "symbol not found", "undefined section",
    ].contains { line.contains($0) }
  }
}
