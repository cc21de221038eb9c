// Where kbuild left the flags of a script: beside it, or in the tree that an out-of-tree build fills.
//
//     source/arch/x86/xen.lds.S    read in the build's folder, where `source` links to the sources
//     arch/x86/.xen.lds.cmd        what kbuild recorded there

import LdsParser

/// Finds the command that preprocessed a script.
struct CommandSearch {
  /// Deeper folders than anybody builds in.
  private static let deepest = 32

  /// Files of the build, such as its images: their folders and those above may be the build's.
  private let neighbours: [FilePath]

  init(near neighbours: [FilePath]) {
    self.neighbours = neighbours
  }

  /// The command of `script`.
  ///
  /// Beside the script any command is its own. Elsewhere only one that names this very file counts: other
  /// trees have scripts of the same name.
  func command(for script: FilePath) -> KbuildCommand? {
    if let (_, command) = Self.record(beside: script) { return command }
    guard let identity = SystemCalls.identity(of: script) else { return nil }
    let ends = Self.ends(of: script)
    for folder in folders() {
      for end in ends {
        let command = Self.first(of: KbuildCommand.candidates(for: folder.appending(end))) {
          SystemCalls.identity(of: $0.scriptPath) == identity
        }
        if let command { return command }
      }
    }
    return nil
  }

  /// The command beside a file, and the file that has it.
  static func record(beside script: FilePath) -> (file: FilePath, command: KbuildCommand)? {
    KbuildCommand.candidates(for: script).lazy.compactMap { file in
      first(of: [file], where: { _ in true }).map { (file, $0) }
    }.first
  }

  /// The command file at `path`.
  static func read(_ path: FilePath) throws(InputError) -> KbuildCommand {
    do throws(ReadError) {
      let buffer = try FileInput.read(path)
      return try KbuildCommand(buffer.bytes(in: 0..<buffer.count), path: path) { name in
        (try? FileInput.read(name)).map { $0.bytes(in: 0..<$0.count) }
      }
    } catch {
      throw InputError(path: path, reason: error)
    }
  }

  /// A file that records something else is none.
  private static func first(
    of candidates: [FilePath], where isWanted: (KbuildCommand) -> Bool
  ) -> KbuildCommand? {
    candidates.lazy.filter { UnaskedFile.refusedKind($0) == nil }
      .compactMap { try? read($0) }.first(where: isWanted)
  }

  /// The folders that may be the build's: ours, then those of the neighbours, upwards.
  private func folders() -> [FilePath] {
    var folders = [FilePath(bytes: [])]
    for neighbour in neighbours {
      var folder = (SystemCalls.realPath(neighbour) ?? neighbour).directory
      for _ in 0..<Self.deepest where !folder.bytes.isEmpty {
        if !folders.contains(folder) { folders.append(folder) }
        if folder.bytes == [UInt8(ascii: "/")] { break }
        folder = folder.directory
      }
    }
    return folders
  }

  /// `a/b/c`, `b/c` and `c` of `/a/b/c`.
  private static func ends(of path: FilePath) -> [FilePath] {
    let slash = UInt8(ascii: "/")
    let parts = path.bytes.split(separator: slash).filter {
      !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }.suffix(deepest)
    return parts.indices.map { FilePath(bytes: Array(parts[$0...].joined(separator: [slash]))) }
  }
}
