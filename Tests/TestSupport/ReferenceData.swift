// What real linkers made of Xen and Linux, and the real tools that tests compare with. Tools may be missing: tests that
// need them are enabled only where they are there.

public import Foundation
public import LdsParser

/// The outputs of real linkers.
///
/// `Tests/data` holds excerpts: every statement of each map, and of what lies between them the ends. The whole files may
/// lie beside the checkout; they are then read as well.
public enum ReferenceData {
  /// The folder of the excerpts, and that of the whole files if it is there.
  public static let folders: [URL] = {
    let beside = Checkout.root.deletingLastPathComponent().appendingPathComponent("shared/data")
    return [Checkout.root.appendingPathComponent("Tests/data"), beside].filter {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }()

  /// Whether the whole files are there.
  public static var isWhole: Bool { folders.count > 1 }

  /// Paths of the files whose names end in `suffix`, packed or not, sorted.
  public static func paths(_ suffix: String) -> [String] {
    folders.flatMap { folder in
      let all = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
      return all.compactMap { $0 as? String }
        .filter { $0.hasSuffix(suffix) || $0.hasSuffix(suffix + ".gz") }.sorted()
        .map { folder.appendingPathComponent($0).path }
    }
  }

  /// Where a file of the data lies, by its path in a folder: the excerpt if there is one.
  public static func path(_ name: String) -> String {
    let candidates = folders.flatMap { folder in
      [name, name + ".gz"].map { folder.appendingPathComponent($0).path }
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0) } ?? name
  }

  /// A file of the data, by its path in a folder or a path of ``paths(_:)``; one that ends in `.gz` is unpacked with gzip.
  public static func buffer(_ name: String) throws -> SourceBuffer {
    let found = name.hasPrefix("/") ? name : path(name)
    let url = URL(fileURLWithPath: found)
    if found.hasSuffix(".gz") {
      let text = try ExternalTool.run(ExternalTool.path("gzip") ?? "gzip", ["-dc", found])
      return SourceBuffer(path: FilePath(found), bytes: [UInt8](text.output))
    }
    return SourceBuffer(path: FilePath(found), bytes: [UInt8](try Data(contentsOf: url)))
  }
}

/// Programs that tests compare with.
public enum ExternalTool {
  /// What a program printed and returned.
  public struct Result: Sendable {
    /// Standard output.
    public var output: Data
    /// Exit status.
    public var status: Int32
    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Its lines without the empty one at the end.
    public var lines: [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
    }
  }

  /// Where the executable `name` is: the chosen linkers by their names, all others in the PATH.
  public static func path(_ name: String) -> String? {
    switch name {
    case "ld", "ld.bfd": InstalledLinkers.bfd?.path
    case "ld.lld": InstalledLinkers.lld?.path
    default:
      InstalledLinkers.folders.map { "\($0)/\(name)" }.first {
        FileManager.default.isExecutableFile(atPath: $0)
      }
    }
  }

  /// Whether all of them are there.
  public static func has(_ names: String...) -> Bool { names.allSatisfy { path($0) != nil } }

  /// Runs a program to its end; standard error is dropped.
  public static func run(
    _ program: String, _ arguments: [String], in folder: URL? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    if let folder { process.currentDirectoryURL = folder }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(output: output, status: process.terminationStatus)
  }
}
