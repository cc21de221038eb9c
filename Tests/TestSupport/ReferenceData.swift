// Where tests find data beside the checkout, and the real tools they compare with. Both may be missing:
// tests that need them are enabled only where they are there.

public import Foundation
public import LdsParser

/// The outputs of real linkers that lie beside the checkout.
public enum ReferenceData {
  /// The folder of the data.
  public static var folder: URL {
    Checkout.root.deletingLastPathComponent().appendingPathComponent("shared/data")
  }

  /// Whether it is there.
  public static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("INDEX.md").path)
  }

  /// Paths below ``folder`` that end in `suffix`, sorted.
  public static func paths(_ suffix: String) -> [String] {
    guard let all = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    return all.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted()
  }

  /// A file of the data; one that ends in `.gz` is unpacked with gzip.
  public static func buffer(_ path: String) throws -> SourceBuffer {
    let url = folder.appendingPathComponent(path)
    if path.hasSuffix(".gz") {
      let text = try ExternalTool.run("/usr/bin/env", ["gzip", "-dc", url.path])
      return SourceBuffer(path: FilePath(url.path), bytes: [UInt8](text.output))
    }
    return SourceBuffer(path: FilePath(url.path), bytes: [UInt8](try Data(contentsOf: url)))
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

  /// Whether `name` is an executable in PATH's usual folders.
  public static func path(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(
      separator: ":")
    return folders.map { "\($0)/\(name)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  /// Runs a program to its end; standard error is dropped.
  public static func run(
    _ program: String, _ arguments: [String], in folder: URL? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
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
