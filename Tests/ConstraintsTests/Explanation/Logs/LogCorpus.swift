// Failing links, run for real or as they were recorded.

import Foundation
import TestSupport

/// What one linker printed about one link.
struct PrintedLink {
  let linker: String
  let link: FailingLink
  /// Exit status; 0 if the linker only warned.
  let status: Int
  let lines: [String]
}

/// Runs linkers, and reads and writes what they printed.
enum LogCorpus {
  /// Linkers by the name of their record: those in the usual folders, and of `LDS_LINKERS` every version.
  static let linkers: [(name: String, path: String)] = {
    let installed = ["ld", "ld.gold", "ld.lld", "mold"].compactMap { name in
      ExternalTool.path(name).map { (name, $0) }
    }
    guard let folder = ProcessInfo.processInfo.environment["LDS_LINKERS"] else { return installed }
    let others = [
      "ld-2.35", "ld-2.40", "ld-2.44", "ld-2.47", "lld-14", "lld-16", "lld-19", "lld-21", "lld-22",
      "mold-3",
    ]
    return installed
      + others.map { ($0, "\(folder)/\($0)") }.filter {
        FileManager.default.isExecutableFile(atPath: $0.1)
      }
  }()

  static let canLink =
    ExternalTool.path("as") != nil && linkers.contains { $0.name == "ld" }

  /// Lets every linker print what it has to say about every link.
  static func run(_ linkers: [(name: String, path: String)]) throws -> [PrintedLink] {
    let folder = try TemporaryFolder()
    var script = ""
    for (name, text) in FailingLink.objects {
      try folder.write("\(name).s", text + "\n")
      script += "as --64 \(name).s -o \(name).o || exit 1\n"
    }
    try folder.write("other.s", ".text\nnop\n")
    try folder.write("readme.txt", "This is no object.\n")
    try folder.write("second.lds", "SECTIONS { .second : { *(.second) } }\n")
    script += "as --32 other.s -o other.o || exit 1\n"
    for link in FailingLink.all { try folder.write("\(link.name).lds", link.script + "\n") }
    for (name, path) in linkers {
      for link in FailingLink.all {
        let log = "\(link.name).\(name)"
        script +=
          "timeout 20 \(path) -T \(link.name).lds -o out a.o \(link.options) >/dev/null 2>\(log).log;"
        script += " echo $? >\(log).status\n"
      }
    }
    // It is longer than an argument may be.
    try folder.write("run.sh", script + "exit 0\n")
    let run = try ProgramRun.shell("sh run.sh", folder: folder.path)
    precondition(run.status == 0, "no objects: \(run.errors)")
    return linkers.flatMap { linker in
      FailingLink.all.compactMap { link in
        let log = "\(link.name).\(linker.name)"
        let text = folder.text("\(log).log") ?? ""
        let status = folder.text("\(log).status").flatMap {
          Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        guard let status, status != 0 || !text.isEmpty else { return nil }
        return PrintedLink(linker: linker.name, link: link, status: status, lines: lines(of: text))
      }
    }
  }

  /// Linkers that are started by their loader name themselves after it, and fetched ones after the folder that holds
  /// their system.
  private static func lines(of text: String) -> [String] {
    let systems = ProcessInfo.processInfo.environment["LDS_LINKERS"].map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/root/"
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let systems, !systems.hasPrefix("/usr/") else { return String(line) }
      return line.components(separatedBy: systems).enumerated().map { index, part in
        index == 0 ? part : String(part.drop { $0 != "/" })
      }.joined()
    }.map { line in
      guard let loader = line.firstRange(of: "/ld-linux-x86-64.so.2:"), line.hasPrefix("/") else {
        return String(line)
      }
      return "/usr/bin/x86_64-linux-gnu-ld:" + line[loader.upperBound...]
    }
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  // MARK: Records

  private static let mark = "=====>"

  /// What `ld-2.35` and the others printed, as it was recorded.
  static func recorded() throws -> [PrintedLink] {
    let folder = Checkout.path("Tests/ConstraintsTests/Fixtures/Logs")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let links = Dictionary(uniqueKeysWithValues: FailingLink.all.map { ($0.name, $0) })
    return try names.filter { $0.hasSuffix(".log") }.flatMap { name -> [PrintedLink] in
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      var found: [(head: [String], lines: [String])] = []
      for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        if line.hasPrefix(mark) {
          found.append((line.split(separator: " ").dropFirst().map(String.init), []))
        } else if !found.isEmpty {
          found[found.count - 1].lines.append(String(line))
        }
      }
      return found.compactMap { head, lines in
        guard head.count == 2, let link = links[head[0]], let status = Int(head[1]) else {
          return nil
        }
        return PrintedLink(
          linker: String(name.dropLast(4)), link: link, status: status, lines: lines)
      }
    }
  }

  /// Writes what one linker printed.
  static func record(_ printed: [PrintedLink], in folder: String) throws {
    for (linker, links) in Dictionary(grouping: printed, by: \.linker) {
      let text = links.map { link in
        "\(mark) \(link.link.name) \(link.status)\n" + link.lines.map { "\($0)\n" }.joined()
      }
      try text.joined().write(
        toFile: "\(folder)/\(linker).log", atomically: true, encoding: .utf8)
    }
  }
}
