// The linker whose rules decide: a family and a release. What it does is asked of it; nobody else compares versions.

/// A linker of one release.
///
/// Two dialects are not compared with one another: who wants to know whether they differ asks both the same question
/// (``follows(_:)``). `dialect == .lld` asks for the family.
public struct LinkerDialect: Sendable, CustomStringConvertible {
  /// Linkers that share their sources.
  public enum Family: String, Sendable, Hashable, CaseIterable {
    /// GNU ld.
    case bfd
    /// LLVM's ld.lld.
    case lld
    /// mold, which takes no layout from a script.
    case mold
  }

  /// Whose sources.
  public let family: Family
  /// Which release.
  public let version: LinkerVersion

  /// The release `version` of a linker; without one the newest that is known here.
  public init(_ family: Family, _ version: LinkerVersion? = nil) {
    self.family = family
    self.version = version ?? family.newest
  }

  /// GNU ld, the newest release that is known here.
  public static let bfd = LinkerDialect(.bfd)
  /// lld, the newest release that is known here.
  public static let lld = LinkerDialect(.lld)
  /// mold, the newest release that is known here.
  public static let mold = LinkerDialect(.mold)

  /// `bfd@2.40`, `lld@19`
  public var description: String { "\(family.rawValue)@\(release)" }

  /// The release as people call it: `2.40`, `19`.
  public var release: String {
    family == .bfd ? version.description : String(version.major)
  }

  /// The linker in a sentence: `GNU ld 2.40`.
  public var name: String { "\(family.name) \(release)" }

  /// Whether no newer release is known here.
  public var isNewest: Bool { version >= family.newest }

  /// Whether the linker does what `rule` says.
  public func follows(_ rule: LinkerRule) -> Bool {
    switch family {
    case .bfd: rule.bfd.contains(version)
    case .lld: rule.lld.contains(version)
    case .mold: false
    }
  }

  /// Whose grammar scripts are read by: mold takes next to nothing of one, and how the rest reads is told by GNU ld.
  var reader: LinkerDialect { family == .mold ? .bfd : self }

  /// Whether the linker is of `family`.
  public static func == (dialect: LinkerDialect, family: Family) -> Bool {
    dialect.family == family
  }

  /// Whether the linker is of another family.
  public static func != (dialect: LinkerDialect, family: Family) -> Bool {
    dialect.family != family
  }

  /// What to know of a release that nobody has run: that the rules of its neighbours are taken; nil for the others.
  public var remark: String? {
    let known = family.tried
    guard let first = known.first, let last = known.last, !known.contains(tried) else { return nil }
    if tried > last {
      return "\(name) is newer than what is known here: read as \(family.name(last))"
    }
    if tried < first {
      return "\(name) is older than what is known here: read as \(family.name(first))"
    }
    let before = known.last { $0 < tried } ?? first
    let after = known.first { $0 > tried } ?? last
    return
      "\(name) has not been tried here; between \(family.text(before)) and \(family.text(after)) "
      + "commands are dated by the release notes, the rest is as in \(family.text(before))"
  }

  /// The release as the list of tried ones has it: lld's minor numbers do not count.
  private var tried: LinkerVersion {
    family == .bfd ? version : LinkerVersion(version.major)
  }
}

extension LinkerDialect.Family {
  /// The releases that were run, oldest first.
  public var tried: [LinkerVersion] {
    switch self {
    case .bfd: [35, 40, 44, 47].map { LinkerVersion(2, $0) }
    case .lld: (13...24).map { LinkerVersion($0) }
    case .mold: [LinkerVersion(1), LinkerVersion(3)]
    }
  }

  /// What is taken where no version is said.
  var newest: LinkerVersion { tried.last ?? LinkerVersion(0) }

  /// `GNU ld`
  public var name: String {
    switch self {
    case .bfd: "GNU ld"
    case .lld: "ld.lld"
    case .mold: "mold"
    }
  }

  fileprivate func text(_ version: LinkerVersion) -> String {
    self == .bfd ? version.description : String(version.major)
  }

  fileprivate func name(_ version: LinkerVersion) -> String { "\(name) \(text(version))" }
}
