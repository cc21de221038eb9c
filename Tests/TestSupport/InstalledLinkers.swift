// Which linkers the tests compare with: those that `LDS_LD` and `LDS_LLD` name, else the first of the PATH.

import Foundation
public import LdsParser

/// A linker that is there, and its release.
public struct InstalledLinker: Sendable, CustomStringConvertible {
  /// The program.
  public let path: String
  /// Its release: 2.40 of GNU ld, 14.0 of lld.
  public let version: LinkerVersion
  /// How it names itself, such as `GNU ld 2.40`.
  public let description: String

  /// The program at `path` if it runs and says that it is a linker of `dialect`.
  public init?(_ path: String, _ dialect: LinkerDialect.Family) {
    guard FileManager.default.isExecutableFile(atPath: path),
      let run = try? ExternalTool.run(path, ["--version"]), run.status == 0,
      let line = run.lines.first
    else { return nil }
    let words = line.split(separator: " ")
    // `GNU ld (GNU Binutils for Debian) 2.40.50.20230625`, `Debian LLD 14.0.6 (compatible with GNU linkers)`
    let word: Substring?
    switch dialect {
    case .bfd: word = line.hasPrefix("GNU ld") ? words.last : nil
    case .lld, .mold: word = words.firstIndex(of: "LLD").flatMap { words.dropFirst($0 + 1).first }
    }
    let numbers = (word ?? "").split(separator: ".").prefix(2).compactMap { Int($0) }
    guard numbers.count == 2 else { return nil }
    self.path = path
    version = LinkerVersion(numbers[0], numbers[1])
    description = "\(dialect == .bfd ? "GNU ld" : "ld.lld") \(numbers[0]).\(numbers[1])"
  }
}

/// The linkers of this run of the tests, each looked for once.
public enum InstalledLinkers {
  /// GNU ld: `LDS_LD`, else the first `ld.bfd` or `ld` of the PATH that is one.
  public static let bfd = choose(.bfd, "LDS_LD", ["ld.bfd", "ld"])
  /// lld: `LDS_LLD`, else the first `ld.lld` of the PATH.
  public static let lld = choose(.lld, "LDS_LLD", ["ld.lld"])

  /// The linker of a dialect.
  public static func of(_ dialect: LinkerDialect.Family) -> InstalledLinker? {
    dialect == .bfd ? bfd : lld
  }

  /// Whether GNU ld and the assembler that makes its objects are there.
  public static let canLink = bfd != nil && ExternalTool.path("as") != nil

  /// Whether the linker is there in a release whose semantics the tests state as numbers.
  public static func has(_ dialect: LinkerDialect.Family, from first: Int, _ minor: Int = 0) -> Bool
  {
    guard let linker = of(dialect) else { return false }
    return linker.version >= LinkerVersion(first, minor)
  }

  /// Folders in which programs are looked for.
  static let folders =
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    .map(String.init)

  /// A variable that names no linker of the dialect is a mistake of whoever set it: the tests then have none, rather
  /// than another.
  private static func choose(
    _ dialect: LinkerDialect.Family, _ variable: String, _ names: [String]
  ) -> InstalledLinker? {
    if let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty {
      return InstalledLinker(path, dialect)
    }
    for folder in folders {
      for name in names {
        if let linker = InstalledLinker("\(folder)/\(name)", dialect) { return linker }
      }
    }
    return nil
  }

  /// The PATH of programs that tests run: `ld`, `ld.bfd` and `ld.lld` are the chosen ones.
  static let searchPath: String = {
    let path = folders.joined(separator: ":")
    guard let shims else { return path }
    return "\(shims.path):\(path)"
  }()

  /// A folder with the chosen linkers under their usual names; gone when the tests end.
  private static let shims: TemporaryFolder? = {
    guard let folder = try? TemporaryFolder() else { return nil }
    for (name, linker) in [("ld", bfd), ("ld.bfd", bfd), ("ld.lld", lld)] {
      if let linker {
        try? FileManager.default.createSymbolicLink(
          atPath: folder.path(name), withDestinationPath: linker.path)
      }
    }
    atexit { InstalledLinkers.removeShims() }
    return folder
  }()

  private static func removeShims() {
    if let shims { try? FileManager.default.removeItem(atPath: shims.path) }
  }
}
