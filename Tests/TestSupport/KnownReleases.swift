// The releases of linkers that Tests/linkers fetches, each under its own name.

import Foundation
public import LdsParser
public import Testing

/// A release of a linker that may be there.
public struct KnownRelease: Sendable, CustomTestStringConvertible {
  /// Its name below the folder of linkers: `ld-2.44`, `lld-19`.
  public let name: String
  /// Whose rules it follows.
  public let dialect: LinkerDialect

  /// The program; nil if it is not there.
  public var path: String? {
    LinkerProgram.find([name], in: LinkerProgram.releaseFolders + LinkerProgram.searchPath)?.path
  }

  /// Its name.
  public var testDescription: String { name }

  /// GNU ld.
  public static let bfd = [35, 40, 44, 47].map {
    KnownRelease(name: "ld-2.\($0)", dialect: LinkerDialect(.bfd, LinkerVersion(2, $0)))
  }
  /// lld.
  public static let lld = [14, 16, 19, 21, 22].map {
    KnownRelease(name: "lld-\($0)", dialect: LinkerDialect(.lld, LinkerVersion($0)))
  }
  /// Both.
  public static let all = bfd + lld
}
