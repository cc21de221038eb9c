// The folder of `lint --counterexample`: for each ASSERT that fails for some inputs, a folder with the script, assembler
// text and the commands that link it.

import Constraints
import LdsParser

/// Writes counterexamples, and tells of them in the proofs.
struct CounterexampleFolder {
  private let folder: FilePath
  private let words: [[UInt8]]
  private let dialects: [LinkerDialect]

  init(
    _ folder: FilePath, _ arguments: ParsedArguments, _ settings: LintSettings
  ) throws(UsageError) {
    self.folder = folder
    var words: [[UInt8]] = []
    for option in OptionSpec.link where option.id != .linkCommand {
      for value in arguments.all(option.id) { words += [Array((option.spellings[0]).utf8), value] }
    }
    self.words = words
    guard settings.linkers.contains(where: { $0 == .bfd }) else {
      throw .badValue(
        option: "--counterexample", value: folder.display,
        reason: "counterexamples are laid out by the rules of GNU ld, and --linker names another")
    }
    dialects =
      arguments.saysLinkerVersion
      ? settings.linkers.filter { $0 == .bfd }
      : [.laidOut, LinkerDialect(.bfd, LinkerVersion(2, 44)), .bfd]
  }

  /// Looks for a counterexample to each ASSERT that depends on the inputs.
  func fill(_ results: inout [LintResult], _ scripts: [LoadedScript]) throws {
    try make(folder)
    var number = 0
    for index in results.indices where scripts.indices.contains(index) {
      let script = scripts[index].script
      if script.isRefused { continue }
      let proof = ProofReport(Program(script), dialect: dialects[0])
      let search = CounterexampleSearch(script, proof, words: words, by: dialects)
      for answer in search.answers where results[index].proofs.indices.contains(answer.assertion) {
        guard let counterexample = answer.counterexample else {
          results[index].proofs[answer.assertion].counterexample = StatedCounterexample(
            sentence: "no counterexample: \(answer.reason ?? "")")
          continue
        }
        number += 1
        let command = try write(
          counterexample, of: script, results[index].proofs[answer.assertion].message,
          in: folder.appending(FilePath((number < 10 ? "0" : "") + "\(number)")))
        results[index].proofs[answer.assertion].counterexample = StatedCounterexample(
          sentence: counterexample.sentence, command: command)
      }
    }
  }

  private func write(
    _ counterexample: Counterexample, of script: LinkerScript, _ message: String,
    in folder: FilePath
  ) throws -> String {
    try make(folder)
    try put(ScriptWriter.bytes(of: script), folder.appending(FilePath("script.lds")))
    var commands = [
      "#!/bin/sh", "# The linker has to print: \(DisplayText.escape(message))",
      "# It \(counterexample.sentence).", "set -e", "cd \"$(dirname \"$0\")\"",
    ]
    for file in counterexample.files {
      let object = FilePath(bytes: file.object)
      let text = FilePath(bytes: file.object.dropLast(2) + Array(".s".utf8))
      try makeFolders(of: object, in: folder)
      try put(Array(file.text.utf8), folder.appending(text))
      commands.append("\(counterexample.assembler) -o \(object.display) \(text.display)")
    }
    let objects = counterexample.files.map { FilePath(bytes: $0.object).display }
    commands.append(
      "\(counterexample.linker) -T script.lds -o image \(objects.joined(separator: " "))")
    let name = folder.appending(FilePath("link.sh"))
    try put(Array(commands.map { $0 + "\n" }.joined().utf8), name)
    return "sh \(name.display)"
  }

  private func makeFolders(of object: FilePath, in folder: FilePath) throws {
    var path = folder
    for part in object.bytes.split(separator: UInt8(ascii: "/")).dropLast() {
      path = path.appending(FilePath(bytes: Array(part)))
      try make(path)
    }
  }

  private func make(_ folder: FilePath) throws(ProgramError) {
    do throws(SystemError) {
      try SystemCalls.makeDirectory(folder)
    } catch {
      throw ProgramError("\(folder.display): cannot make the folder: \(error.message)")
    }
  }

  private func put(_ bytes: [UInt8], _ path: FilePath) throws {
    let output = try Output(file: path)
    output.write(bytes)
    try output.finish()
  }
}
