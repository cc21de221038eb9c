// One script as kbuild preprocesses it: our preprocessing and parsing, in this process, beside `cc -E` of the
// same, turn by turn; and whole runs of the program.

import Glibc
import LdsParser

struct ScriptComparison {
  /// A `.lds.cmd` file.
  let path: String
  let options: Options

  func print() {
    Swift.print(path)
    do throws(ReadError) {
      try compare()
    } catch {
      Swift.print("  \(error.message)")
    }
  }

  private func compare() throws(ReadError) {
    let file = FilePath(Self.absolute(path))
    let program = options.program.map(Self.absolute)
    let text = try FileInput.read(file)
    let command = try KbuildCommand(text.bytes(in: 0..<text.count), path: file)
    // The command's names are relative to the folder that kbuild ran in.
    guard unsafe chdir(command.options.workingDirectory.display) == 0 else {
      return Swift.print("  \(command.options.workingDirectory.display): cannot be entered")
    }
    let compiler = Self.compilerWords(command)
    var ours: [Double] = []
    var theirs: [Double] = []
    var tokens = 0
    let clock = ContinuousClock()
    for _ in 0..<options.runs {
      let start = clock.now
      tokens = try statementCount(command)
      ours.append(Measurement.seconds(clock.now - start))
      guard let run = Measurement.best(of: 1, compiler) else {
        return Swift.print("  \(command.compiler.display): cannot be run")
      }
      theirs.append(run.wall)
    }
    let (our, their) = (Self.median(ours), Self.median(theirs))
    Swift.print("  preprocess and parse: \(Format.fixed(our * 1e3, 2)) ms, \(tokens) statements")
    Swift.print("  \(command.compiler.display) -E: \(Format.fixed(their * 1e3, 2)) ms")
    Swift.print("  ratio of the medians of \(options.runs) runs: \(Format.fixed(our / their, 2))")
    guard let program else { return }
    for arguments in [["parse", "--expand"], ["lint", "--quiet", "--fail-on", "never"]] {
      let words =
        [program] + arguments
        + ["--cpp-command", file.display, command.scriptPath.display]
      row(arguments[0], Measurement.best(of: options.runs, words, accepted: 1), their)
    }
  }

  private func row(_ name: String, _ run: Measurement?, _ compiler: Double) {
    guard let run else { return Swift.print("  whole \(name): cannot be run") }
    Swift.print(
      "  whole \(name): \(Format.fixed(run.wall * 1e3, 2)) ms (median \(Format.fixed(run.median * 1e3, 2)), "
        + "\(Format.fixed(run.median / compiler, 2)) x -E), \(Format.fixed(run.cpu * 1e3, 1)) ms CPU"
    )
  }

  private static func absolute(_ path: String) -> String {
    let absolute = unsafe realpath(path, nil).map { text in
      defer { unsafe free(text) }
      return unsafe String(cString: text)
    }
    return absolute ?? path
  }

  /// Reads the script and its headers from disk, as for every run of the program.
  private func statementCount(_ command: KbuildCommand) throws(ReadError) -> Int {
    var sources = SourceSet()
    let main = sources.add(try FileInput.read(command.scriptPath))
    let expansion = Preprocessor.expand(
      main, in: &sources, options: command.options, provider: Files())
    guard !expansion.hasErrors else {
      throw ReadError(id: "bench", message: expansion.diagnostics.first?.message ?? "")
    }
    let script = ScriptParser.parse(
      expansion.source, in: sources, options: ScriptParser.Options(), provider: Files())
    return script.statements.count
  }

  private struct Files: SourceProvider {
    func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
      do {
        return try FileInput.read(path)
      } catch {
        if error.id == "missing-file" { return nil }
        throw error
      }
    }
  }

  /// The recorded command without what writes files.
  private static func compilerWords(_ command: KbuildCommand) -> [String] {
    var words = [command.compiler.display]
    var rest = command.flags.map { String(decoding: $0, as: UTF8.self) }[...]
    while let word = rest.popFirst() {
      if ["-o", "-MF", "-MT", "-MQ"].contains(word) {
        _ = rest.popFirst()
      } else if !word.hasPrefix("-M"), !word.hasPrefix("-Wp,-M") {
        words.append(word)
      }
    }
    return words + ["-o", "/dev/null"]
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }
}
