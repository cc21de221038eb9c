// Which linker a line names as its printer: `ld: `, `/opt/x/bin/arm-none-eabi-ld.bfd: `, `C:/tools/bin/ld.exe: `,
// `ld.lld-19: `, `rust-lld: `, `mold: `.

/// The linkers whose messages are known.
public enum LinkerFamily: String, Sendable, CaseIterable {
  /// GNU ld; also whatever is installed as `ld`.
  case gnu = "ld"
  /// GNU gold.
  case gold
  /// LLVM's lld.
  case lld
  /// mold.
  case mold

  /// The linker that a program's name stands for; nil for other programs.
  ///
  /// - Parameter name: the last part of its path. A target in front (`arm-none-eabi-ld`), a version behind
  ///   (`ld-2.44`) and `.exe` do not count.
  public init?(program name: some Collection<UInt8>) {
    var name = String(decoding: name, as: UTF8.self)
    if name.hasSuffix(".exe") || name.hasSuffix(".EXE") { name.removeLast(4) }
    name = Self.withoutVersion(name)
    // GNU ld calls itself by the program that the system started: the dynamic loader, if that was asked to load it.
    if name.hasPrefix("ld-linux"), name.includes(".so.") || name.hasSuffix(".so") { name = "ld" }
    let family = Self.names.first { known in
      name == known.name || name.hasSuffix("-" + known.name)
    }
    guard let family else { return nil }
    self = family.family
  }

  /// `ld.lld` before `lld`: the longer name says more.
  private static let names: [(name: String, family: LinkerFamily)] = [
    ("ld", .gnu), ("ld.bfd", .gnu), ("ld.real", .gnu), ("ld-new", .gnu),
    ("ld.gold", .gold), ("gold", .gold),
    ("ld.lld", .lld), ("lld", .lld), ("ld64.lld", .lld), ("lld-link", .lld),
    ("ld.mold", .mold), ("mold", .mold), ("sold", .mold), ("ld.sold", .mold),
  ]

  /// `ld.lld-19` and `ld-2.44` without the number.
  private static func withoutVersion(_ name: String) -> String {
    guard let dash = name.lastIndex(of: "-") else { return name }
    let version = name[name.index(after: dash)...].utf8
    let isVersion =
      version.first.map(Self.isDigit) == true
      && version.allSatisfy { Self.isDigit($0) || $0 == UInt8(ascii: ".") }
    return isVersion ? String(name[..<dash]) : name
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

/// A line that begins with the linker that printed it.
struct PrintedBy {
  let family: LinkerFamily
  /// What follows the colon and its blanks.
  let rest: ArraySlice<UInt8>
  /// Whether the colon is followed by the message without a blank, as in `ld:xen.lds:22: ...`: GNU ld does that
  /// where the place in a script comes next.
  let isTight: Bool

  /// Nil if `line` does not begin so.
  init?(_ line: ArraySlice<UInt8>) {
    guard let colon = Self.colon(in: line) else { return nil }
    // PowerShell puts a blank behind the name: `ld.exe : cannot find -lm`.
    let path = Self.withoutBlank(line[..<colon])
    let name =
      path.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      .map { path[($0 + 1)...] } ?? path
    // A path may have blanks, a sentence that ends in 'ld:' is none.
    if path.contains(0x20), !LogPiece.isPath(path) { return nil }
    guard !name.isEmpty, !name.contains(0x20), let family = LinkerFamily(program: name) else {
      return nil
    }
    self.family = family
    let behind = line[(colon + 1)...]
    isTight = behind.first != 0x20 && !behind.isEmpty
    rest = behind.drop(while: LogPiece.isBlank)
  }

  private static func withoutBlank(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    path.suffix(5).elementsEqual(".exe ".utf8) ? path.dropLast() : path
  }

  /// A line of which somebody cut the name off.
  init(unnamed line: ArraySlice<UInt8>) {
    family = .gnu
    rest = line
    isTight = false
  }

  /// The first colon that is not that of `C:\`.
  private static func colon(in line: ArraySlice<UInt8>) -> Int? {
    let start = LogPiece.isDrivePath(line) ? line.startIndex + 2 : line.startIndex
    return line[start...].firstIndex(of: UInt8(ascii: ":"))
  }
}
