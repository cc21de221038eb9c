// Finds the linkers of this machine and asks them for their release: those of the PATH, and others that lie under names
// such as `ld-2.47` or `lld-19` in a folder of their own.

import Foundation
public import LdsParser

/// A linker that is installed.
public struct LinkerProgram: Sendable, Hashable {
  /// Whose sources it is made of.
  public let family: LinkerDialect.Family
  /// The program.
  public let path: String
  /// Its release, as it says itself.
  public let version: LinkerVersion

  /// The program at `path`; nil if it is none of these linkers.
  public init?(asking path: String) {
    guard FileManager.default.isExecutableFile(atPath: path),
      let run = try? ProgramRun.tool(path, ["--version"]),
      let line = run.output.split(separator: "\n").first
    else { return nil }
    // `GNU ld (GNU Binutils for Debian) 2.40`, `Debian LLD 19.1.7 (compatible with GNU linkers)`
    let words = line.split(separator: " ")
    let number: Substring?
    if words.starts(with: ["GNU", "ld"]) {
      family = .bfd
      number = words.last
    } else if let place = words.firstIndex(of: "LLD"), place + 1 < words.count {
      family = .lld
      number = words[place + 1]
    } else {
      return nil
    }
    let parts = (number ?? "").split(separator: ".").compactMap { Int($0) }
    guard parts.count >= 2 else { return nil }
    version = LinkerVersion(parts[0], parts[1])
    self.path = path
  }

  /// Whose rules it follows.
  public var dialect: LinkerDialect { LinkerDialect(family, version) }

  /// Whether it is of the release on which the facts about its kind were measured.
  public var isMeasured: Bool {
    family == .bfd ? version == LinkerVersion(2, 40) : version.major == 21
  }

  /// The first of these names that is a program in these folders.
  static func find(_ names: [String], in folders: [String]) -> LinkerProgram? {
    for folder in folders {
      for name in names {
        if let found = LinkerProgram(asking: "\(folder)/\(name)") { return found }
      }
    }
    return nil
  }

  /// The folders of the PATH.
  static var searchPath: [String] {
    (variable("PATH") ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
  }

  /// Where releases lie that are not installed: `LDS_LINKERS`, and a folder of the cache.
  static var releaseFolders: [String] {
    let home = NSHomeDirectory()
    return [variable("LDS_LINKERS"), "\(home)/.cache/lds-check-linkers/bin"].compactMap { $0 }
  }

  static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// Which linker a run asks for.
public enum LinkerChoice: Sendable, Hashable, CustomStringConvertible {
  /// The installed one of a kind: what `LDS_LD` or `LDS_LLD` names, else the first in the PATH.
  case installed(LinkerDialect.Family)
  /// A release: `2.47`, `19`.
  case release(LinkerDialect.Family, String)
  /// A program.
  case program(String)

  /// `bfd`, `lld@19`, or a path.
  public init?(_ text: String) {
    if text.contains("/") {
      self = .program(text)
      return
    }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard let dialect = parts.first.flatMap({ LinkerDialect.Family(rawValue: String($0)) }),
      dialect != .mold
    else {
      return nil
    }
    switch parts.count {
    case 1: self = .installed(dialect)
    case 2 where !parts[1].isEmpty: self = .release(dialect, String(parts[1]))
    default: return nil
    }
  }

  /// As the command line has it.
  public var description: String {
    switch self {
    case .installed(let dialect): dialect.rawValue
    case .release(let dialect, let number): "\(dialect.rawValue)@\(number)"
    case .program(let path): path
    }
  }

  /// The program for a target; nil if there is none.
  public func program(for target: LinkTarget) -> LinkerProgram? {
    switch self {
    case .program(let path): return LinkerProgram(asking: path)
    case .release(let dialect, let number):
      return LinkerProgram.find(
        Self.names(dialect, number, target),
        in: LinkerProgram.releaseFolders + LinkerProgram.searchPath)
    case .installed(.lld): return Self.named("LDS_LLD") ?? Self.inPath(["ld.lld"])
    case .installed:
      guard !target.isHost else { return Self.named("LDS_LD") ?? Self.inPath(["ld.bfd", "ld"]) }
      let prefix = target.toolPrefix.split(separator: "/").last ?? ""
      return Self.inPath(["\(prefix)ld.bfd", "\(prefix)ld"])
    }
  }

  private static func named(_ variable: String) -> LinkerProgram? {
    LinkerProgram.variable(variable).flatMap { LinkerProgram(asking: $0) }
  }

  private static func inPath(_ names: [String]) -> LinkerProgram? {
    LinkerProgram.find(names, in: LinkerProgram.searchPath)
  }

  private static func names(
    _ dialect: LinkerDialect.Family, _ number: String, _ target: LinkTarget
  ) -> [String] {
    if dialect == .lld { return ["lld-\(number)", "ld.lld-\(number)"] }
    return target.isHost
      ? ["ld-\(number)", "ld.bfd-\(number)"] : ["ld-\(number)-\(target.machineName)"]
  }
}
