// What people do to an image before they check it, and maps of yesterday: the verdicts stay those of the link.

import Constraints
import Foundation
import LdsParser

extension DifferentialCase {
  /// The verdicts from images that were stripped, and beside the map of a link whose ASSERTs said the opposite.
  func judgeAltered(
    _ folder: TemporaryFolder, _ failed: Set<String>, _ isStopped: Bool
  ) throws -> [Finding] {
    guard isAltered else { return [] }
    let parsed = ScriptParser.parse(
      SourceBuffer(name: "S", text: script.text),
      options: ScriptParser.Options(dialect: linker.dialect))
    guard !parsed.isRefused else { return [] }
    let loaded = LoadedScript(path: FilePath("S"), script: parsed)
    let elf = try ImageReader.read(try folder.buffer("o"))
    let map = try ImageReader.read(try folder.buffer("m"))
    var runs: [(Evidence, [Image])] = []
    if let image = try altered("strip", ["-g", "-o", "o.g", "o"], "o.g", folder) {
      runs += [(.strippedImage, [image]), (.strippedImageAndMap, [image, map])]
    }
    for section in elf.outputSections where Self.isRemovable(section) {
      let name = String(decoding: section.name, as: UTF8.self)
      guard let image = try altered("objcopy", ["-R", name, "o", "o.r"], "o.r", folder) else {
        continue
      }
      runs += [(.trimmedImage, [image]), (.trimmedImageAndMap, [image, map])]
      break
    }
    if let old = try oldMap(folder) { runs.append((.oldMap, [elf, old])) }
    return try runs.flatMap { kind, images in
      try judge(
        Session(scripts: [loaded], images: images, dialect: linker.dialect), kind, failed, isStopped
      )
    }
  }

  /// What is removed without harm: sections that are not allocated.
  private static func isRemovable(_ section: OutputSectionRecord) -> Bool {
    guard let flags = section.flags, !flags.contains(.allocated) else { return false }
    return ![".symtab", ".strtab", ".shstrtab"].contains {
      Array($0.utf8) == section.name
    }
  }

  private func altered(
    _ tool: String, _ arguments: [String], _ result: String, _ folder: TemporaryFolder
  ) throws -> Image? {
    let run = try ProgramRun.tool(
      linker.target.toolPrefix + tool, arguments, folder: folder.path)
    // GNU tools may give the sections of lld's images file offsets as far apart as their addresses.
    guard run.status == 0, !JudgingLinker.isLarge(folder.path(result)) else { return nil }
    return try ImageReader.read(try folder.buffer(result))
  }

  /// The map of the script with its ASSERTs turned around, each with its old message.
  private func oldMap(_ folder: TemporaryFolder) throws -> Image? {
    guard linker.dialect == .bfd, script.text.contains(" == ") else { return nil }
    let files = ["S", "o", "m"]
    for file in files { try Self.move(file, "\(file).new", folder) }
    defer { for file in files { try? Self.move("\(file).new", file, folder) } }
    try folder.write("S", (script.neutral ?? script.text).replacing(" == ", with: " != "))
    guard case .linked = try linker.link(objects, options: script.options, in: folder.path) else {
      return nil
    }
    try Self.move("m", "m.old", folder)
    // A link that stops leaves an empty map.
    let buffer = try folder.buffer("m.old")
    return buffer.count == 0 ? nil : try ImageReader.read(buffer)
  }

  private static func move(_ name: String, _ other: String, _ folder: TemporaryFolder) throws {
    try? FileManager.default.removeItem(atPath: folder.path(other))
    try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path(other))
  }
}
