// Where a build leaves the image of a script: beside it, or in a folder above it within the repository.
//
//     xen/arch/x86/xen.lds.S      the script
//     xen/xen-syms                what kbuild linked with it, two folders up
//     xen/xen-syms.map

import LdsParser

/// Finds files that may describe the image of a script.
struct ImageSearch {
  /// A file with its state when it was found.
  struct Candidate {
    let path: FilePath
    let state: FileState
  }

  /// Files that are looked into, the newest first: a folder full of old builds is no help.
  private static let most = 8
  private static let deepest = 12
  /// An image of this size takes longer to read than anybody waits.
  private static let largest: Int64 = 1 << 30
  private static let endings: Set<String> = [
    "", "map", "elf", "efi", "exe", "out", "axf", "so", "syms", "dbg",
  ]

  /// The files that the user named; if there are any, no others count.
  private let named: [FilePath]

  init(named: [FilePath]) {
    self.named = named
  }

  /// The files that may be of the image of `script`, the newest first.
  ///
  /// - Parameter configured: those that its configuration names, which count where the user names none.
  func files(for script: FilePath, configured: [FilePath]) -> [Candidate] {
    let told = named.isEmpty ? configured : named
    if !told.isEmpty {
      return told.compactMap { path in
        FileState(ofFile: path).map { Candidate(path: path, state: $0) }
      }
    }
    let found = folders(of: script).flatMap { folder in
      FileState.names(in: folder).compactMap { name -> Candidate? in
        guard Self.mayBeImage(name) else { return nil }
        let path = folder.appending(name)
        guard let state = FileState(ofFile: path), state.size > 0, state.size <= Self.largest
        else { return nil }
        return Candidate(path: path, state: state)
      }
    }
    return Array(
      found.sorted {
        ($0.state.changed, $1.path.display) > ($1.state.changed, $0.path.display)
      }.prefix(Self.most))
  }

  /// What lies at the top of a build that is no repository: kbuild's configuration, or ours.
  private static let tops = [".config", ".lds-check.json"]

  /// The script's folder and those above, up to the top of its repository; without one, up to the folder where the build
  /// is configured, else its own alone.
  private func folders(of script: FilePath) -> [FilePath] {
    var folders: [FilePath] = []
    var configured = 1
    var folder = script.directory
    func has(_ name: String) -> Bool {
      (try? SystemCalls.kind(of: folder.appending(FilePath(name)))) != nil
    }
    for _ in 0..<Self.deepest where !folder.bytes.isEmpty {
      folders.append(folder)
      if has(".git") { return folders }
      if Self.tops.contains(where: has) { configured = folders.count }
      if folder.directory == folder { break }
      folder = folder.directory
    }
    return Array(folders.prefix(configured))
  }

  private static func mayBeImage(_ name: FilePath) -> Bool {
    guard name.bytes.first != UInt8(ascii: ".") else { return false }
    let parts = name.bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let ending = parts.count > 1 ? parts[parts.count - 1] : []
    return endings.contains(String(decoding: ending, as: UTF8.self))
  }
}
