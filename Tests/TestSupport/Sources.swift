// Files that scripts under test include: from memory, or from the disk.

import Foundation
public import LdsParser

/// Opens files that a test spells out.
public struct MemorySources: SourceProvider {
  private let files: [String: String]

  /// Files by name.
  public init(_ files: [String: String] = [:]) {
    self.files = files
  }

  /// The file of that name.
  public func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    files[path.display].map { SourceBuffer(path: path, bytes: Array($0.utf8)) }
  }
}

/// Opens files of the disk.
public struct DiskSources: SourceProvider {
  /// A provider.
  public init() {}

  /// The file at that path, nil if it is none.
  public func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    guard let data = FileManager.default.contents(atPath: path.display) else { return nil }
    return SourceBuffer(path: path, bytes: [UInt8](data))
  }
}
