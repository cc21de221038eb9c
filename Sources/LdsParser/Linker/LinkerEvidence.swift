// Which linker made a file, as far as the file tells: "Linker: LLD 19.1.7" in .comment, the form of a map.

/// What a file tells of the linker that made it.
public struct LinkerEvidence: Sendable {
  /// The linker's family.
  public var family: LinkerDialect.Family
  /// The releases that fit; nil if the file tells the family only.
  public var span: LinkerRule.Span?
  /// What says it, as in "the file has ...".
  public var words: String

  /// Evidence for a linker.
  public init(_ family: LinkerDialect.Family, _ span: LinkerRule.Span? = nil, words: String) {
    self.family = family
    self.span = span
    self.words = words
  }

  /// Whether it names one release.
  public var isExact: Bool {
    if case .between(let first, let last)? = span { first == last } else { false }
  }

  /// The linker to take: the newest known release that fits.
  public var dialect: LinkerDialect {
    switch span {
    case .between(_, let last)?: LinkerDialect(family, last)
    case let span?: LinkerDialect(family, family.tried.last { span.contains($0) })
    case nil: LinkerDialect(family)
    }
  }

  /// The linker named in the text of `.comment`: `Linker: Debian LLD 19.1.7`, `mold 2.30.0 (compatible with GNU ld)`.
  init?(comment: ArraySlice<UInt8>) {
    for piece in comment.split(separator: 0) {
      let text = String(decoding: piece.prefix(200), as: UTF8.self)
      let words = text.split(separator: " ")
      for (name, family) in [("LLD", LinkerDialect.Family.lld), ("mold", .mold)] {
        guard let place = words.firstIndex(of: name[...]), place + 1 < words.count,
          let version = LinkerVersion(words[place + 1].prefix { $0.isNumber || $0 == "." })
        else { continue }
        self.init(family, .between(version, version), words: "'\(text)' in .comment")
        return
      }
    }
    return nil
  }
}
