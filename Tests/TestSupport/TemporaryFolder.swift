// A folder for one test, gone when the test is done.

public import Foundation
public import LdsParser

/// A new, empty folder that lives as long as this object.
public final class TemporaryFolder: Sendable {
  /// Its path.
  public let path: String

  /// Its path as a file URL.
  public var url: URL { URL(fileURLWithPath: path) }

  /// Makes the folder where temporary files belong.
  public convenience init() throws {
    try self.init(in: FileManager.default.temporaryDirectory)
  }

  /// Makes the folder in memory if the system has a place for that: on a disk it takes longer to make a few files and to
  /// remove them than most programs run. Nothing can be started from there.
  public static func inMemory() throws -> TemporaryFolder {
    let place = "/dev/shm"
    guard FileManager.default.isWritableFile(atPath: place) else { return try TemporaryFolder() }
    return try TemporaryFolder(in: URL(fileURLWithPath: place))
  }

  private init(in place: URL) throws {
    let folder = place.appendingPathComponent("lds-check-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of `name` in the folder.
  public func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file and returns its path.
  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Writes a file of `bytes`, the folders of its name included, and returns its path.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    if name.contains("/") {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: path(name)).deletingLastPathComponent(),
        withIntermediateDirectories: true)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// The contents of the file `name`.
  public func buffer(_ name: String) throws -> SourceBuffer {
    let file = url.appendingPathComponent(name)
    return SourceBuffer(path: FilePath(file.path), bytes: [UInt8](try Data(contentsOf: file)))
  }

  /// The text of a file in the folder, nil if there is none.
  public func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Names of the files in the folder, in order.
  public func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
