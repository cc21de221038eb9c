// Reports name files relative to the repository, so that GitHub and GitLab find them and two machines say the
// same. The repository is the nearest folder above the script that holds `.git`.

import LdsParser

/// Where paths in reports are relative to.
struct RepositoryRoot: Sendable {
  /// Absolute, without a slash at its end; nil outside any repository.
  let folder: FilePath?
  /// What relative names of inputs are relative to, absolute.
  let workingFolder: FilePath

  /// The repository of `script`; `exists` tells which absolute paths there are.
  static func find(
    from script: FilePath, workingFolder: FilePath, exists: (FilePath) -> Bool
  ) -> RepositoryRoot {
    var folder = PathText.absolute(script, in: workingFolder).directory
    while true {
      // A worktree or submodule has a file of that name, a clone a folder.
      if exists(folder.appending(FilePath(".git"))) {
        return RepositoryRoot(folder: folder, workingFolder: workingFolder)
      }
      let above = folder.directory
      if above == folder || above.bytes.isEmpty { break }
      folder = above
    }
    return RepositoryRoot(folder: nil, workingFolder: workingFolder)
  }

  /// The repository of `script` in the file system.
  static func find(from script: FilePath) -> RepositoryRoot {
    find(from: script, workingFolder: SystemCalls.workingFolder) { path in
      (try? SystemCalls.kind(of: path)) != nil
    }
  }

  /// `path` relative to the repository if it lies inside; else nil.
  func relative(_ path: FilePath) -> FilePath? {
    guard let folder else { return nil }
    let absolute = PathText.absolute(path, in: workingFolder)
    let prefix = folder.bytes == [0x2F] ? [0x2F] : folder.bytes + [0x2F]
    guard absolute.bytes.starts(with: prefix), absolute.bytes.count > prefix.count else {
      return nil
    }
    return FilePath(bytes: Array(absolute.bytes.dropFirst(prefix.count)))
  }

  /// What `path` is called in files that two machines share: seen from `folder`, from the root where it lies
  /// elsewhere.
  func name(of path: FilePath, seenFrom folder: FilePath) -> String {
    let absolute = PathText.absolute(path, in: workingFolder)
    return (absolute.relative(to: folder) ?? absolute).display
  }

  /// The path to show: relative to the repository, or as the file was named.
  func shown(_ path: FilePath) -> FilePath {
    relative(path) ?? path
  }

  /// `path` as a URI reference (RFC 3986): relative inside the repository, `file:` outside. Bytes that a URI
  /// cannot hold are escaped, whatever their encoding.
  func uri(_ path: FilePath) -> String {
    if let relative = relative(path) { return PathText.escaped(relative) }
    return "file://" + PathText.escaped(PathText.absolute(path, in: workingFolder))
  }
}

/// Operations on the text of paths.
enum PathText {
  /// `path` seen from `folder`, `.` and `..` taken out by name.
  static func absolute(_ path: FilePath, in folder: FilePath) -> FilePath {
    var parts: [ArraySlice<UInt8>] = []
    for part in folder.appending(path).bytes.split(separator: UInt8(ascii: "/")) {
      if part.elementsEqual(".".utf8) { continue }
      if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(part) }
    }
    return FilePath(bytes: parts.isEmpty ? [0x2F] : parts.flatMap { [0x2F] + $0 })
  }

  /// The path with everything but unreserved characters and `/` as `%XX`.
  static func escaped(_ path: FilePath) -> String {
    var text = ""
    for byte in path.bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += (byte < 16 ? "%0" : "%") + digits
      }
    }
    return text
  }
}
