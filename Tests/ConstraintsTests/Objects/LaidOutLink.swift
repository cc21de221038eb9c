// One link for tests of the layout: objects from assembler text, the real linker, and the layout beside its image.

import Constraints
import Foundation
import LdsParser
import TestSupport

/// Files of a folder.
struct FolderSources: SourceProvider {
  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    do {
      return try FileInput.read(path)
    } catch {
      if error.id == .missingFile { return nil }
      throw error
    }
  }
}

/// A link that is made and laid out.
struct LaidOutLink {
  /// What came of it.
  enum Result: Equatable {
    /// The layout is that of the image.
    case equal
    /// It differs; the first difference.
    case differs(String)
    /// It was refused; why.
    case refused(String)
    /// The layout says that the linker stops; its words.
    case stops(String)
    /// The linker made no image.
    case notLinked(String)
  }

  /// Names of objects and their text. `lib.a:x.o` is a member of an archive.
  var objects: [(name: String, text: String)]
  var script: String
  var options: [String] = []
  /// The files in the order of the command; those of `objects` if empty.
  var inputs: [String] = []
  /// The machine.
  var target = LinkTarget.x86_64

  /// Links and lays out.
  func result() throws -> Result {
    let folder = try TemporaryFolder()
    var files: [String] = []
    for (name, text) in objects {
      let parts = name.split(separator: ":").map(String.init)
      let object = parts[parts.count - 1]
      try folder.write(
        "\(object).s", text.replacing(",@", with: target == .arm ? ",%" : ",@") + "\n")
      let run = try ProgramRun.tool(
        target.toolPrefix + "as", target.assemblerOptions + ["\(object).s", "-o", object],
        folder: folder.path)
      if run.status != 0 { return .notLinked(run.errors) }
      if parts.count > 1 {
        _ = try ProgramRun.tool("ar", ["rcs", parts[0], object], folder: folder.path)
      }
      if !files.contains(parts[0]) { files.append(parts[0]) }
    }
    try folder.write("S", script)
    let emulation = [LinkTarget.arm: "armelf", .aarch64: "aarch64linux"][target] ?? "elf_x86_64"
    let words =
      ["-m", emulation, "--no-warn-rwx-segments", "-T", "S", "-o", "o"] + options
      + (inputs.isEmpty ? files : inputs)
    let linker = LinkerChoice.installed(.bfd).program(for: target)
    let run = try ProgramRun.tool(linker?.path ?? "ld", words, folder: folder.path)
    let laidOut = try Self.layOut(words, in: folder)
    guard run.status == 0 else {
      if case .stops = laidOut { return laidOut }
      return .notLinked(run.errors)
    }
    return laidOut
  }

  /// Lays out the command `words` in `folder` and compares with its image `o`, if there is one.
  static func layOut(
    _ words: [String], in folder: TemporaryFolder, by dialect: LinkerDialect = .laidOut
  ) throws -> Result {
    guard
      let command = LinkCommand(
        (["ld"] + words).map { Array($0.utf8) }, workingDirectory: FilePath(folder.path))
    else { return .refused("no command") }
    let script = try ScriptParser.parse(
      folder.buffer("S"),
      options: ScriptParser.Options(dialect: dialect)
    ).linked(with: LinkSettings(command), dialect: dialect)
    do {
      let prediction = try LayoutPrediction(
        script, command, by: dialect, provider: FolderSources())
      guard FileManager.default.fileExists(atPath: folder.path("o")) else { return .equal }
      let image = try ImageReader.read(folder.buffer("o"), as: .elf)
      let comparison = LayoutComparison(prediction, image)
      guard let first = comparison.differences.first else { return .equal }
      let name = String(decoding: first.name, as: UTF8.self)
      let numbers = [first.predicted, first.actual].map { number in
        number.map { String($0, radix: 16) } ?? "none"
      }
      return .differs("\(first.aspect) of \(name): \(numbers[0]), real \(numbers[1])")
    } catch let stop as LayoutStop {
      if case .linkerStops(let words) = stop { return .stops(words) }
      return .refused(stop.message)
    }
  }
}
