// Which build it is that a history gets a line about: what `--label` says, else the commit that is checked out, and the
// time. No program is run for it: git keeps the commit in files.

import LdsParser

/// The name and the time of a build.
struct BuildStamp {
  /// What `--label` says, or the first twelve digits of the commit; nil outside any repository.
  let label: String?
  /// `2026-11-27T08:15:00Z`: of SOURCE_DATE_EPOCH if that is set, as reproducible builds have it, else now.
  let date: String

  init(_ arguments: ParsedArguments, image: FilePath?) {
    label = arguments.value(.label) ?? image.flatMap(Self.commit)
    let told = Terminal.environment("SOURCE_DATE_EPOCH").flatMap { Int($0) }
    date = Self.text(told ?? SystemCalls.secondsSinceEpoch)
  }

  /// The commit of the repository around a file (gitrepository-layout(5): HEAD, refs, packed-refs).
  private static func commit(of file: FilePath) -> String? {
    guard let root = RepositoryRoot.find(from: file).folder else { return nil }
    var git = root.appending(FilePath(".git"))
    // A worktree has a file that names its folder.
    if let link = line(git), let folder = link.value(after: "gitdir: ") {
      git = root.appending(FilePath(folder))
    }
    guard let head = line(git.appending(FilePath("HEAD"))) else { return nil }
    guard let reference = head.value(after: "ref: ") else { return digits(head) }
    // A worktree shares the references of its repository.
    let shared = line(git.appending(FilePath("commondir"))).map { git.appending(FilePath($0)) }
    for folder in [git, shared].compactMap({ $0 }) {
      if let commit = line(folder.appending(FilePath(reference))) { return digits(commit) }
      if let packed = text(folder.appending(FilePath("packed-refs"))),
        let row = packed.split(separator: "\n").first(where: { $0.hasSuffix(" " + reference) })
      {
        return digits(String(row))
      }
    }
    return nil
  }

  private static func digits(_ text: String) -> String? {
    let digits = text.prefix { $0.isHexDigit }
    return digits.utf8.count >= 40 ? String(digits.prefix(12)) : nil
  }

  private static func line(_ path: FilePath) -> String? {
    text(path)?.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init)
  }

  private static func text(_ path: FilePath) -> String? {
    guard (try? SystemCalls.kind(of: path)) == .regular, let buffer = try? FileInput.read(path)
    else { return nil }
    return buffer.text(in: 0..<buffer.count)
  }

  /// Seconds since 1970 as UTC. Days are counted in eras of 400 years from the first of March on (Howard Hinnant,
  /// "chrono-compatible low-level date algorithms").
  static func text(_ seconds: Int) -> String {
    let time = max(0, seconds)
    let days = time / 86_400 + 719_468
    let era = days / 146_097
    let day = days % 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let ofMonth = ofYear - (153 * month + 2) / 5 + 1
    let calendar = month < 10 ? month + 3 : month - 9
    let rest = time % 86_400
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year + era * 400 + (calendar <= 2 ? 1 : 0))-\(two(calendar))-\(two(ofMonth))"
      + "T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }
}

extension String {
  /// What follows `prefix`; nil if the text does not begin with it.
  fileprivate func value(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
