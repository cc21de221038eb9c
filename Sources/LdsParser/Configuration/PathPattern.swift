// Which files a configuration means: `boards/**`, `*.ld`, `build/`, `cpu/*/ldscripts/[a-m]*.ld`.

/// A pattern of paths below a folder, with `/` between names.
///
/// `*`, `?` and `[…]` stand for parts of one name, `**` for any number of folders. A pattern with a slash before its
/// end is seen from the folder of the configuration, another one is a name at any depth. What matches a folder matches
/// all that is in it, as in `.gitignore`.
public struct PathPattern: Sendable {
  private enum Part: Sendable {
    case folders
    case name(Glob)

    var isFolders: Bool { if case .folders = self { true } else { false } }
  }

  /// The pattern as written.
  public let text: String
  private let parts: [Part]

  /// Reads a pattern; every text is one.
  public init(_ text: String) {
    self.text = text
    let names = Array(text.utf8).split(separator: UInt8(ascii: "/"))
      .filter { !$0.elementsEqual(".".utf8) }
    let isAnchored = names.count > 1 || text.utf8.first == UInt8(ascii: "/")
    parts =
      (isAnchored ? [] : [.folders])
      + names.map { $0.elementsEqual("**".utf8) ? .folders : .name(Glob(Array($0))) }
  }

  /// Whether the path, seen from the folder of the configuration, is meant.
  public func matches(_ path: FilePath) -> Bool {
    var states = reached([0])
    for name in path.normalized.bytes.split(separator: UInt8(ascii: "/")) {
      var next: Set<Int> = []
      for state in states where state < parts.count {
        switch parts[state] {
        case .folders: next.insert(state)
        case .name(let glob): if glob.matches(Array(name)) { next.insert(state + 1) }
        }
      }
      states = reached(next)
      if states.contains(parts.count) { return true }
    }
    return false
  }

  /// The entries below `folder` that the pattern leads to, in the order of `names`; a name without a slash is one in
  /// `folder` itself. Only folders on the way are looked into.
  ///
  /// - Parameters:
  ///   - most: how many entries are looked at.
  ///   - names: what is in a folder; empty for what is none.
  public func paths(
    below folder: FilePath, most: Int, names: (FilePath) -> [FilePath]
  ) -> [FilePath] {
    var left = most
    var found: [FilePath] = []
    func walk(_ folder: FilePath, _ rest: ArraySlice<Part>, _ depth: Int) {
      guard let part = rest.first, depth < Limit.nesting else { return }
      let next = rest.dropFirst()
      if case .folders = part { walk(folder, next, depth) }
      for name in names(folder) {
        left -= 1
        if left < 0 { return }
        let path = folder.appending(name)
        switch part {
        case .folders: walk(path, rest, depth + 1)
        case .name(let glob) where glob.matches(name.bytes):
          if next.isEmpty { found.append(path) } else { walk(path, next, depth + 1) }
        case .name: break
        }
      }
    }
    let parts = text.utf8.contains(UInt8(ascii: "/")) ? parts[...] : parts.drop(while: \.isFolders)
    walk(folder, parts, 0)
    return found
  }

  /// The states and those behind `**`, which may stand for no folder.
  private func reached(_ states: Set<Int>) -> Set<Int> {
    var all = states
    for state in states {
      var next = state
      while next < parts.count, case .folders = parts[next] {
        next += 1
        all.insert(next)
      }
    }
    return all
  }
}
