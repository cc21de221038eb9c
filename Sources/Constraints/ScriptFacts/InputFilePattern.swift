// The file part of an input section description: `boot.o`, `*libc.a:memcpy.o`, `:boot.o`.

import LdsParser

/// Which files an input section description is about (ld manual, "Input Section Basics").
struct InputFilePattern: Sendable {
  /// What the pattern is compared with.
  enum Kind: Sendable {
    /// The name of a file, of an archive, or of a member of one (ldlang.c, walk_wild).
    case any(Glob)
    /// `archive:member`; an archive alone stands for all its members.
    case member(archive: Glob, member: Glob)
    /// `:file`: a file that is not in an archive.
    case loose(Glob)
  }

  /// The pattern as written.
  let text: [UInt8]
  /// What it is compared with.
  let kind: Kind

  /// Reads a pattern.
  init(_ text: [UInt8]) {
    self.text = text
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
      kind = .any(Glob(text))
      return
    }
    let (archive, member) = (Array(text[..<colon]), Array(text[(colon + 1)...]))
    if archive.isEmpty {
      kind = .loose(Glob(member))
    } else {
      kind = .member(archive: Glob(archive), member: Glob(member.isEmpty ? [0x2A] : member))
    }
  }

  /// Whether every file of `other` is one of these; "no" where that would take more than `steps`.
  func contains(_ other: InputFilePattern, steps: inout Int) -> Bool {
    switch (kind, other.kind) {
    case (.any(let outer), .any(let inner)), (.any(let outer), .loose(let inner)),
      (.loose(let outer), .loose(let inner)):
      outer.contains(inner, steps: &steps)
    case (.any(let outer), .member(let archive, let member)):
      outer.contains(archive, steps: &steps) || outer.contains(member, steps: &steps)
    case (.member(let archive, let member), .member(let innerArchive, let innerMember)):
      archive.contains(innerArchive, steps: &steps)
        && member.contains(innerMember, steps: &steps)
    case (.member, _), (.loose, _): false
    }
  }

  /// The stretches of bytes that it spells.
  var runs: [[UInt8]] {
    switch kind {
    case .any(let glob), .loose(let glob): glob.runs
    case .member(let archive, let member): archive.runs + member.runs
    }
  }
}
