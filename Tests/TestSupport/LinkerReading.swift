// Asks GNU ld whether it can read scripts: without input files it stops right after reading, so whatever it
// complains about before that is a fault of the script.

import Foundation
import LdsParser

/// How `ld` reads scripts.
public enum LinkerReading {
  /// Whether `ld` is there, in the version that the facts were measured on.
  public static let isMeasured = linker?.isMeasured ?? false

  private static let linker = LinkerChoice.installed(.bfd).program(for: .x86_64)
  private static let path = linker?.path ?? "ld"

  /// What `ld` says while it reads, as opposed to when it links.
  private static let refusals = [
    "syntax error", "EOF in comment", "includes nested too deeply", "cannot open linker script",
    "appears multiple times", "unknown feature", "in flags", "unknown phdr type",
    "PHDRS syntax error", " / by zero", " % by zero", "nonconstant expression for fill",
    "nonconstant expression for program", "multiple STARTUP", "version tag", "version information",
    "version dependency", "align with input", "both a load address", "memory region alias",
    "for alias", "not supported when prior PT_LOAD", "unknown constant", "memory exhausted",
  ]

  /// For each script, whether `ld` refuses to read it; nil where a thing outside the script decides, such as
  /// a machine that this ld does not know.
  public static func refuses(_ scripts: [[UInt8]]) throws -> [Bool?] {
    let folder = try TemporaryFolder()
    for (index, script) in scripts.enumerated() { try folder.write("\(index).lds", script) }
    let loop =
      "i=0; while [ $i -lt \(scripts.count) ]; do \(path) -T $i.lds -o /dev/null >$i.out 2>&1; "
      + "echo $?; i=$((i+1)); done"
    let run = try ProgramRun.shell(loop, folder: folder.path)
    let statuses = run.output.split(separator: "\n").compactMap { Int($0) }
    return statuses.enumerated().map { index, status in
      // 128 and above: ld died, as it does of the least number divided by -1.
      if status >= 128 { return true }
      let output = FileManager.default.contents(atPath: folder.path("\(index).out")) ?? Data()
      let text = String(decoding: output, as: UTF8.self)
      if text.contains("cannot represent machine") || text.contains("flex scanner failed") {
        return nil
      }
      return refusals.contains { text.contains($0) }
    }
  }

  /// ld's own scripts for the emulations and kinds of output it knows, without the machine they are for.
  public static func defaultScripts() throws -> [[UInt8]] {
    let kinds = [
      "", "-shared", "-pie", "-r", "-Ur", "-N", "-n", "-z separate-code", "-z combreloc",
    ]
    let emulations = try ProgramRun.shell("\(path) -V").output.split(separator: "\n").dropFirst(2)
    let names = emulations.map { $0.trimmingCharacters(in: .whitespaces) }
    var scripts: [[UInt8]] = []
    for name in names {
      for kind in kinds {
        let text = try ProgramRun.shell("\(path) -m \(name) \(kind) --verbose 2>/dev/null").output
        let parts = text.components(separatedBy: String(repeating: "=", count: 50) + "\n")
        guard parts.count >= 2, !scripts.contains(Array(parts[1].utf8)) else { continue }
        scripts.append(Array(parts[1].utf8))
      }
    }
    return scripts
  }
}
