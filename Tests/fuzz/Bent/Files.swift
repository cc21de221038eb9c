// The files of a campaign.

import Foundation

/// A file to bend.
struct InputFile {
  let path: String
  /// The folder it lies in: files of one folder may be of one image.
  let folder: String

  /// The files below the folders with at most `most` bytes, in order of name; programs and logs of version
  /// control are none.
  static func all(in folders: [String], upTo most: Int) -> [InputFile] {
    folders.flatMap { folder -> [InputFile] in
      let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      return names.sorted().compactMap { name in
        let path = folder + "/" + name
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        guard !name.contains(".git/"), facts?[.type] as? FileAttributeType == .typeRegular,
          let size = facts?[.size] as? Int, size > 0, size <= most
        else { return nil }
        return InputFile(path: path, folder: (path as NSString).deletingLastPathComponent)
      }
    }
  }
}

/// Whole files.
enum Files {
  static func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { Array($0) }
  }
}

/// A bent file, gone when no run needs it any more.
final class BentFile {
  let path: String
  private var isKept = false

  init(_ path: String, _ bytes: [UInt8]) {
    self.path = path
    _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Copies the file and returns where it is now.
  func keep(in folder: String) -> String {
    let copy = folder + "/" + (path as NSString).lastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? FileManager.default.copyItem(atPath: path, toPath: copy)
    return copy
  }
}
